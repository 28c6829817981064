import { expect, test } from "vitest";
import { fill, parts, words } from "./words";

test("every word has both languages and stands in one part alone", () => {
  const keys = parts.flatMap((part) => Object.keys(part));
  expect(new Set(keys).size).toBe(keys.length);
  for (const part of parts) {
    for (const [key, [zh, en]] of Object.entries(part)) {
      expect(zh, key).not.toBe("");
      expect(en, key).not.toBe("");
      if (key !== "languageSwitch") expect(en, `${key}: the English word is Chinese`).not.toMatch(/^[\u4e00-\u9fff]+$/);
    }
  }
});

test("both languages name the same places", () => {
  const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  for (const key of Object.keys(words.zh) as (keyof typeof words.zh)[]) {
    expect(places(words.en[key]), key).toEqual(places(words.zh[key]));
  }
});

test("no page calls a verdict unlawful", () => {
  for (const word of Object.values(words.zh)) {
    expect(word.replace("纠正违法通知书", "")).not.toContain("违法");
  }
});

test("fill puts values into their places and leaves unknown ones", () => {
  expect(fill("{a} of {b}", { a: 1 })).toBe("1 of {b}");
});
