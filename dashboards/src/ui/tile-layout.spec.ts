import { expect, test } from "vitest";
import { islands, places } from "./tile-layout";

test("34 units and the South China Sea islands stand on places of their own", () => {
  const all = [...Object.values(places), islands].map((p) => p.join(","));
  expect(Object.keys(places)).toHaveLength(34);
  expect(new Set(all).size).toBe(35);
});
