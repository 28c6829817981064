import { expect, test } from "vitest";
import { depthOf, islands, places, shortName } from "./tile-layout";

test("34 units and the South China Sea islands stand on places of their own", () => {
  const all = [...Object.values(places), [...islands, 2]].flatMap(([column = 0, row = 0, width = 1]) => Array.from({ length: width }, (_, i) => `${String(column + i)},${String(row)}`));
  expect(Object.keys(places)).toHaveLength(34);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toHaveLength(39);
});

test("names are short where that is usual and full where it is due", () => {
  expect(["浙江省", "新疆维吾尔自治区", "内蒙古自治区", "上海市", "台湾省", "香港特别行政区"].map(shortName)).toEqual(["浙江", "新疆", "内蒙古", "上海", "台湾省", "香港特别行政区"]);
});

test("depth is the size of a deviation in either direction, and bounded", () => {
  expect(depthOf(-2)).toBe(depthOf(2));
  expect(depthOf(null)).toBe(0);
  expect(depthOf(40)).toBe(84);
});
