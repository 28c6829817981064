import { expect, test } from "vitest";
import { words } from "./words";

test("both languages have the same keys", () => {
  expect(Object.keys(words.en).sort()).toEqual(Object.keys(words.zh).sort());
});
