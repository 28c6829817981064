import { expect, test } from "vitest";
import { balanced, streamParts } from "./arrival";

const fate = { record_type: { type: "case", name: { zh: "案件", en: "Docket" } }, read: 10, accepted: 9, quarantined: 1, applied: 5, duplicate: 1, superseded: 1, conflict: 1, waiting: 1 };

test("a row balances only when both identities hold", () => {
  expect(balanced(fate)).toBe(true);
  expect(balanced({ ...fate, read: 11 })).toBe(false);
  expect(balanced({ ...fate, waiting: 0 })).toBe(false);
});

test("a stream's name is read by topic and partition", () => {
  expect(streamParts("kafka:embedded-9702b031/hj.case/1/0")).toEqual({ topic: "hj.case", partition: "1/0" });
  expect(streamParts("file:official")).toEqual({ topic: "file:official", partition: "" });
});
