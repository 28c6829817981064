import { useState } from "react";
import type { Schemas } from "../client/api";
import { usePatternEvidence, usePatterns } from "../client/asks";
import { OrganTrail, PageHead } from "../shell/head";
import { useOrganTree } from "../shell/where";
import { LinkTo, useAddress } from "../ui/address";
import { count, percent } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../ui/parts";
import { periodName, quarterOf } from "../ui/period";
import { Provenance } from "../ui/provenance";
import { useLang, useWords } from "../words/lang";
import { fill } from "../words/words";

/** Ways of reporting that may flatter figures, as observations to be checked, newest quarter first and in administrative order. */
export default function PatternsPage() {
  const w = useWords();
  const patterns = usePatterns();
  const { get } = useAddress();
  const chosen = get("organ");
  const tree = useOrganTree();
  const within = (organ: string) => chosen === "" || tree.path(organ).some((o) => o.id === chosen);
  return (
    <>
      <div>
        <OrganTrail />
        <PageHead title={w.patterns} lead={w.patternsLead} />
      </div>
      <Loaded query={patterns}>{({ data, meta }) => data.length === 0 ? <Nothing /> : (
        <>
          <div><p className="note">{w.patternsMethod}</p><Provenance meta={meta}><span>{w.patternsQuarters}</span></Provenance></div>
          {data.map((p) => <PatternCard key={p.id} pattern={p} quarters={p.quarters.filter((q) => within(q.organ.id))} meta={meta} />)}
        </>
      )}</Loaded>
    </>
  );
}

function PatternCard({ pattern, quarters, meta }: { pattern: Schemas["ReportingPattern"]; quarters: Schemas["ReportingPattern"]["quarters"]; meta: Schemas["Meta"] }) {
  const lang = useLang();
  const w = useWords();
  const [shown, setShown] = useState("");
  const key = (q: (typeof quarters)[number]) => q.period_from + q.organ.id;
  const chosen = quarters.find((q) => key(q) === shown);
  return (
    <section className="card">
      <CardHead title={<><span className="badge id">{pattern.id}</span> {pattern.name[lang]}</>}>{quarters.length > 0 && <span className="soft">{fill(w.patternCount, { n: count(quarters.length) })}</span>}</CardHead>
      <p className="soft small">{pattern.meaning[lang]}</p>
      {quarters.length === 0 ? <p>{w.patternNone}</p> : (
        <ScrollTable label={pattern.name[lang]} className="low">
          <Heads names={[w.period, w.procuratorate, `#${fill(w.patternObserved, { unit: pattern.unit[lang] })}`, `#${w.patternShare}`, `#${w.patternNation}`, `#${w.adjusted}`, w.patternEvidence]} />
          <tbody>{quarters.map((q) => (
            <tr key={key(q)}>
              <td className="nowrap">{periodName(quarterOf(q.period_from), lang)}</td><th scope="row"><LinkTo to={`/patterns?organ=${q.organ.id}`}>{q.organ.name}</LinkTo></th>
              <td className="num">{count(q.observed)} / {count(q.of)}</td><td className="num">{percent(q.of === 0 ? null : q.observed / q.of)}</td><td className="num">{percent(q.share)}</td><td className="num">{q.q < 0.001 ? "< 0.001" : q.q.toFixed(3)}</td>
              <td><button type="button" aria-expanded={shown === key(q)} aria-label={`${w.evidenceShow} ${q.organ.name} ${periodName(quarterOf(q.period_from), lang)}`} onClick={() => setShown(shown === key(q) ? "" : key(q))}>{w.evidenceShow}</button></td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}
      {chosen !== undefined && <Evidence pattern={pattern} organ={chosen.organ} quarter={chosen.period_from} />}
      {quarters.length > 0 && <Provenance meta={meta}><span>{w.patternsQuarters}</span></Provenance>}
    </section>
  );
}

/** The records behind one organ's quarter: dockets and documents, never people. */
function Evidence({ pattern, organ, quarter }: { pattern: Schemas["ReportingPattern"]; organ: Schemas["OrganRef"]; quarter: string }) {
  const lang = useLang();
  const w = useWords();
  const records = usePatternEvidence(pattern.id, organ.id, quarter);
  const title = fill(w.evidenceOf, { organ: organ.name, period: periodName(quarterOf(quarter), lang) });
  return (
    <>
      <h3>{title}</h3>
      <p className="soft small">{w.evidenceHint}</p>
      <Loaded query={records}>{({ data }) => data.length === 0 ? <Nothing /> : (
        <ScrollTable label={title} className="low">
          <Heads names={[w.evidenceDay, w.evidenceRecord, w.evidenceDocket, w.evidenceBeside]} />
          <tbody>{data.map((r) => (
            <tr key={r.key}>
              <td className="nowrap">{r.day}</td><td>{r.record_type.name[lang]}</td>
              <th scope="row">{r.chain === null ? <code>{r.docket}</code> : <LinkTo to={`/chains/${r.chain}`}><code>{r.docket}</code></LinkTo>}</th>
              <td>{r.beside === null ? "—" : <code>{r.beside}</code>}</td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>
    </>
  );
}
