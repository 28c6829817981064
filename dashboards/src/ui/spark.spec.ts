import { expect, test } from "vitest";
import { sparkPath } from "./spark";

test("a line breaks where a value is missing and stays in its box", () => {
  const { line, last } = sparkPath([1, null, 3, 2]);
  expect(line.match(/M/g)).toHaveLength(2);
  expect(last?.[0]).toBe(195);
  expect(sparkPath([null]).last).toBeNull();
  expect(sparkPath([5, 5]).line).toBe("M2.0 20.0L195.0 20.0");
});
