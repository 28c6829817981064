import { useGaps, useReceipts, useVerifications } from "../../client/asks";
import { count, minute } from "../../ui/format";
import { Loaded, Nothing } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable, Standing } from "../../ui/parts";
import { useLang, useWords } from "../../words/lang";
import { fill } from "../../words/words";
import { streamParts } from "../arrival";

/** Ranges missing in the numbers of the senders in scope. */
export function GapsCard() {
  const lang = useLang();
  const w = useWords();
  const gaps = useGaps();
  return (
    <section className="card">
      <CardHead title={w.gaps} />
      <p className="soft small">{w.gapsHint}</p>
      <Loaded query={gaps}>{({ data }) => data.length === 0 ? <p>{w.gapsNone}</p> : (
        <ScrollTable label={w.gaps} className="low">
          <Heads names={[w.sender, w.recordType, `#${w.firstMissing}`, `#${w.lastMissing}`, `#${w.missingCount}`, w.lookTime]} />
          <tbody>{data.toSorted((a, b) => (a.organ?.order ?? 0) - (b.organ?.order ?? 0)).map((g) => (
            <tr key={g.sender + g.record_type.type + String(g.first)}><th scope="row">{g.organ?.name ?? g.sender}</th><td>{g.record_type.name[lang]}</td><td className="num">{count(g.first)}</td><td className="num">{count(g.last)}</td><td className="num">{count(g.last - g.first + 1)}</td><td className="nowrap">{minute(g.at)}</td></tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}

/** What the verifier proved from the data alone, newest first, each fault with its first place. */
export function ProofCard() {
  const lang = useLang();
  const w = useWords();
  const proofs = useVerifications();
  return (
    <section className="card">
      <CardHead title={w.proof} />
      <p className="soft small">{w.proofHint}</p>
      <Loaded query={proofs}>{({ data }) => data.length === 0 ? <Nothing title={w.proofEmpty} hint={w.proofEmptyHint} /> : (
        <ScrollTable label={w.proof} className="low">
          <Heads names={[w.lookTime, w.proofResult, `#${w.proofTypes}`, `#${w.proofStreams}`, `#${w.proofRows}`, `#${w.proofSeconds}`, w.fault]} />
          <tbody>{data.map((v) => (
            <tr key={v.id}>
              <th scope="row" className="nowrap">{minute(v.finished)}</th>
              <td className="nowrap"><Standing state={v.faults === 0 ? "ok" : "breached"}>{v.faults === 0 ? w.proofHolds : fill(w.proofFaults, { n: count(v.faults) })}</Standing></td>
              <td className="num">{count(v.types)}</td><td className="num">{count(v.streams)}</td><td className="num">{count(v.rows)}</td>
              <td className="num">{((Date.parse(v.finished) - Date.parse(v.started)) / 1000).toFixed(1)}</td>
              <td className="small">{v.sorts.length === 0 ? "—" : <ul className="plainlist">{v.sorts.map((f) => <li key={f.fault + f.record_type.type}>{f.record_type.name[lang]} · <code>{f.fault}</code> × {count(f.total)} · {w.faultPlace} <code>{f.stream}</code> {count(f.offset)}: {f.detail}</li>)}</ul>}</td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}

/** How far the records of each stream were answered to their senders. */
export function ReceiptsCard() {
  const lang = useLang();
  const w = useWords();
  const receipts = useReceipts();
  return (
    <section className="card">
      <CardHead title={w.receipts} />
      <p className="soft small">{w.receiptsHint}</p>
      <Loaded query={receipts}>{({ data }) => data.length === 0 ? <Nothing title={w.receiptsNone} hint={w.receiptsNoneHint} /> : (
        <ScrollTable label={w.receipts} className="low">
          <Heads names={[w.recordType, w.stream, `#${w.answeredTo}`, `#${w.positionAt}`, `#${w.waitingAnswer}`, w.moved]} />
          <tbody>{data.map((r) => {
            const { topic, partition } = streamParts(r.stream);
            return <tr key={r.record_type.type + r.stream}><th scope="row">{r.record_type.name[lang]}</th><td title={r.stream}><code>{topic}</code> <span className="soft small">{partition}</span></td><td className="num">{count(r.answered)}</td><td className="num">{count(r.loaded)}</td><td className={r.loaded <= r.answered ? "num zero" : "num"}>{count(Math.max(0, r.loaded - r.answered))}</td><td className="nowrap">{minute(r.at)}</td></tr>;
          })}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}
