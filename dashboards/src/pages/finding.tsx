import { useParams } from "react-router";
import { useFinding, useFindingHistory, useRules } from "../client/asks";
import { PageHead } from "../shell/head";
import { LinkTo } from "../ui/address";
import { Loaded } from "../ui/loaded";
import { CardHead, Heads, Outcome, ScrollTable } from "../ui/parts";
import { Provenance } from "../ui/provenance";
import { useLang, useWords } from "../words/lang";
import { ClockCard } from "./chain/clock";
import { LifeCard } from "./chain/life";
import { overText } from "./findings";

/** One finding by itself: its clock, what people did, and what each run said of it. */
export default function FindingPage() {
  const lang = useLang();
  const w = useWords();
  const { id = "" } = useParams();
  const finding = useFinding(id);
  const history = useFindingHistory(id);
  const rules = useRules();
  return (
    <Loaded query={finding}>{({ data, meta }) => {
      const f = data.finding;
      return (
        <>
          <PageHead title={`${w.oneFinding} · ${f.rule.name[lang]}`} trail={[["/findings", w.findings]]} lead={<>{f.organ.name} · <code>{f.docket.number}</code></>}>
            {f.chain !== null && <LinkTo to={`/chains/${f.chain}?finding=${f.id}`}>{w.timeline}</LinkTo>}
          </PageHead>
          <LifeCard id={id} />
          <ClockCard verdict={{ finding: f, person: null, steps: data.steps }} rule={rules.data?.data.find((r) => r.id === f.rule.id && r.version === f.rule_version)} chosen />
          <section className="card">
            <CardHead title={w.historyHead} />
            <Loaded query={history} short>{({ data: past }) => (
              <ScrollTable label={w.historyHead}>
                <Heads names={[w.asOf, w.outcome, w.due, `#${w.over}`, w.ruleVersion, w.run]} />
                <tbody>{past.verdicts.map((v) => <tr key={v.run}><th scope="row">{v.as_of}</th><td><Outcome outcome={v.outcome} text={v.outcome_text} /></td><td>{v.due_on ?? "—"}</td><td className="num">{overText(v, w)}</td><td>{v.rule_version}</td><td><code>{v.run}</code></td></tr>)}</tbody>
              </ScrollTable>
            )}</Loaded>
            <Provenance meta={meta} />
          </section>
        </>
      );
    }}</Loaded>
  );
}
