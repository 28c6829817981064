import type { Schemas } from "../client/api";
import { useRuns } from "../client/asks";
import { PageHead } from "../shell/head";
import { count, minute } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../ui/parts";
import { useWords } from "../words/lang";
import { fill, type Word } from "../words/words";

const families: Readonly<Record<string, Word>> = { link: "familyLink", clock: "familyClock", indicator: "familyIndicator", compare: "familyCompare", finding: "familyFinding", pattern: "familyPattern", publish: "familyPublish" };
const states: Readonly<Record<Schemas["RunStep"]["state"], Word>> = { started: "stepStarted", done: "stepDone", failed: "stepFailed" };

/** Batch runs, newest first, with what each family made. */
export default function RunsPage() {
  const w = useWords();
  const runs = useRuns();
  return (
    <>
      <PageHead title={w.runs} lead={w.runsLead} />
      <Loaded query={runs}>{({ data }) => data.length === 0 ? <Nothing /> : <>{data.map((r) => <RunCard key={r.run_id} run={r} />)}</>}</Loaded>
    </>
  );
}

function RunCard({ run }: { run: Schemas["Run"] }) {
  const w = useWords();
  return (
    <section className="card">
      <CardHead title={<>{minute(run.started)} · {w.asOf} {run.as_of}</>}><span className="soft">{run.reason}</span></CardHead>
      <ScrollTable label={`${w.run} ${run.run_id}`}>
        <Heads names={[w.step, w.stepState, `#${w.units}`, `#${w.rows}`, w.figures]} />
        <tbody>{run.steps.map((s) => {
          const word = families[s.family];
          return (
            <tr key={s.family}>
              <th scope="row">{word === undefined ? s.family : w[word]}</th>
              <td className="nowrap">{s.committed ? w.committed : s.state === "failed" ? <strong>{w[states[s.state]]}</strong> : w[states[s.state]]}<br /><small className="soft">{minute(s.at)}</small></td>
              <td className="num">{count(s.units)}</td><td className="num">{count(s.rows)}</td>
              <td>
                {s.message !== "" && <p>{s.message}</p>}
                {s.notes.map((n) => <p key={n} className="small">{n}</p>)}
                {s.figures.length > 0 && <details><summary>{w.figures} ({s.figures.length})</summary><dl className="facts small">{s.figures.map((f) => [<dt key={f.name}><code>{f.name}</code></dt>, <dd key={`${f.name}n`}>{count(f.value)}</dd>])}</dl></details>}
              </td>
            </tr>
          );
        })}</tbody>
      </ScrollTable>
      <p className="provenance"><span>{w.run} <code>{run.run_id}</code></span><span>{w.generation} {run.generation}</span><span>{fill(w.inputStreams, { n: run.streams })}</span><span>{w.definitionsDigest} <code>{run.definitions.slice(0, 12)}</code></span><span>{w.code} <code>{run.code}</code></span></p>
    </section>
  );
}
