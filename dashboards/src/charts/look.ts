import type { Palette } from "../shell/theme";

/** Axes, grid and hint box as all charts have them. */
export function axisLook(p: Palette) {
  return {
    axisLine: { lineStyle: { color: p.line } },
    axisTick: { show: false },
    axisLabel: { color: p.soft, fontSize: 12 },
    splitLine: { lineStyle: { color: p.line, type: "dashed" as const } },
    nameTextStyle: { color: p.soft, fontSize: 12 },
  };
}

export function tipLook(p: Palette) {
  return { backgroundColor: p.card, borderColor: p.line, borderWidth: 1, padding: [7, 11], confine: true, textStyle: { color: p.ink, fontSize: 13 } };
}

/** The box beside the pointer, built of elements so that no inline style is needed. */
export function tip(title: string, lines: readonly (readonly [string, string])[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "tip";
  const head = document.createElement("b");
  head.textContent = title;
  box.append(head);
  for (const [name, value] of lines) {
    const line = document.createElement("span");
    const left = document.createElement("span");
    const right = document.createElement("span");
    left.textContent = name;
    right.textContent = value;
    line.append(left, right);
    box.append(line);
  }
  return box;
}
