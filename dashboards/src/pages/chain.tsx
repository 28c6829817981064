import { useMemo } from "react";
import { useParams } from "react-router";
import type { Schemas } from "../client/api";
import { useChain, useRules } from "../client/asks";
import { PageHead } from "../shell/head";
import { useAddress } from "../ui/address";
import { minute } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { BasisMark, CardHead, Heads, ScrollTable, Segments } from "../ui/parts";
import { Provenance } from "../ui/provenance";
import { useLang, useWords } from "../words/lang";
import { fill } from "../words/words";
import { ClockCard } from "./chain/clock";
import { LifeCard } from "./chain/life";
import { layOut } from "./chain/layout";
import { IdentityList } from "./chain/identities";
import { TimeLineDrawing } from "./chain/timeline";

/** All events of a case chain on one line per organ, and each limit drawn and explained. */
export default function ChainPage() {
  const { id = "" } = useParams();
  const chain = useChain(id);
  return <Loaded query={chain}>{({ data, meta }) => <Chain chain={data} meta={meta} />}</Loaded>;
}

function Chain({ chain, meta }: { chain: Schemas["Chain"]; meta: Schemas["Meta"] }) {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const rules = useRules();
  const finding = chain.verdicts.find((v) => v.finding.id === get("finding"));
  const asked = get("person") || (finding?.person ?? "");
  const person = asked === "all" ? "" : asked;
  const events = useMemo(() => chain.events.filter((e) => person === "" || e.person === null || e.person === person), [chain.events, person]);
  const verdicts = useMemo(() => {
    const mine = chain.verdicts.filter((v) => person === "" || v.person === null || v.person === person);
    return mine.toSorted((a, b) => Number(b.finding.id === finding?.finding.id) - Number(a.finding.id === finding?.finding.id));
  }, [chain.verdicts, person, finding]);
  const line = useMemo(() => layOut(events, verdicts, meta.as_of), [events, verdicts, meta.as_of]);
  return (
    <>
      <PageHead title={w.chain} trail={[["/findings", w.findings]]} lead={<><code>{chain.id}</code> · {w.chainLead}</>}>
        {chain.persons.length > 1 && <Segments legend={w.chainPersons} value={person} choices={[["", w.everybody], ...chain.persons.map((p) => [p, fill(w.personNumber, { n: p })] as const)]} onChoose={(p) => set({ person: p === "" ? "all" : p })} />}
      </PageHead>
      <section className="card">
        <CardHead title={w.timeline} />
        {line === null ? <Nothing /> : <TimeLineDrawing line={line} asOf={meta.as_of} />}
        <Provenance meta={meta} />
      </section>
      <div className="columns">
        <div>{finding !== undefined && <LifeCard id={finding.finding.id} />}
          {verdicts.length === 0 ? <Nothing /> : verdicts.filter((v) => applies(v) || v === finding).map((v) => <ClockCard key={v.finding.id} verdict={v} chosen={v.finding.id === finding?.finding.id} rule={rules.data?.data.find((r) => r.id === v.finding.rule.id && r.version === v.finding.rule_version)} />)}
          <Inapplicable verdicts={verdicts.filter((v) => !applies(v) && v !== finding)} /></div>
        <aside className="card">
          <CardHead title={w.dockets} />
          <ol className="dockets">{chain.dockets.map((d) => (
            <li key={d.docket.key}>
              <strong>{d.organ.name}</strong>
              <code>{d.docket.number}</code>
              <span className="soft small">{d.link_state === "root" ? w.linkRoot : d.link_state === "linked" ? w.linkLinked : w.linkUnlinked}{d.linked_by !== "" && <> · {w.linkedBy} <code>{d.linked_by}</code></>}</span>
            </li>
          ))}</ol>
          <IdentityList identities={chain.identities.filter((i) => person === "" || i.person === person)} />
        </aside>
      </div>
      <section className="card">
        <CardHead title={w.events} />
        <ScrollTable label={w.events}>
          <Heads names={["#", w.eventTime, w.event, w.organ, w.person, w.content]} />
          <tbody>{events.map((e, i) => (
            <tr key={`${e.at}${e.event}${e.docket}${e.person ?? ""}${String(e.ordinal)}`}>
              <td className="num">{i + 1}</td><td className="nowrap">{e.precision === "day" ? e.at.slice(0, 10) : minute(e.at)}</td><th scope="row">{e.name[lang]}</th><td>{e.organ.name}</td>
              <td>{e.person ?? <span className="soft">{w.docketLevel}</span>}</td><td className="small">{e.attributes.map((a) => `${a.title[lang]}：${a.text[lang] || a.value}`).join("；")}</td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      </section>
    </>
  );
}

/** Whether a rule had anything to say of the case. */
function applies(v: Schemas["ChainVerdict"]): boolean {
  return v.finding.outcome !== "not_applicable";
}

/** Rules that did not apply, by name alone. */
function Inapplicable({ verdicts }: { verdicts: readonly Schemas["ChainVerdict"][] }) {
  const lang = useLang();
  const w = useWords();
  if (verdicts.length === 0) return null;
  return (
    <details className="card">
      <summary>{fill(w.inapplicable, { n: verdicts.length })}</summary>
      <ul className="plainlist">{verdicts.map((v) => <li key={v.finding.id}>{v.finding.rule.name[lang]}{v.person !== null && <span className="soft"> · {fill(w.personNumber, { n: v.person })}</span>} <BasisMark kind={v.finding.rule.basis_kind} /> <span className="soft small">{v.finding.rule.id} · {v.finding.rule_version}</span></li>)}</ul>
    </details>
  );
}
