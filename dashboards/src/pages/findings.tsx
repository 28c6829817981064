import type { Schemas } from "../client/api";
import { useFindings, useFindingSummary, useSession } from "../client/asks";
import { OrganTrail, PageHead } from "../shell/head";
import { LinkTo, useAddress } from "../ui/address";
import { count } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { BasisMark, Heads, Outcome, ScrollTable, Segments } from "../ui/parts";
import { Provenance } from "../ui/provenance";
import { useLang, useWords } from "../words/lang";
import { PrecisionCard, WorkCard } from "./findings/work";
import { fill, type Words } from "../words/words";

const outcomes: readonly Schemas["Outcome"][] = ["out_of_time", "apparent_nonconformity", "extended_without_document", "cannot_judge", "due_soon", "in_time", "conforming", "not_applicable"];
const filters = ["rule", "outcome", "state", "from", "to"] as const;

/** How much a limit was passed, in its own unit. */
export function overText(f: Pick<Schemas["Finding"], "over_units" | "unit">, w: Words): string {
  return f.over_units <= 0 ? "—" : fill(f.unit === "hour" ? w.overHours : w.overDays, { n: count(f.over_units) });
}

type View = "verdicts" | "work" | "precision";

/** Verdicts, what people work on, and how often rules were right; the view stands in the address. */
export default function FindingsPage() {
  const w = useWords();
  const { get, set } = useAddress();
  const session = useSession();
  const view: View = get("view") === "work" ? "work" : get("view") === "precision" ? "precision" : "verdicts";
  const choices = ([["verdicts", w.viewVerdicts, "listFindings"], ["work", w.viewWork, "listFindingWork"], ["precision", w.viewPrecision, "getFindingPrecision"]] as const)
    .filter(([, , operation]) => session.data?.data.routes.includes(operation)).map(([key, name]) => [key, name] as const);
  return (
    <>
      <div>
        <OrganTrail />
        <PageHead title={w.findings} lead={w.findingsLead}>
          <Segments<View> legend={w.viewVerdicts} value={view} choices={choices} onChoose={(v) => set({ view: v === "verdicts" ? null : v, cursor: null })} />
        </PageHead>
      </div>
      {view === "verdicts" ? <Verdicts /> : view === "work" ? <WorkCard /> : <PrecisionCard />}
    </>
  );
}

/** Verdicts of the newest run; every filter and the page stand in the address. */
function Verdicts() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const organ = get("organ");
  const outcome = outcomes.find((o) => o === get("outcome"));
  const state = (["running", "stopped"] as const).find((s) => s === get("state"));
  const [from, to] = [get("from"), get("to")];
  const summary = useFindingSummary({ organ, from, to });
  const list = useFindings({ rule: get("rule"), organ, from, to, cursor: get("cursor"), limit: 50, ...(outcome && { outcome }), ...(state && { state }) });
  const choose = (key: (typeof filters)[number], value: string) => set({ [key]: value, cursor: null });
  const rules = summary.data?.data ?? [];
  const counted = rules.find((r) => r.rule.id === get("rule"));
  const texts = new Map(rules.flatMap((r) => r.outcomes.map((o) => [o.outcome, o.text] as const)));
  const counts = (o: Schemas["Outcome"]) => {
    const one = counted?.outcomes.find((c) => c.outcome === o);
    return one === undefined ? "" : ` (${count(one.count)})`;
  };
  return (
    <>
      <section className="card controls" aria-label={w.filters}>
        <label>{w.rule}<select value={get("rule")} onChange={(e) => choose("rule", e.target.value)}>
          <option value="">{w.all}</option>{rules.map((r) => <option key={r.rule.id} value={r.rule.id}>{r.rule.name[lang]}</option>)}
        </select></label>
        <label>{w.outcome}<select value={outcome ?? ""} onChange={(e) => choose("outcome", e.target.value)}>
          <option value="">{w.all}</option>{outcomes.map((o) => <option key={o} value={o}>{texts.get(o)?.[lang] ?? o}{counts(o)}</option>)}
        </select></label>
        <label>{w.state}<select value={state ?? ""} onChange={(e) => choose("state", e.target.value)}>
          <option value="">{w.all}</option><option value="running">{w.stateRunning}</option><option value="stopped">{w.stateStopped}</option>
        </select></label>
        <label>{w.dueFrom}<input type="date" value={from} max={to || undefined} onChange={(e) => choose("from", e.target.value)} /></label>
        <label>{w.dueTo}<input type="date" value={to} min={from || undefined} onChange={(e) => choose("to", e.target.value)} /></label>
        {filters.some((f) => get(f) !== "") && <button onClick={() => set({ ...Object.fromEntries(filters.map((f) => [f, null])), cursor: null })}>{w.clear}</button>}
      </section>
      <section className="card" aria-busy={list.isPlaceholderData}>
        <Loaded query={list}>{({ data, meta }) => data.length === 0 ? <Nothing /> : (
          <>
            <ScrollTable label={w.findingsTable}>
              <Heads names={[w.outcome, w.rule, w.supervising, w.responsible, w.triggered, w.due, w.stopped, `#${w.over}`, w.stage, w.timeline]} />
              <tbody>{data.map((f) => <FindingRow key={f.id} finding={f} />)}</tbody>
            </ScrollTable>
            <div className="paging">
              <span className="soft small">{fill(w.resultRows, { n: data.length })} · {w.newestFirst}</span>
              <span className="space" />
              {get("cursor") !== "" && <button onClick={() => set({ cursor: null })}>{w.firstPage}</button>}
              {meta.next !== null && <button disabled={list.isPlaceholderData} onClick={() => set({ cursor: meta.next ?? null })}>{w.nextPage}</button>}
            </div>
            <Provenance meta={meta} />
          </>
        )}</Loaded>
      </section>
    </>
  );
}

function FindingRow({ finding: f }: { finding: Schemas["Finding"] }) {
  const lang = useLang();
  const w = useWords();
  return (
    <tr>
      <td><Outcome outcome={f.outcome} text={f.outcome_text} />{f.identity?.check === true && <p className="small" title={w.identityCheckHint}><strong>{w.identityCheck}</strong></p>}{f.missing !== "" && <p className="soft small">{w.missingData}: {f.missing}</p>}</td>
      <td>{f.rule.name[lang]} <BasisMark kind={f.rule.basis_kind} /></td>
      <td>{f.organ.name}</td>
      <td>{f.responsible_organ === null ? "—" : f.responsible_organ.name}</td>
      <td className="nowrap">{f.triggered_on ?? "—"}</td>
      <td className="nowrap">{f.due_on ?? "—"}</td>
      <td className="nowrap">{f.stopped_on ?? <span className="soft">{f.state === "running" ? w.stateRunning : "—"}</span>}</td>
      <td className="num">{overText(f, w)}</td>
      <td className="nowrap">{f.life.status === "new" ? <span className="soft">{f.life.status_text[lang]}</span> : f.life.status_text[lang]}</td>
      <td className="nowrap">{f.chain === null ? <LinkTo to={`/findings/${f.id}`}>{w.openFinding}</LinkTo> : <LinkTo to={`/chains/${f.chain}?finding=${f.id}`}>{w.openFinding}</LinkTo>}</td>
    </tr>
  );
}
