import { expect, test } from "vitest";
import { figure } from "./format";

const base = { num: "1", den: "8", n: 8, undetermined: 0, status: "value" as const, printed: "" };
test("formats", () => {
  expect(figure({ ...base, value: 0.125 }, "ratio")).toBe("12.5%");
  expect(figure({ ...base, value: 12345 }, "count")).toBe("12,345");
  expect(figure({ ...base, value: null }, "ratio")).toBe("—");
});
