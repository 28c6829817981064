import { expect, test } from "vitest";
import { count, figure, minute, percent, signed, unitName } from "./format";

const base = { num: "1", den: "8", n: 8, undetermined: 0, status: "value" as const, printed: "" };

test("figures follow the form of their indicator", () => {
  expect(figure({ ...base, value: 0.125 }, "ratio")).toBe("12.5\u202f%");
  expect(figure({ ...base, value: 12345 }, "count")).toBe("12,345");
  expect(figure({ ...base, value: null }, "ratio")).toBe("—");
  expect(figure(null, "count")).toBe("—");
});

test("numbers", () => {
  expect(count("1234567")).toBe("1,234,567");
  expect(count(null)).toBe("—");
  expect(percent(1)).toBe("100.0\u202f%");
  expect(signed(-1.26)).toBe("−1.3");
  expect(signed(0.04)).toBe("0.0");
  expect(signed(2)).toBe("+2.0");
  expect(minute("2026-11-25T03:45:30.844+08:00")).toBe("2026-11-25 03:45");
  expect(unitName("人", "en")).toBe("persons");
  expect(unitName("%", "zh")).toBe("%");
});
