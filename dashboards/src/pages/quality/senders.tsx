import type { Schemas } from "../../client/api";
import { useSenders } from "../../client/asks";
import { useAddress } from "../../ui/address";
import { count, minute } from "../../ui/format";
import { Loaded, Nothing } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../../ui/parts";
import { useLang, useWords } from "../../words/lang";
import { fill, type Language, type Words } from "../../words/words";

type Answer = Schemas["Senders"];

/** How many senders are listed; the totals are of all. */
const most = 300;

/** Senders of whom something is missing, in administrative order, each with what to ask for. */
export function SendersCard() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const troubled = get("senders") !== "all";
  const senders = useSenders({ organ: get("organ"), troubled, limit: most });
  return (
    <section className="card" aria-busy={senders.isPlaceholderData}>
      <CardHead title={w.whomToAsk}><label className="tick"><input type="checkbox" checked={troubled} onChange={(e) => set({ senders: e.target.checked ? null : "all" })} /><span>{w.onlyTroubled}</span></label></CardHead>
      <p className="soft small">{w.whomToAskHint}</p>
      <Loaded query={senders}>{({ data }) => data.senders.length === 0 ? <Nothing title={w.sendersNone} hint={data.looked === null ? w.notLooked : w.sendersNoneHint} /> : (
        <>
          <ScrollTable label={w.whomToAsk}>
            <Heads names={[w.sender, `#${w.read}`, `#${w.missingNumbers}`, `#${w.quarantined}`, `#${w.breachedQuick}`, w.lastArrival, w.askFor]} />
            <tbody>{data.senders.map((s) => (
              <tr key={s.sender}>
                <th scope="row">{s.organ.name}<br /><code className="soft">{s.sender}</code></th>
                {[s.read, s.missing, s.refused, s.breached].map((n, i) => <td key={i} className={n === 0 ? "num zero" : "num"}>{count(n)}</td>)}
                <td className="nowrap">{minute(s.last || null)}</td>
                <td className="small"><Asked sender={s} refusals={data.refusals} lang={lang} w={w} /></td>
              </tr>
            ))}</tbody>
          </ScrollTable>
          {(troubled ? data.troubled : data.total) > data.senders.length && <p className="soft small">{fill(w.sendersCut, { total: count(troubled ? data.troubled : data.total), n: count(data.senders.length) })}</p>}
        </>
      )}</Loaded>
    </section>
  );
}

/** What to ask a sender for, as sentences. */
export function questions(sender: Schemas["Sender"], refusals: Answer["refusals"], lang: Language, w: Words): readonly string[] {
  return sender.parts.flatMap((p) => {
    const type = p.record_type.name[lang];
    const refused = p.reasons.map((r) => {
      const why = refusals.find((f) => f.record_type.type === p.record_type.type && f.reason === r.reason && f.field === r.field);
      return fill(w.askCorrect, { type, reason: why?.reason_text[lang] ?? r.reason, field: why?.field_name[lang] ?? r.field, n: count(r.count), remedy: why?.remedy[lang] ?? "" });
    });
    return [
      ...(p.missing > 0 ? [fill(w.askResend, { type, n: count(p.missing) })] : []), ...refused,
      ...(p.breached > 0 ? [fill(w.askCheck, { type, n: count(p.breached) })] : []),
    ];
  });
}

function Asked({ sender, refusals, lang, w }: { sender: Schemas["Sender"]; refusals: Answer["refusals"]; lang: Language; w: Words }) {
  const asked = questions(sender, refusals, lang, w);
  return asked.length === 0 ? <span className="soft">—</span> : <ul className="plainlist">{asked.map((q) => <li key={q}>{q}</li>)}</ul>;
}

/** Why records were refused, and what the sender can do, over all senders of the question. */
export function RefusalsCard() {
  const lang = useLang();
  const w = useWords();
  const { get } = useAddress();
  const senders = useSenders({ organ: get("organ"), troubled: get("senders") !== "all", limit: most });
  return (
    <section className="card">
      <CardHead title={w.refusals} />
      <p className="soft small">{w.refusalsHint}</p>
      <Loaded query={senders}>{({ data }) => data.refusals.length === 0 ? <p>{w.refusalsNone}</p> : (
        <ScrollTable label={w.refusals} className="low">
          <Heads names={[w.recordType, w.field, w.reason, w.remedy, `#${w.recordsUnit}`, `#${w.sendersUnit}`]} />
          <tbody>{data.refusals.map((r) => (
            <tr key={r.record_type.type + r.reason + r.field}><th scope="row" className="nowrap">{r.record_type.name[lang]}</th><td>{r.field_name[lang] || "—"}</td><td>{r.reason_text[lang]}</td><td>{r.remedy[lang]}</td><td className="num">{count(r.count)}</td><td className="num">{count(r.senders)}</td></tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}
