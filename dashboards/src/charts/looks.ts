import type { EChartsOption } from "echarts";
import type { Schemas } from "../client/api";
import type { Palette } from "../shell/theme";
import { count, minute } from "../ui/format";
import type { Words } from "../words/words";
import { axisLook, tip, tipLook } from "./look";

/** Sums of one look: checks not passed, checks exempted, numbers of senders that never arrived. */
export function lookSums(look: Schemas["QualityLook"]): { breached: number; exempt: number; missing: number } {
  return { breached: look.checks.reduce((sum, c) => sum + c.breached, 0), exempt: look.checks.reduce((sum, c) => sum + c.exempt, 0), missing: look.missing };
}

/** What each look found, over time: not passed solid, exempted dashed, missing numbers dotted. */
export function looksOption(looks: readonly Schemas["QualityLook"][], w: Words, p: Palette): EChartsOption {
  const times = looks.toReversed();
  const sums = times.map(lookSums);
  const line = (name: string, data: number[], color: string, type: "solid" | "dashed" | "dotted") => ({ type: "line" as const, name, data, color, symbolSize: 6, symbol: "circle", lineStyle: { width: 1.8, type } });
  return {
    grid: { left: 8, right: 40, top: 18, bottom: 6, containLabel: true },
    tooltip: {
      ...tipLook(p), trigger: "axis",
      formatter: (hit) => {
        const all = Array.isArray(hit) ? hit : [hit];
        return tip(minute(times[all[0]?.dataIndex ?? 0]?.at), all.map((one) => [one.seriesName ?? "", count(one.value as number)] as const));
      },
    },
    xAxis: { type: "category", boundaryGap: false, data: times.map((l) => minute(l.at)), ...axisLook(p), splitLine: { show: false }, axisLabel: { color: p.soft, fontSize: 12, hideOverlap: true, alignMinLabel: "left", alignMaxLabel: "right" } },
    yAxis: { type: "value", minInterval: 1, ...axisLook(p) },
    series: [
      line(w.breachedQuick, sums.map((s) => s.breached), p.hue, "solid"),
      line(w.stateExempt, sums.map((s) => s.exempt), p.soft, "dashed"),
      line(w.missingNumbers, sums.map((s) => s.missing), p.ink, "dotted"),
    ],
  };
}
