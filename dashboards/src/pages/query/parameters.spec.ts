import { expect, test } from "vitest";
import { schemaOf } from "./editor";
import { placesOf } from "./parameters";

test("places are found once, and not in text or comments", () => {
  expect(placesOf("SELECT {day:Date}, '{no:String}' -- {no:UInt8}\n/* {no:UInt8} */ WHERE a = {day:Date} AND b IN {ids:Array(String)}")).toEqual([{ name: "day", type: "Date" }, { name: "ids", type: "Array(String)" }]);
  expect(placesOf("SELECT 1")).toEqual([]);
});

test("completion knows the views by their schema", () => {
  const schema = schemaOf([{ name: "v.arrest_review", title: { zh: "审查逮捕", en: "Arrest review" }, columns: [{ name: "decision", type: "String", title: { zh: "决定", en: "Decision" } }] }], "zh");
  expect(schema.v["arrest_review"]?.[0]).toMatchObject({ label: "decision", detail: "决定 String" });
});
