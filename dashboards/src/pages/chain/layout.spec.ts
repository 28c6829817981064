import { expect, test } from "vitest";
import type { Schemas } from "../../client/api";
import { arithmetic, baseShare, layOut, limitText, pausesOf } from "./layout";

const organ = (id: string, system: Schemas["OrganSystem"], order: number): Schemas["OrganRef"] => ({ id, name: id, system, level: "prefectural", region: "410300", order });
const event = (at: string, what: string, by: Schemas["OrganRef"], person: string | null = null): Schemas["ChainEvent"] => ({
  at: `${at}T00:00:00.000+08:00`, precision: "day", event: what, name: { zh: what, en: what }, ordinal: 0, organ: by, docket: "d", person, attributes: [], record_type: "case",
});
const step = (limit: string, from: string | null, due: string | null, stopped: string | null, records: string[] = []): Schemas["Step"] => ({
  phase: "p", name: { zh: "阶段：一；二。", en: "Phase: a; b." }, from, due, stopped, limit, outcome: "out_of_time", basis: "", records, arithmetic: [],
});
const verdict = (...steps: Schemas["Step"][]) => ({ person: "1", steps, finding: {} }) as unknown as Schemas["ChainVerdict"];
const police = organ("police", "police", 9);
const court = organ("court", "court", 1);

test("one line per organ in the order of a case's way, with dots that do not cover each other", () => {
  const line = layOut([event("2025-07-19", "a", police), event("2025-07-19", "b", police), event("2025-07-26", "c", court)], [], "2025-08-01");
  expect(line?.lanes.map((l) => l.organ.id)).toEqual(["police", "court"]);
  const [a, b] = line?.lanes[0]?.dots ?? [];
  expect(a?.x).toBe(b?.x);
  expect(Math.abs((a?.y ?? 0) - (b?.y ?? 0))).toBeGreaterThanOrEqual(20);
  expect(line?.lanes[1]?.dots[0]?.number).toBe(3);
});

test("a bar shows limit, extension, and the part beyond the due day", () => {
  const line = layOut([event("2025-09-24", "trial_first.filed", court)], [verdict(step("P3M", "2025-09-24", "2025-12-24", "2026-01-28"), step("P7D", null, null, null))], "2026-06-30");
  const [bar] = line?.bars ?? [];
  expect(line?.bars).toHaveLength(1);
  expect(bar?.over).toBe(true);
  expect(bar !== undefined && bar.from < bar.due && bar.due < bar.end).toBe(true);
  expect(line?.asOf).toBeNull();
  expect(baseShare("P1M+P15D")).toBeCloseTo(2 / 3);
  expect(baseShare("")).toBe(1);
});

test("an open limit runs to the legal day of the run", () => {
  const [bar] = layOut([], [verdict(step("P7D", "2026-06-22", "2026-06-29", null))], "2026-06-30")?.bars ?? [];
  expect([bar?.running, bar?.over]).toEqual([true, true]);
});

test("suspensions are taken from the events and end with the bar", () => {
  const events = [event("2026-01-01", "trial_first.suspended", court), event("2026-01-11", "trial_first.resumed", court), event("2026-02-01", "trial_first.suspended", court)];
  expect(pausesOf(events, 20500).map(([a, b]) => b - a)).toEqual([10, 20500 - 20485]);
  expect(layOut([], [], null)).toBeNull();
});

test("limits and sentences are taken apart for reading", () => {
  const say = { month: (n: number) => `${String(n)}个月`, day: (n: number) => `${String(n)}日`, hour: (n: number) => `${String(n)}小时`, plus: (t: string) => `另加${t}` };
  expect(limitText("P1M+P15D", say)).toBe("1个月，另加15日");
  expect(limitText("P0DT24H", say)).toBe("24小时");
  expect(arithmetic("审查批捕：自2026-06-22起算；届满日2026-06-29；结论：疑似不符，待核查。")).toEqual({ phase: "审查批捕", lines: ["自2026-06-22起算", "届满日2026-06-29", "结论：疑似不符，待核查"] });
  expect(arithmetic("Review: from a; due b.").lines).toEqual(["from a", "due b"]);
});
