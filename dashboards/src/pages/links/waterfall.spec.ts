import { expect, test } from "vitest";
import type { Schemas } from "../../client/api";
import { words } from "../../words/words";
import { entryName } from "./entry";
import { span, stepsOf } from "./waterfall";

const field = (title: string, level: string | null, weight: number, total: number) => ({ id: title, title, level, says: "相同", m: 0.9, u: 0.01, weight, total });
const pair: Schemas["LinkPair"] = { a: "o1|arrest_review|号|1", b: "o2|trial|号|1", prior: -10, fields: [field("姓名", "same", 6.5, -3.5), field("出生日期", null, 0, -3.5), field("性别", "other", -4, -7.5)], frequency: 2, weight: -5.5, threshold: 3, band: "below", probability: null, refused: null };

test("the waterfall begins at the prior, steps through the fields and ends at the sum", () => {
  const steps = stepsOf(pair, words.zh);
  expect(steps.map((s) => [s.from, s.to])).toEqual([[0, -10], [-10, -3.5], [-3.5, -3.5], [-3.5, -7.5], [-7.5, -5.5], [0, -5.5]]);
  expect(steps[2]).toMatchObject({ says: words.zh.linkMissing, m: null, u: null });
  expect(span(steps, pair.threshold)).toEqual([-11, 4]);
});

test("an entry is named by its document and number; one outside the scope as it comes", () => {
  expect(entryName("o1|arrest_review|京检捕〔2025〕1号|2")).toBe("京检捕〔2025〕1号 · 2");
  expect(entryName("范围外")).toBe("范围外");
});
