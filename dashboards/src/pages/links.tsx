import { useLink } from "../client/asks";
import type { Schemas } from "../client/api";
import { PageHead } from "../shell/head";
import { useAddress } from "../ui/address";
import { percent, signed } from "../ui/format";
import { Loaded } from "../ui/loaded";
import { CardHead } from "../ui/parts";
import { Provenance } from "../ui/provenance";
import { useLang, useWords } from "../words/lang";
import { DecideForm, DecisionTable } from "./links/decide";
import { bandWords, entryName } from "./links/entry";
import { Waterfall } from "./links/waterfall";

/** Why two person entries are one person or two: a waterfall per comparison, refused alternatives, what people decided. */
export default function LinkPage() {
  const w = useWords();
  const { get, set } = useAddress();
  const [a, b] = [get("a"), get("b")];
  const link = useLink(a, b);
  return (
    <>
      <PageHead title={w.explainTitle} trail={[["/linkage", w.linkage]]} lead={w.explainLead} />
      <section className="card">
        <form className="controls" key={`${a} ${b}`} action={(form) => set({ a: String(form.get("a") ?? "").trim(), b: String(form.get("b") ?? "").trim() })}>
          <label className="grow">{w.entryA}<input name="a" required maxLength={300} defaultValue={a} /></label>
          <label className="grow">{w.entryB}<input name="b" required maxLength={300} defaultValue={b} /></label>
          <button className="primary">{w.compareEntries}</button>
        </form>
        <p className="soft small">{w.explainAskHint}</p>
      </section>
      {a !== "" && b !== "" && <Loaded query={link}>{({ data, meta }) => <Explained link={data} meta={meta} />}</Loaded>}
    </>
  );
}

function Explained({ link, meta }: { link: Schemas["Link"]; meta: Schemas["Meta"] }) {
  const w = useWords();
  return (
    <>
      <section className="card">
        <CardHead title={link.same ? w.verdictSame : w.verdictOther} />
        <dl className="quick">{[[w.entryA, link.a] as const, [w.entryB, link.b] as const].map(([name, e]) => (
          <div key={name}>
            <dt>{name} · {entryName(e.entry)}</dt>
            <dd>{w[bandWords[e.band]]}</dd>
            <dd className="plain soft small">{w.personOfLink} <code>{e.person}</code>{e.weakest !== null && <> · {w.weakestLink} {signed(e.weakest, 2)}</>}</dd>
            {e.check && <dd className="plain small"><strong>{w.identityCheck}</strong>{e.suspect && <> · {w.suspectNumber}</>}</dd>}
          </div>
        ))}</dl>
        <Provenance meta={meta}><span>{w.linkVersion} {link.version} <code>{link.hash.slice(0, 12)}</code></span></Provenance>
      </section>
      <section className="card">
        <CardHead title={w.path} />
        {link.path.length === 0 ? <p>{w.pathNone}</p> : link.path.map((p) => <PairCard key={p.a + p.b} pair={p} />)}
      </section>
      <section className="card">
        <CardHead title={w.refusedLinks} />
        {link.refused.length === 0 ? <p>{w.refusedNone}</p> : link.refused.map((p) => <PairCard key={p.a + p.b} pair={p} />)}
      </section>
      <section className="card">
        <CardHead title={w.viewDecisions} />
        <DecisionTable decisions={link.decisions} />
        <DecideForm a={link.a.entry} b={link.b.entry} />
      </section>
    </>
  );
}

function PairCard({ pair }: { pair: Schemas["LinkPair"] }) {
  const lang = useLang();
  const w = useWords();
  const label = `${entryName(pair.a)} ${lang === "zh" ? "与" : "and"} ${entryName(pair.b)}`;
  return (
    <div className="pair">
      <CardHead level={3} title={label}><span className="badge">{w[bandWords[pair.band]]} · {signed(pair.weight, 2)}</span></CardHead>
      <p className="soft small">{pair.probability === null ? w.linkUncalibrated : `${w.linkProbability} ${percent(pair.probability)}`}{pair.refused !== null && <> · {w.refusedWhy}：<strong>{pair.refused}</strong></>}</p>
      <Waterfall pair={pair} label={label} />
    </div>
  );
}
