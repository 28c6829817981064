import type { Schemas } from "../../client/api";
import { usePrecision, useWork } from "../../client/asks";
import { LinkTo, useAddress } from "../../ui/address";
import { count, minute, percent } from "../../ui/format";
import { Loaded, Nothing } from "../../ui/loaded";
import { Heads, Outcome, ScrollTable } from "../../ui/parts";
import { useLang, useWords } from "../../words/lang";

const statuses = ["under_review", "document_issued", "replied", "rectified", "closed", "dismissed", "withdrawn_by_data"] as const satisfies readonly Schemas["FindingStatus"][];

/** Findings that somebody acted on, the newest act first. */
export function WorkCard() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const status = statuses.find((s) => s === get("status"));
  const work = useWork({ limit: 200, ...(status && { status }), ...(get("mine") === "true" && { mine: true }), ...(get("attention") === "basis_changed" && { attention: "basis_changed" as const }) });
  const names = new Map((work.data?.data ?? []).map((i) => [i.life.status, i.life.status_text[lang]]));
  return (
    <section className="card">
      <p className="soft">{w.workLead}</p>
      <div className="controls">
        <label>{w.stage}<select value={status ?? ""} onChange={(e) => set({ status: e.target.value })}><option value="">{w.all}</option>{statuses.map((s) => <option key={s} value={s}>{names.get(s) ?? w[statusWords[s]]}</option>)}</select></label>
        <label className="tick"><input type="checkbox" checked={get("mine") === "true"} onChange={(e) => set({ mine: e.target.checked ? "true" : null })} /><span>{w.workMine}</span></label>
        <label className="tick"><input type="checkbox" checked={get("attention") === "basis_changed"} onChange={(e) => set({ attention: e.target.checked ? "basis_changed" : null })} /><span>{w.basisChanged}</span></label>
      </div>
      <Loaded query={work}>{({ data }) => data.length === 0 ? <Nothing title={w.workNone} hint={w.workNoneHint} /> : (
        <ScrollTable label={w.viewWork}>
          <Heads names={[w.stage, w.outcome, w.rule, w.supervising, w.responsible, w.documentNumber, w.replyDue, w.eventTime, w.oneFinding]} />
          <tbody>{data.map((i) => (
            <tr key={i.id}>
              <th scope="row">{i.life.status_text[lang]}{i.life.attention !== "" && <p className="small">{w.attention}: {w.basisChanged}</p>}</th>
              <td><Outcome outcome={i.outcome} text={i.outcome_text} /></td><td>{i.rule.name[lang]}</td><td>{i.organ.name}</td><td>{i.responsible_organ?.name ?? "—"}</td>
              <td>{i.life.document_number || "—"}</td><td className="nowrap">{i.life.reply_due_on ?? "—"}</td><td className="nowrap">{minute(i.life.at)}<br /><small className="soft">{i.life.by}</small></td>
              <td><LinkTo to={`/findings/${i.id}`}>{w.openFinding}</LinkTo></td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}

/** The word of each status, for a choice that no row shows yet. */
export const statusWords = {
  new: "statusNew", under_review: "statusReview", document_issued: "statusIssued", replied: "statusReplied", rectified: "statusRectified", closed: "statusClosed", dismissed: "statusDismissed", withdrawn_by_data: "statusWithdrawn",
} as const satisfies Readonly<Record<Schemas["FindingStatus"], string>>;

/** How the verdicts of each rule ended, once people had verified them. */
export function PrecisionCard() {
  const lang = useLang();
  const w = useWords();
  const precision = usePrecision();
  return (
    <section className="card">
      <p className="soft">{w.precisionLead}</p>
      <Loaded query={precision}>{({ data }) => data.length === 0 ? <Nothing title={w.precisionNone} hint={w.workNoneHint} /> : (
        <ScrollTable label={w.viewPrecision}>
          <Heads names={[w.rule, `#${w.confirmed}`, w.dismissedCount, `#${w.withdrawn}`, `#${w.precision}`]} />
          <tbody>{data.map((p) => (
            <tr key={p.rule.id}><th scope="row">{p.rule.name[lang]}</th><td className="num">{count(p.confirmed)}</td><td>{p.dismissed.length === 0 ? "—" : p.dismissed.map((d) => `${d.text[lang]} ${count(d.count)}`).join("；")}</td><td className="num">{count(p.withdrawn_by_data)}</td><td className="num">{p.precision === null ? "—" : percent(Number(p.precision))}</td></tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}
