import type { Schemas } from "../client/api";
import { useIndicators, useOverview, useSession } from "../client/asks";
import { PageHead } from "../shell/head";
import { LinkTo, useAddress } from "../ui/address";
import { figure, unitName } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../ui/parts";
import { periodName } from "../ui/period";
import { Provenance } from "../ui/provenance";
import { Spark } from "../ui/spark";
import { useLang, useWords } from "../words/lang";
import type { Word } from "../words/words";

type Indicator = Schemas["Indicator"];

/** The lines of supervision by the letters that an indicator's id begins with, in the order of a case's way. */
const sections: Readonly<Record<string, Word>> = {
  CM: "sectionCM", AR: "sectionAR", PR: "sectionPR", SV: "sectionSV", TR: "sectionTR", EX: "sectionEX", CV: "sectionCV", AD: "sectionAD", PI: "sectionPI", JU: "sectionJU", SU: "sectionSU",
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

/** The catalogue by line of supervision, with the newest figure of the chosen organ. */
export default function IndicatorsPage() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const session = useSession();
  const granted = session.data?.data.routes.includes("getOverview") === true;
  const all = useIndicators();
  const overview = useOverview({ organ: get("organ"), map_indicator: "" }, granted);
  const newest = new Map((overview.data?.data.headlines ?? []).map((h) => [h.indicator.id, h]));
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
            {shown.map(([section, group]) => (
              <section key={section} className="card group">
                <CardHead title={w[section]} />
                <ScrollTable label={w[section]} className="catalogue">
                  <Heads names={[w.indicatorId, w.name, w.kind, w.unit, w.basis, ...(granted ? [`#${w.newest}`, w.trend24] : [])]} />
                  <tbody>{group.map((i) => {
                    const h = newest.get(i.id);
                    return (
                      <tr key={i.id}>
                        <td><span className="badge id">{i.id}</span></td>
                        <th scope="row"><LinkTo to={`/indicators/${i.id}`}>{i.name[lang]}</LinkTo></th>
                        <td className="nowrap">{w[formWords[i.form]]} · {w[kindWords[i.kind]]}</td>
                        <td className="nowrap">{unitName(i.unit, lang)}</td>
                        <td className="soft small">{i.basis.join("；")}</td>
                        {granted && <td className="num">{h === undefined ? "—" : figure(h.figure, i.form)}</td>}
                        {granted && <td className="sparkcell">{h !== undefined && <Spark values={h.series.map((p) => p.figure.value)} />}</td>}
                      </tr>
                    );
                  })}</tbody>
                </ScrollTable>
              </section>
            ))}
            {overview.data !== undefined && <Provenance meta={overview.data.meta}><span>{overview.data.data.organ?.name}</span><span>{overview.data.data.period === null ? "" : periodName(overview.data.data.period, lang)}</span></Provenance>}
          </>
        );
      }}</Loaded>
    </>
  );
}
