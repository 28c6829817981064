import type { EChartsOption } from "echarts";
import type { Schemas } from "../client/api";
import type { Palette } from "../shell/theme";
import { count, figure, percent } from "../ui/format";
import { periodEnd, periodName } from "../ui/period";
import type { Language, Words } from "../words/words";
import { axisLook, tip, tipLook } from "./look";

/** One line of the chart: an organ's own values of one part, in order of time. */
export interface Line {
  readonly name: string;
  readonly values: readonly Schemas["Value"][];
}

/** The published rates that can stand beside computed ones: only rates, at the end of their period. */
export function publishedRates(official: readonly Schemas["OfficialFigure"][]): readonly Schemas["OfficialFigure"][] {
  return official.filter((o) => o.unit === "percent" && periodEnd(o.period) !== "");
}

/** Values over time as the server computed them; published figures as points of their own. */
export function trendOption(lines: readonly Line[], official: readonly Schemas["OfficialFigure"][], form: Schemas["IndicatorForm"], lang: Language, w: Words, p: Palette): EChartsOption {
  const rate = form === "ratio";
  const shades = [p.hue, p.soft, p.ink, p.hue2];
  const dashes = ["solid", "dashed", "dotted"] as const;
  const at = (v: Schemas["Value"]) => ({
    value: [v.period_to, v.figure.value === null ? null : rate ? v.figure.value * 100 : v.figure.value] as [string, number | null],
    symbol: v.note === "incomplete" ? "emptyCircle" : "circle",
    said: v,
  });
  return {
    grid: { left: 8, right: 22, top: 18, bottom: 6, containLabel: true },
    tooltip: {
      ...tipLook(p), trigger: "item",
      formatter: (hit) => {
        const one = Array.isArray(hit) ? hit[0] : hit;
        const data = one?.data as { said?: Schemas["Value"]; printed?: Schemas["OfficialFigure"] } | undefined;
        if (data?.printed !== undefined) return tip(periodName(data.printed.period, lang), [[data.printed.name, data.printed.printed], [w.officialSeries, ""]]);
        if (data?.said === undefined) return "";
        const { said } = data;
        return tip(periodName(said.period, lang, said.period_kind) + (said.note === "incomplete" ? ` (${w.incomplete})` : ""), [
          [one?.seriesName ?? "", figure(said.figure, form)],
          ...(said.figure.den === null ? [] : [[`${w.numerator} / ${w.denominator}`, `${count(said.figure.num)} / ${count(said.figure.den)}`] as const]),
        ]);
      },
    },
    xAxis: { type: "time", boundaryGap: ["3%", "3%"], ...axisLook(p), splitLine: { show: false }, axisLabel: { color: p.soft, fontSize: 12, formatter: { year: "{yyyy}", month: "{yyyy}-{MM}", day: "" }, hideOverlap: true } },
    yAxis: { type: "value", scale: true, ...axisLook(p), axisLabel: { color: p.soft, fontSize: 12, formatter: (n: number) => (rate ? percent(n / 100, 0) : count(n)) } },
    series: [
      ...lines.map((line, i) => ({
        type: "line" as const, name: line.name, data: line.values.map(at), symbolSize: 6, connectNulls: false,
        color: shades[i % shades.length] ?? p.hue, lineStyle: { width: 2, type: dashes[Math.floor(i / shades.length) % dashes.length] ?? "solid" },
      })),
      ...(official.length === 0 ? [] : [{
        type: "scatter" as const, name: w.officialSeries, symbol: "diamond", symbolSize: 12, itemStyle: { color: "transparent", borderColor: p.hue2, borderWidth: 1.6 },
        data: official.map((o) => ({ value: [periodEnd(o.period), (Number(o.low) + Number(o.high)) / 2], printed: o })),
      }]),
    ],
  };
}
