import type { EChartsOption } from "echarts";
import type { Schemas } from "../client/api";
import type { Palette } from "../shell/theme";
import { count, percent } from "../ui/format";
import { positionWords } from "../ui/position";
import type { Words } from "../words/words";
import { axisLook, tip, tipLook } from "./look";

type Point = Schemas["ComparisonPoint"];

/** The limits an organ is held to: with the spread between organs where there is one, else by chance alone. */
export function limitsOf(one: Point): Schemas["ControlLimits"] | null {
  return one.wide ?? one.chance;
}

/** A funnel: each organ by its denominator, with the limits that the server computed for it; lines only where one group has one centre. */
export function funnelOption(points: readonly Point[], marked: ReadonlySet<string>, single: boolean, w: Words, p: Palette): EChartsOption {
  const shown = points.filter((one) => one.value !== null).toSorted((a, b) => Number(a.den) - Number(b.den));
  const limit = (of: (one: Point) => number | null) => shown.flatMap((one) => {
    const rate = of(one);
    return rate === null ? [] : [[Number(one.den), rate * 100]];
  });
  const line = (name: string, data: number[][], type: "solid" | "dashed" | "dotted") => ({ type: "line" as const, name, data, showSymbol: false, silent: true, z: 1, color: p.soft, lineStyle: { width: 1.2, type, color: p.soft } });
  const dots = (which: (one: Point) => boolean, name: string, size: number, style: object, z: number) => ({
    type: "scatter" as const, name, symbolSize: size, itemStyle: style, z,
    data: shown.filter(which).map((one) => ({ value: [Number(one.den), Number(one.value) * 100], said: one })),
  });
  return {
    grid: { left: 8, right: 24, top: 18, bottom: 26, containLabel: true },
    tooltip: {
      ...tipLook(p), trigger: "item",
      formatter: (hit) => {
        const one = Array.isArray(hit) ? hit[0] : hit;
        const said = (one?.data as { said?: Point } | undefined)?.said;
        if (said === undefined) return "";
        return tip(said.organ.name, [[w.value, percent(said.value)], [`${w.numerator} / ${w.denominator}`, `${count(said.num)} / ${count(said.den)}`], [w.limits95, said.lower === null ? "—" : `${percent(said.lower)} – ${percent(said.upper)}`], [w.position, w[positionWords[said.position]]]]);
      },
    },
    xAxis: { type: "value", name: w.denominator, nameLocation: "middle", nameGap: 28, ...axisLook(p), splitLine: { show: false } },
    yAxis: { type: "value", scale: true, ...axisLook(p), axisLabel: { color: p.soft, fontSize: 12, formatter: (n: number) => percent(n / 100, 0) } },
    series: [
      ...(single ? [
      line(w.centre, limit((one) => one.centre), "solid"),
      line(w.limits95, limit((one) => limitsOf(one)?.lower95 ?? null), "dashed"),
      line(w.limits95, limit((one) => limitsOf(one)?.upper95 ?? null), "dashed"),
      line(w.limits998, limit((one) => limitsOf(one)?.lower998 ?? null), "dotted"),
      line(w.limits998, limit((one) => limitsOf(one)?.upper998 ?? null), "dotted"),
      ] : []),
      dots((one) => !marked.has(one.organ.id) && !one.notable, w.otherOrgans, 9, { color: p.hue, opacity: 0.6 }, 3),
      dots((one) => !marked.has(one.organ.id) && one.notable, w.notable, 12, { color: p.card, borderColor: p.ink, borderWidth: 2.5 }, 4),
      dots((one) => marked.has(one.organ.id), w.highlighted, 13, { color: p.ink, borderColor: p.card, borderWidth: 2 }, 4),
    ],
  };
}
