import { expect, test } from "vitest";
import { fits, spell } from "./pinyin";
import { OrganTree, type Organ } from "./tree";

const organ = (id: string, name: string, parent: string | null, order: number): Organ => ({
  id, name, parent, order, code: id, system: "procuratorate", level: "county", kind: "regular", region: "330000", supervised_by: null, valid_to: null, successor: null, in_scope: true,
});
const tree = new OrganTree([
  organ("n", "最高人民检察院", null, 1), organ("zj", "浙江省人民检察院", "n", 2), organ("hz", "杭州市人民检察院", "zj", 3), organ("nb", "宁波市人民检察院", "zj", 4), organ("cq", "重庆市人民检察院", "n", 5),
]);

test("the tree shows what is open, in administrative order", () => {
  expect(tree.rows(new Set()).map((r) => r.organ.id)).toEqual(["n"]);
  expect(tree.rows(new Set(["n", "zj"])).map((r) => `${String(r.depth)}${r.organ.id}`)).toEqual(["0n", "1zj", "2hz", "2nb", "1cq"]);
  expect(tree.path("hz").map((o) => o.id)).toEqual(["n", "zj", "hz"]);
  expect(tree.led("zj")).toHaveLength(2);
});

test("an organ whose leader is out of scope is a root", () => {
  expect(new OrganTree([organ("hz", "杭州市人民检察院", "zj", 3)]).rows(new Set())[0]?.organ.id).toBe("hz");
});

test("names are found by characters, syllables and initials", () => {
  const hz = spell("杭州市人民检察院");
  for (const typed of ["杭州", "hangzhou", "hz", "zhou shi", "HZS"]) expect(fits(hz, typed), typed).toBe(true);
  for (const typed of ["杭县", "angzhou", "hj"]) expect(fits(hz, typed), typed).toBe(false);
  expect(fits(spell("重庆市人民检察院"), "chongqing")).toBe(true);
  expect(tree.found((o) => fits(spell(o.name), "zj"), 10).map((r) => r.organ.id)).toEqual(["zj"]);
});
