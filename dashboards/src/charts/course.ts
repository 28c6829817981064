import type { EChartsOption } from "echarts";
import type { Schemas } from "../client/api";
import type { Palette } from "../shell/theme";
import { count, percent } from "../ui/format";
import { periodName } from "../ui/period";
import type { Language, Words } from "../words/words";
import { axisLook, tip, tipLook } from "./look";

/** An organ's own months with its own natural limits; months with a signal are ringed. */
export function courseOption(course: Schemas["Course"], lang: Language, w: Words, p: Palette): EChartsOption {
  const rate = course.indicator.form === "ratio";
  const say = (n: number) => (rate ? percent(n) : count(n));
  const signalled = new Map(course.signals.map((s) => [s.period, s.text[lang]]));
  const level = (y: number, name: string, type: "solid" | "dashed") => ({ yAxis: y, name, lineStyle: { color: p.soft, type, width: 1.2 } });
  return {
    grid: { left: 8, right: 22, top: 18, bottom: 6, containLabel: true },
    tooltip: {
      ...tipLook(p), trigger: "item",
      formatter: (hit) => {
        const one = Array.isArray(hit) ? hit[0] : hit;
        const period = (one?.data as { period?: string } | undefined)?.period;
        const point = course.points.find((c) => c.period === period);
        if (point === undefined) return "";
        const signal = signalled.get(point.period);
        return tip(periodName(point.period, lang), [[w.value, say(point.adjusted)], ...(signal === undefined ? [] : [[signal, ""] as const])]);
      },
    },
    xAxis: { type: "category", data: course.points.map((c) => c.period), ...axisLook(p), splitLine: { show: false } },
    yAxis: { type: "value", scale: true, ...axisLook(p), axisLabel: { color: p.soft, fontSize: 12, formatter: (n: number) => (rate ? percent(n, 0) : count(n)) }, min: (v) => Math.min(v.min, course.lower), max: (v) => Math.max(v.max, course.upper) },
    series: [{
      type: "line", color: p.hue, lineStyle: { width: 1.8 }, symbolSize: 6,
      data: course.points.map((c) => ({
        value: c.adjusted, period: c.period,
        ...(signalled.has(c.period) ? { symbol: "circle", symbolSize: 12, itemStyle: { color: p.card, borderColor: p.ink, borderWidth: 2.5 } } : { symbol: "circle" }),
      })),
      markLine: { silent: true, symbol: "none", label: { show: false }, data: [level(course.centre, w.courseCentre, "solid"), level(course.lower, w.courseLimits, "dashed"), level(course.upper, w.courseLimits, "dashed")] },
    }],
  };
}
