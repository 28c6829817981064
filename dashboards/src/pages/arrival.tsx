import type { Schemas } from "../client/api";
import { useFates, useQuarantine, useSession, useStreams } from "../client/asks";
import { PageHead } from "../shell/head";
import { useAddress } from "../ui/address";
import { count, minute } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../ui/parts";
import { useLang, useWords } from "../words/lang";
import { UploadCard } from "./arrival/upload";

/** How data arrive: streams with their lag, fates, and what was refused. */
export default function ArrivalPage() {
  const w = useWords();
  const session = useSession();
  const role = session.data?.data.role;
  return (
    <>
      <PageHead title={w.arrival} lead={w.arrivalLead} />
      {session.data?.data.routes.includes("postPackage") === true && <UploadCard />}
      <Fates />
      <Streams />
      <section className="card">
        <CardHead title={w.quarantine} />
        <p className="soft small">{w.quarantineHint}</p>
        {role === "steward" ? <Quarantine /> : <p className="note">{w.quarantineOnlySteward}</p>}
      </section>
    </>
  );
}

/** Whether the two accounting identities hold in a row. */
export function balanced(f: Schemas["Fate"]): boolean {
  return f.read === f.accepted + f.quarantined && f.accepted === f.applied + f.duplicate + f.superseded + f.conflict + f.waiting;
}

function Fates() {
  const lang = useLang();
  const w = useWords();
  const fates = useFates();
  return (
    <section className="card">
      <CardHead title={w.fates} />
      <p className="soft small">{w.fatesHint}</p>
      <Loaded query={fates}>{({ data }) => data.length === 0 ? <Nothing /> : (
        <ScrollTable label={w.fates}>
          <Heads names={[w.recordType, `#${w.read}`, `#${w.accepted}`, `#${w.quarantined}`, `#${w.applied}`, `#${w.duplicate}`, `#${w.superseded}`, `#${w.conflict}`, `#${w.waiting}`, w.account2]} />
          <tbody>{data.map((f) => (
            <tr key={f.record_type.type}>
              <th scope="row">{f.record_type.name[lang]}</th>
              {[f.read, f.accepted, f.quarantined, f.applied, f.duplicate, f.superseded, f.conflict, f.waiting].map((n, i) => <td className={n === 0 ? "num zero" : "num"} key={i}>{count(n)}</td>)}
              <td>{balanced(f) ? w.balanced : <strong>{w.notBalanced}</strong>}</td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}

/** The broker's part of a stream's name is the same for all; partition numbers tell them apart. */
export function streamParts(stream: string): { topic: string; partition: string } {
  const [, topic = stream, partition = ""] = /^[a-z]+:[^/]*\/(.+?)\/(\d+(?:\/\d+)?)$/.exec(stream) ?? [];
  return { topic, partition };
}

function Streams() {
  const lang = useLang();
  const w = useWords();
  const streams = useStreams();
  return (
    <section className="card">
      <CardHead title={w.streams} />
      <p className="soft small">{w.streamsHint}</p>
      <Loaded query={streams}>{({ data }) => data.length === 0 ? <Nothing /> : (
        <ScrollTable label={w.streams} className="low">
          <Heads names={[w.recordType, w.stream, `#${w.positionAt}`, `#${w.highWater}`, `#${w.lag}`, w.moved, w.alarm]} />
          <tbody>{data.map((s, i) => {
            const { topic, partition } = streamParts(s.stream);
            const behind = s.lag === null || s.high_water === null || s.high_water === 0 ? 0 : (s.lag / s.high_water) * 100;
            return (
              <tr key={s.stream + String(i)}>
                <th scope="row">{s.record_type.name[lang]}</th>
                <td title={s.stream}><code>{topic}</code> <span className="soft small">{partition}</span></td>
                <td className="num">{count(s.position)}</td><td className="num">{count(s.high_water)}</td>
                <td className="num">{behind > 0 && <span className="lagbar" aria-hidden="true"><i style={{ width: `${String(Math.max(4, behind))}%` }} /></span>}{count(s.lag)}</td>
                <td className="nowrap">{minute(s.moved)}</td>
                <td>{s.alarm ? <strong>{w.stalled}</strong> : <span className="soft">{w.noAlarm}</span>}</td>
              </tr>
            );
          })}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}

function Quarantine() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const fates = useFates();
  const rows = useQuarantine({ type: get("type"), reason: get("reason"), cursor: get("cursor"), limit: 50 }, true);
  const reasons = new Map((rows.data?.data ?? []).map((q) => [q.reason, q.reason_text[lang]]));
  if (get("reason") !== "" && !reasons.has(get("reason"))) reasons.set(get("reason"), get("reason"));
  return (
    <>
      <div className="controls">
        <label>{w.recordType}<select value={get("type")} onChange={(e) => set({ type: e.target.value, cursor: null })}>
          <option value="">{w.all}</option>{(fates.data?.data ?? []).map((f) => <option key={f.record_type.type} value={f.record_type.type}>{f.record_type.name[lang]}</option>)}</select></label>
        <label>{w.reason}<select value={get("reason")} onChange={(e) => set({ reason: e.target.value, cursor: null })}>
          <option value="">{w.all}</option>{[...reasons].map(([reason, text]) => <option key={reason} value={reason}>{text}</option>)}</select></label>
      </div>
      <Loaded query={rows}>{({ data, meta }) => data.length === 0 ? <Nothing /> : (
        <>
          <ScrollTable label={w.quarantine}>
            <Heads names={[w.landed, w.sender, w.recordType, w.field, w.masked, w.reason, w.remedy, `#${w.offset}`]} />
            <tbody>{data.map((q) => (
              <tr key={q.stream + String(q.offset)}>
                <td className="nowrap">{minute(q.landed)}</td><td>{q.organ?.name ?? q.sender}</td><td className="nowrap">{q.record_type.name[lang]}</td><td>{q.field_name[lang] || q.field || "—"}</td>
                <td>{q.masked === "" ? "—" : <code>{q.masked}</code>}</td><td>{q.reason_text[lang]}</td><td>{q.remedy[lang]}</td><td className="num" title={q.stream}>{count(q.offset)}</td>
              </tr>
            ))}</tbody>
          </ScrollTable>
          <div className="paging">
            {get("cursor") !== "" && <button onClick={() => set({ cursor: null })}>{w.firstPage}</button>}
            {meta.next !== null && <button disabled={rows.isPlaceholderData} onClick={() => set({ cursor: meta.next ?? null })}>{w.nextPage}</button>}
          </div>
        </>
      )}</Loaded>
    </>
  );
}
