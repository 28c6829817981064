import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { periodEnd, periodKindOf, periodKinds, periodName, quarterOf } from "./period";

test("periods read as people say them", () => {
  expect(periodName("2026-06", "zh")).toBe("2026年6月");
  expect(periodName("2026-06", "zh", "ytd")).toBe("2026年1—6月");
  expect(periodName("2026-01", "zh", "ytd")).toBe("2026年1月");
  expect(periodName("2026-06", "en", "ytd")).toBe("Jan–Jun 2026");
  expect(periodName("2026Q2", "zh")).toBe("2026年第二季度");
  expect(periodName("2021Q1-Q3", "zh")).toBe("2021年前三季度");
  expect(periodName("2026H1", "zh")).toBe("2026年上半年");
  expect(periodName("2026", "en")).toBe("2026");
  expect(periodName("unknown", "zh")).toBe("unknown");
});

test("published periods end on their last day", () => {
  expect(periodEnd("2020H1")).toBe("2020-06-30");
  expect(periodEnd("2021Q1-Q3")).toBe("2021-09-30");
  expect(periodEnd("2024")).toBe("2024-12-31");
  expect(periodEnd("spring")).toBe("");
  expect([quarterOf("2026-01-01"), quarterOf("2025-10-01")]).toEqual(["2026Q1", "2025Q4"]);
});

test("names are those of the warehouse's calendar", () => {
  const calendar = readFileSync("../jobs/indicator/testdata/golden/periods.tsv", "utf8").trim().split("\n").map((line) => line.split("\t"));
  expect([...new Set(calendar.map((c) => c[0]))].toSorted()).toEqual([...periodKinds].toSorted());
  for (const [kind = "", period = "", , , , , zh, en] of calendar) {
    expect([periodName(period, "zh", periodKindOf(kind, "month")), periodName(period, "en", periodKindOf(kind, "month"))]).toEqual([zh, en]);
  }
});
