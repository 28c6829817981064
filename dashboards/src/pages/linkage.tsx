import { useLinkAccuracy, useLinkDecisions, useLinkReview } from "../client/asks";
import type { Schemas } from "../client/api";
import { PageHead } from "../shell/head";
import { LinkTo, useAddress } from "../ui/address";
import { count, percent, signed } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { CardHead, Heads, ScrollTable, Segments } from "../ui/parts";
import { Provenance } from "../ui/provenance";
import { useWords } from "../words/lang";
import { fill, type Words } from "../words/words";
import { BrokenCard } from "./links/broken";
import { DecisionTable } from "./links/decide";
import { entryName, refusedWords } from "./links/entry";

type View = "review" | "decisions" | "accuracy" | "broken";
const views: readonly View[] = ["review", "decisions", "accuracy", "broken"];

/** People's part in linkage: what to look at, what was decided, how accurate linkage is. */
export default function LinkagePage() {
  const w = useWords();
  const { get, set } = useAddress();
  const view = views.find((v) => v === get("view")) ?? "review";
  return (
    <>
      <PageHead title={w.linkage} lead={w.linkageLead}>
        <Segments<View> legend={w.linkage} value={view} choices={[["review", w.viewReview], ["decisions", w.viewDecisions], ["accuracy", w.viewAccuracy], ["broken", w.viewBroken]]} onChoose={(v) => set({ view: v === "review" ? null : v })} />
        <LinkTo to="/links">{w.explainAsk}</LinkTo>
      </PageHead>
      {view === "review" ? <Review /> : view === "decisions" ? <Decisions /> : view === "accuracy" ? <Accuracy /> : <BrokenCard />}
    </>
  );
}

/** Why two entries were not joined, in words. */
function refusedText(reason: string | null, w: Words): string {
  if (reason === null) return "—";
  const word = refusedWords[reason];
  return word === undefined ? reason : w[word];
}

function Review() {
  const w = useWords();
  const review = useLinkReview();
  return (
    <section className="card">
      <p className="soft small">{w.reviewLead}</p>
      <Loaded query={review}>{({ data, meta }) => data.length === 0 ? <Nothing title={w.reviewNone} /> : (
        <>
          <ScrollTable label={w.viewReview}>
            <Heads names={[w.reviewPair, w.reviewState, `#${w.linkWeight}`, w.refusedWhy, `#${w.reviewRecords}`, `#${w.reviewFindings}`, w.viewDecisions, w.why]} />
            <tbody>{data.map((i) => (
              <tr key={i.a + i.b}>
                <th scope="row">{entryName(i.a)}<br />{entryName(i.b)}</th>
                <td className="nowrap">{i.joined ? w.reviewJoined : w.reviewApart}</td><td className="num">{signed(i.weight, 2)}</td><td>{refusedText(i.refused, w)}</td><td className="num">{count(i.records)}</td><td className="num">{count(i.findings)}</td>
                <td>{i.second && <p><strong>{w.reviewSecond}</strong></p>}{i.blind && <p className="soft small">{w.reviewBlind}</p>}{i.decision !== null ? <>{i.decision.same ? w.decideSame : w.decideOther} <span className="soft small">{i.decision.by}</span></> : !i.second && !i.blind && "—"}</td>
                <td className="nowrap"><LinkTo to={`/links?${new URLSearchParams({ a: i.a, b: i.b }).toString()}`}>{w.decide}</LinkTo></td>
              </tr>
            ))}</tbody>
          </ScrollTable>
          <Provenance meta={meta} />
        </>
      )}</Loaded>
    </section>
  );
}

function Decisions() {
  const decisions = useLinkDecisions();
  return <section className="card"><Loaded query={decisions}>{({ data, meta }) => <><DecisionTable decisions={data} pairs /><Provenance meta={meta} /></>}</Loaded></section>;
}

/** A share with its interval, or that there is none yet. */
function shareText(share: Schemas["LinkShare"] | null, w: Words): string {
  return share === null ? "—" : `${percent(share.value)} (${fill(w.interval, { low: percent(share.low), high: percent(share.high) })})`;
}

function Accuracy() {
  const w = useWords();
  const accuracy = useLinkAccuracy();
  return (
    <section className="card">
      <CardHead title={w.viewAccuracy} />
      <p className="soft small">{w.accuracyLead}</p>
      <Loaded query={accuracy}>{({ data, meta }) => (
        <>
          <dl className="quick">
            <div><dt>{w.accuracyLabels}</dt><dd>{count(data.labels)}</dd></div>
            <div><dt>{w.accuracyPrecision}</dt><dd>{shareText(data.precision, w)}</dd></div>
            <div><dt>{w.accuracyRecall}</dt><dd>{shareText(data.recall, w)}</dd></div>
            <div><dt>{w.accuracyKappa}</dt><dd>{data.kappa === null ? "—" : data.kappa.toFixed(2)} <small className="soft under">{fill(w.accuracyTwice, { n: count(data.twice) })}</small></dd></div>
          </dl>
          {data.precision === null && <p>{w.accuracyNone}</p>}
          {data.bins.length > 0 && (
            <ScrollTable label={w.accuracyBin} className="low">
              <Heads names={[w.accuracyBin, w.reviewState, `#${w.accuracyPairs}`, `#${w.accuracyLabels}`, `#${w.decideSame}`, `#${w.accuracyShare}`]} />
              <tbody>{data.bins.map((b) => <tr key={String(b.from) + String(b.joined)}><th scope="row">{signed(b.from)} – {signed(b.to)}</th><td>{b.joined ? w.reviewJoined : w.reviewApart}</td><td className="num">{count(b.pairs)}</td><td className="num">{count(b.labels)}</td><td className="num">{count(b.same)}</td><td className="num">{b.labels === 0 ? "—" : shareText(b.share, w)}</td></tr>)}</tbody>
            </ScrollTable>
          )}
          <Provenance meta={meta} />
        </>
      )}</Loaded>
    </section>
  );
}
