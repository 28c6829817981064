import { expect, test } from "vitest";
import type { Schemas } from "../../client/api";
import { words } from "../../words/words";
import { matrix } from "./checks";
import { questions } from "./senders";

const text = (zh: string) => ({ zh, en: zh });
const type = { type: "case", name: text("案件") };
const check = (change: Partial<Schemas["QualityCheck"]>): Schemas["QualityCheck"] => ({ record_type: type, check: "non_null", check_text: text("字段已填写"), field: "", field_name: text(""), sender: "", organ: null, month: null, bad: 0, total: 0, value: 0, expected: 0, state: "ok", reason: text(""), at: "", ...change });

test("the matrix adds the summaries of all fields and counts exemptions apart", () => {
  const { kinds, rows } = matrix([check({ field: "a", bad: 2, total: 10 }), check({ field: "b", total: 5 }), check({ sender: "X", state: "breached", bad: 30, total: 40 }), check({ sender: "Y", state: "exempt", bad: 31, total: 40 })]);
  expect(kinds).toHaveLength(1);
  expect(rows[0]?.cells.get("non_null")).toEqual({ bad: 2, total: 15, exempt: 1 });
});

test("a sender is asked for what is missing, with the remedy of each refusal", () => {
  const counts = { read: 5, refused: 2, missing: 3, breached: 1, exempt: 0, last: "" };
  const organ = { id: "o", name: "某市公安局", system: "police" as const, level: "prefectural" as const, region: "330100", order: 1 };
  const sender = { sender: "GA", organ, ...counts, parts: [{ record_type: type, ...counts, reasons: [{ reason: "not_a_date", field: "opened_on", count: 2 }] }] };
  const refusals = [{ record_type: type, reason: "not_a_date", reason_text: text("不是日期"), remedy: text("改为 YYYY-MM-DD。"), field: "opened_on", field_name: text("立案日"), count: 2, senders: 1 }];
  expect(questions(sender, refusals, "zh", words.zh)).toEqual(["补发 案件 缺少的 3 个编号", "案件：不是日期（立案日）2 条。改为 YYYY-MM-DD。", "核对 案件 的 1 项检核"]);
  expect(questions({ ...sender, parts: [] }, refusals, "zh", words.zh)).toEqual([]);
});
