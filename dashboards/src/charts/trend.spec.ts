import { expect, test } from "vitest";
import type { Schemas } from "../client/api";
import type { Palette } from "../shell/theme";
import { words } from "../words/words";
import { funnelOption } from "./funnel";
import { publishedRates, trendOption } from "./trend";

const palette: Palette = { ink: "#000", soft: "#555", line: "#ddd", card: "#fff", hue: "#00f", hue2: "#840", hueSoft: "#eef" };
const organ: Schemas["OrganRef"] = { id: "o1", name: "浙江省人民检察院", system: "procuratorate", level: "provincial", region: "330000", order: 1 };
const value = (period: string, to: string, amount: number | null, note = ""): Schemas["Value"] => ({
  organ, period_kind: "quarter", period, period_name: { zh: period, en: period }, period_before: "", period_from: to, period_to: to, coverage: "closure", edition: "", dim: "", note,
  figure: { num: "1", den: "4", n: 4, undetermined: 0, value: amount, status: "value", printed: "" },
});
const published = (period: string, unit: string): Schemas["OfficialFigure"] => ({
  edition: "e", measure: "m", name: "不捕率", period, printed: "22.2%", low: "22.15", high: "22.25", unit, confirmed: true, source: "s", recomputed: null, difference: null, reproduced: "not_applicable", reason: null,
});

test("the trend draws the server's values and breaks where there is none", () => {
  const option = trendOption([{ name: "x", values: [value("2026Q1", "2026-03-31", 0.25), value("2026Q2", "2026-06-30", null, "incomplete")] }], [], "ratio", "zh", words.zh, palette);
  const series = option.series as { type: string; data: { value: unknown[]; symbol: string }[] }[];
  expect(series).toHaveLength(1);
  expect(series[0]?.data.map((d) => d.value)).toEqual([["2026-03-31", 25], ["2026-06-30", null]]);
  expect(series[0]?.data[1]?.symbol).toBe("emptyCircle");
});

test("published figures are a series of their own, and only rates stand beside rates", () => {
  expect(publishedRates([published("2020H1", "percent"), published("2020H1", "person"), published("spring", "percent")])).toHaveLength(1);
  const option = trendOption([], [published("2020Q1-Q3", "percent")], "ratio", "zh", words.zh, palette);
  const series = option.series as { type: string; name: string; data: { value: unknown[] }[] }[];
  expect(series.map((s) => [s.type, s.name])).toEqual([["scatter", words.zh.officialSeries]]);
  expect(series[0]?.data[0]?.value[0]).toBe("2020-09-30");
});

test("the funnel takes limits from the server and marks the chosen organ", () => {
  const point = (id: string, den: string, lower: number | null): Schemas["ComparisonPoint"] => ({ organ: { ...organ, id }, num: "1", den, value: 0.5, centre: 0.4, lower, upper: lower, z: null, position: "within", note: "", method: "proportion", chance: lower === null ? null : { lower95: lower, upper95: 0.6, lower998: 0.05, upper998: 0.7 }, wide: null, q: null, notable: false, reason: null, mix: null });
  const option = funnelOption([point("a", "30", 0.1), point("b", "10", null)], new Set(["a"]), true, words.zh, palette);
  const series = option.series as { name: string; data: unknown[] }[];
  const of = (name: string) => series.find((s) => s.name === name)?.data;
  expect(series.filter((s) => s.name === words.zh.limits95).map((s) => s.data)).toEqual([[[30, 10]], [[30, 60]]]);
  expect(of(words.zh.highlighted)).toHaveLength(1);
  expect(of(words.zh.otherOrgans)).toHaveLength(1);
});
