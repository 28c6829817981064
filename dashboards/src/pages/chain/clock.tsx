import type { Schemas } from "../../client/api";
import { BasisMark, CardHead, Outcome } from "../../ui/parts";
import { useLang, useWords } from "../../words/lang";
import { fill } from "../../words/words";
import { overText } from "../findings";
import { arithmetic } from "./layout";
import { limitWords } from "./timeline";

/** One verdict explained: outcome, arithmetic line by line, reading, articles, version, records. */
export function ClockCard({ verdict, rule, chosen }: { verdict: Schemas["ChainVerdict"]; rule: Schemas["Rule"] | undefined; chosen: boolean }) {
  const lang = useLang();
  const w = useWords();
  const f = verdict.finding;
  const records = [...new Set(verdict.steps.flatMap((s) => s.records))];
  return (
    <section className={chosen ? "card clock chosen" : "card clock"} id={f.id}>
      <CardHead title={<>{f.rule.name[lang]}{verdict.person !== null && <span className="soft"> · {fill(w.personNumber, { n: verdict.person })}</span>}</>}>
        <span className="badge"><Outcome outcome={f.outcome} text={f.outcome_text} /></span>
        {f.over_units > 0 && <span className="badge">{w.over} {overText(f, w)}</span>}
        {f.identity?.check === true && <span className="badge" title={w.identityCheckHint}>{w.identityCheck}</span>}
        {f.provisional && <span className="badge">{w.provisional}</span>}
        <BasisMark kind={f.rule.basis_kind} />
      </CardHead>
      <ol className="steps">
        {verdict.steps.map((s) => {
          const { phase, lines } = arithmetic(s.name[lang]);
          const broken = s.outcome === "out_of_time" || s.outcome === "apparent_nonconformity" || s.outcome === "extended_without_document";
          return (
            <li key={s.phase} className={broken ? "broken" : undefined}>
              <h3>{phase} {s.outcome === "informative" && <span className="soft">({w.informative})</span>}</h3>
              <p className="soft small">{s.from === null ? w.cannotStart : `${w.triggered} ${s.from} · ${w.due} ${s.due ?? "—"} · ${w.stopped} ${s.stopped ?? w.stateRunning} · ${w.limit} ${limitWords(s.limit, w)}`}</p>
              <ol className="arithmetic">{lines.map((line, i) => <li key={line}><span>{i + 1}</span><span>{line}</span></li>)}</ol>
              {s.arithmetic.length > 0 && <details open={chosen && broken}><summary>{w.dayByDay}</summary><table className="reckoning"><tbody>{s.arithmetic.map((line) => <tr key={line.on + line.text.en}><th scope="row" className="nowrap">{line.on}</th><td>{line.text[lang]}</td></tr>)}</tbody></table></details>}
            </li>
          );
        })}
      </ol>
      <details open={chosen}>
        <summary>{w.article} · {w.reading}</summary>
        <dl className="stack">
          {rule !== undefined && <><dt>{w.reading}</dt><dd>{rule.reading[lang]}</dd></>}
          <dt>{w.article}</dt>
          <dd>{rule === undefined ? verdict.steps[0]?.basis : <ul className="plainlist">{rule.basis.map((b) => <li key={b.law + b.article}>《{b.law}》{b.article}{b.unverified && <span className="soft"> ({w.unverified})</span>}：{b.summary[lang]}</li>)}</ul>}</dd>
          <dt>{w.ruleVersion}</dt><dd>{f.rule.id} · {f.rule_version}</dd>
          {f.missing !== "" && <><dt>{w.missingData}</dt><dd>{f.missing}</dd></>}
          <dt>{w.recordsUsed}</dt><dd>{records.length === 0 ? w.none : records.map((r) => <code key={r} className="recordkey">{r}</code>)}</dd>
        </dl>
      </details>
    </section>
  );
}
