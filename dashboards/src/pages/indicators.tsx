import type { Schemas } from "../client/api";
import { useIndicators } from "../client/asks";
import { PageHead } from "../shell/head";
import { LinkTo, useAddress } from "../ui/address";
import { unitName } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../ui/parts";
import { useLang, useWords } from "../words/lang";
import type { Word } from "../words/words";

type Indicator = Schemas["Indicator"];

/** The lines of supervision by the letters that an indicator's id begins with, in the order of a case's way. */
const sections: Readonly<Record<string, Word>> = {
  AR: "sectionAR", PR: "sectionPR", PL: "sectionPL", SV: "sectionSV", TR: "sectionTR", EX: "sectionEX", JZ: "sectionJZ", CI: "sectionCI", AD: "sectionAD", PI: "sectionPI", JV: "sectionJV", PT: "sectionPT", SU: "sectionSU", RJ: "sectionRJ", DQ: "sectionDQ",
};

/** Groups the catalogue by line of supervision; what has no line of its own stands last. */
export function bySection(all: readonly Indicator[]): readonly (readonly [Word, readonly Indicator[]])[] {
  const lettersOf = (i: Indicator) => /^[A-Z]+/.exec(i.id)?.[0] ?? "";
  const known = Object.entries(sections).map(([letters, word]) => [word, all.filter((i) => lettersOf(i) === letters)] as const);
  const other = all.filter((i) => !(lettersOf(i) in sections));
  return [...known, ["sectionOther", other] as const].filter(([, group]) => group.length > 0);
}

/** Whether an indicator answers to what was typed: its id, its names, its legal basis. */
export function answersTo(i: Indicator, typed: string): boolean {
  const text = typed.trim().toLowerCase();
  return text === "" || [i.id, i.name.zh, i.name.en, i.definition.zh, ...i.basis].some((part) => part.toLowerCase().includes(text));
}

export const kindWords: Readonly<Record<Indicator["kind"], Word>> = { flow: "kindFlow", cohort: "kindCohort", stock: "kindStock", distribution: "kindDistribution" };
const formWords: Readonly<Record<Schemas["IndicatorForm"], Word>> = { count: "formCount", ratio: "formRatio", distribution: "formDistribution" };

/** The catalogue by line of supervision. */
export default function IndicatorsPage() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const all = useIndicators();
  return (
    <>
      <PageHead title={w.indicators} lead={w.catalogueLead}>
        <label>{w.searchIndicators}<input type="search" value={get("q")} placeholder={w.searchIndicatorsHint} onChange={(e) => set({ q: e.target.value }, true)} /></label>
      </PageHead>
      <Loaded query={all}>{({ data }) => {
        const shown = bySection(data.filter((i) => answersTo(i, get("q"))));
        if (shown.length === 0) return <Nothing><button onClick={() => set({ q: null })}>{w.clear}</button></Nothing>;
        return (
          <>
            {shown.length > 3 && <nav aria-label={w.sections}><ul className="jump">{shown.map(([section, group]) => <li key={section}><a href={`#${section}`}>{w[section]} <span className="soft">{group.length}</span></a></li>)}</ul></nav>}
            {shown.map(([section, group]) => (
              <section key={section} id={section} className="card group">
                <CardHead title={w[section]} />
                <ScrollTable label={w[section]} className="catalogue">
                  <Heads names={[w.indicatorId, w.name, w.definitionText, w.kind, w.unit, w.basis]} />
                  <tbody>{group.map((i) => (
                    <tr key={i.id}>
                      <td><span className="badge id">{i.id}</span></td>
                      <th scope="row"><LinkTo to={`/indicators/${i.id}`}>{i.name[lang]}</LinkTo>{i.official && <p className="soft small">◇ {w.official}</p>}</th>
                      <td className="small">{i.definition[lang]}</td>
                      <td className="nowrap small">{w[formWords[i.form]]} · {w[kindWords[i.kind]]}</td>
                      <td className="nowrap">{unitName(i.unit, lang)}</td>
                      <td className="soft small">{i.basis.join("；")}</td>
                    </tr>
                  ))}</tbody>
                </ScrollTable>
              </section>
            ))}
          </>
        );
      }}</Loaded>
    </>
  );
}
