import { useRules } from "../client/asks";
import { PageHead } from "../shell/head";
import { LinkTo, useAddress } from "../ui/address";
import { Loaded, Nothing } from "../ui/loaded";
import { BasisMark, CardHead } from "../ui/parts";
import { useLang, useWords } from "../words/lang";
import { fill, type Word } from "../words/words";

const transitions: Readonly<Record<string, Word>> = { trigger_date: "transitionTrigger", pending_from_validity: "transitionPending", act_date: "transitionAct", offence_date: "transitionOffence" };

/** The clock rules: what they rest on and how they are read. */
export default function RulesPage() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const rules = useRules();
  const typed = get("q").trim().toLowerCase();
  return (
    <>
      <PageHead title={w.rules} lead={w.rulesLead}><label>{w.rulesSearch}<input type="search" value={get("q")} onChange={(e) => set({ q: e.target.value }, true)} /></label></PageHead>
      <Loaded query={rules}>{({ data }) => {
        const shown = data.filter((r) => [r.id, r.name.zh, r.name.en, r.reading.zh, ...r.basis.map((b) => b.law + b.article)].some((t) => t.toLowerCase().includes(typed)));
        if (shown.length === 0) return <Nothing><button onClick={() => set({ q: null })}>{w.clear}</button></Nothing>;
        return <>{shown.map((r) => (
          <section className="card" key={r.id + r.version} id={r.id}>
            <CardHead title={<><span className="badge id">{r.id}</span> {r.name[lang]} <BasisMark kind={r.basis_kind} /></>}><LinkTo to={`/findings?rule=${r.id}`}>{w.findings}</LinkTo></CardHead>
            <p>{r.reading[lang]}</p>
            <dl className="facts rulefacts">
              <dt>{w.basis}</dt><dd><ul className="plainlist">{r.basis.map((b) => <li key={b.law + b.article}>《{b.law}》{b.version} {b.article}：{b.summary[lang]}{b.unverified && <span className="soft"> ({w.unverified})</span>}</li>)}</ul></dd>
              <dt>{w.validity}</dt><dd>{r.valid_from ?? "—"} – {r.valid_to ?? "…"} · {w.ruleVersion} {r.version}</dd>
              <dt>{w.transition}</dt><dd>{transitions[r.transition] === undefined ? r.transition : w[transitions[r.transition] as Word]}{r.source !== "" && <span className="soft"> · {r.source === "no text found" ? w.transitionNoText : r.source}</span>}</dd>
              <dt>{w.record}</dt><dd>{r.record.name[lang]}{r.lead > 0 && ` · ${fill(w.leadDays, { n: r.lead })}`}</dd>
            </dl>
          </section>
        ))}</>;
      }}</Loaded>
    </>
  );
}
