import type { Schemas } from "../client/api";
import { useGlossary } from "../client/asks";
import { PageHead } from "../shell/head";
import { useAddress } from "../ui/address";
import { Loaded, Nothing } from "../ui/loaded";
import { CardHead } from "../ui/parts";
import { useLang, useWords } from "../words/lang";
import type { Word } from "../words/words";

const groups: Readonly<Record<Schemas["Term"]["group"], Word>> = {
  word: "groupWord", outcome: "groupOutcome", finding_status: "groupFindingStatus", finding_act: "groupFindingAct", dismissal: "groupDismissal", route: "groupRoute", state: "groupState", event: "groupEvent", position: "groupPosition", status: "groupStatus", fate: "groupFate", record_type: "groupRecordType", system: "groupSystem", level: "groupLevel", role: "groupRole", compartment: "groupCompartment",
};

/** The words of the platform, Chinese and English side by side. */
export default function GlossaryPage() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const terms = useGlossary();
  const typed = get("q").trim().toLowerCase();
  return (
    <>
      <PageHead title={w.glossary} lead={w.glossaryLead}><label>{w.wordsSearch}<input type="search" value={get("q")} onChange={(e) => set({ q: e.target.value }, true)} /></label></PageHead>
      <Loaded query={terms}>{({ data }) => {
        const shown = data.filter((t) => [t.key, t.name.zh, t.name.en, t.meaning.zh, t.meaning.en].some((s) => s.toLowerCase().includes(typed)));
        if (shown.length === 0) return <Nothing><button onClick={() => set({ q: null })}>{w.clear}</button></Nothing>;
        return <div className="terms">{(Object.keys(groups) as Schemas["Term"]["group"][]).filter((g) => shown.some((t) => t.group === g)).map((g) => (
          <section className="card" key={g}>
            <CardHead title={w[groups[g]]} />
            <dl>{shown.filter((t) => t.group === g).map((t) => <div key={t.key}><dt>{t.name.zh} <span className="soft">{t.name.en}</span></dt><dd className="soft small">{t.meaning[lang]}</dd></div>)}</dl>
          </section>
        ))}</div>;
      }}</Loaded>
    </>
  );
}
