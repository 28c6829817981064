import { useEffect, useState, useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";
const themes: readonly Theme[] = ["system", "light", "dark"];

/** The chosen theme, kept by the browser; the system's own unless chosen. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => themes.find((t) => t === localStorage.getItem("theme")) ?? "system");
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    localStorage.setItem("theme", theme);
  }, [theme]);
  return [theme, setTheme];
}

function watch(changed: () => void): () => void {
  const seen = new MutationObserver(changed);
  seen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const media = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];
  for (const m of media) m.addEventListener("change", changed);
  return () => {
    seen.disconnect();
    for (const m of media) m.removeEventListener("change", changed);
  };
}

/** The colours of charts as the style sheet resolves them now, as one text that changes with the theme. */
export function usePalette(): Palette {
  const text = useSyncExternalStore(watch, () => {
    const style = getComputedStyle(document.documentElement);
    return colours.map((name) => style.getPropertyValue(`--${name}`)).join("|");
  });
  const [ink = "", soft = "", line = "", card = "", hue = "", hue2 = "", hueSoft = ""] = text.split("|");
  return { ink, soft, line, card, hue, hue2, hueSoft };
}

const colours = ["ink", "soft", "line", "card", "hue", "hue-2", "hue-soft"] as const;

export interface Palette {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly card: string;
  readonly hue: string;
  readonly hue2: string;
  readonly hueSoft: string;
}
