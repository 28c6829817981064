import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { api, clientHeader, taken, type Schemas } from "../client/api";
import { useQueries, useQueryLimits, useTables } from "../client/asks";
import { PageHead } from "../shell/head";
import { count, megabytes, minute } from "../ui/format";
import { Loaded, Trouble, Waiting } from "../ui/loaded";
import { CardHead, ScrollTable } from "../ui/parts";
import { useLang, useWords } from "../words/lang";
import { fill, type Word } from "../words/words";
import type { EditorHandle } from "./query/editor";
import { placesOf } from "./query/parameters";

const Editor = lazy(() => import("./query/editor"));
const example = "SELECT decision, count() AS persons\nFROM v.arrest_review\nWHERE accepted_on >= {since:Date}\nGROUP BY decision\nORDER BY decision";
const shown = 500;

/** Read-only SQL over the views, for analysts. */
export default function QueryPage() {
  const lang = useLang();
  const w = useWords();
  const cache = useQueryClient();
  const [sql, setSQL] = useState(example);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({ since: "2026-01-01" });
  const [purpose, setPurpose] = useState("");
  const [id, setID] = useState("");
  const editor = useRef<EditorHandle | null>(null);
  const tables = useTables();
  const places = placesOf(sql);
  const query = useMutation({
    mutationFn: async () => {
      const fresh = crypto.randomUUID();
      setID(fresh);
      const parameters = places.map((p) => ({ name: p.name, value: values[p.name] ?? "" }));
      return taken(await api.POST("/queries", { params: { header: clientHeader }, body: { id: fresh, sql, parameters, ...(purpose && { purpose }) } }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["queries"] }),
  });
  const cancel = async () => {
    await api.DELETE("/queries/{id}", { params: { path: { id }, header: clientHeader } });
  };
  const run = () => {
    if (!query.isPending) query.mutate();
  };
  return (
    <>
      <PageHead title={w.query} lead={w.queryLead} />
      <div className="querygrid">
        <div>
          <section className="card">
            <Loaded query={tables}>{({ data }) => (
              <Suspense fallback={<Waiting />}>
                <Editor value={sql} onChange={setSQL} onRun={run} tables={data} label={w.querySQL} hold={(handle) => { editor.current = handle; }} />
              </Suspense>
            )}</Loaded>
            <p className="soft small">{w.editorHint}</p>
            <div className="controls below">
              {places.map((p) => <label key={p.name}>{p.name}: {p.type}<input value={values[p.name] ?? ""} onChange={(e) => setValues({ ...values, [p.name]: e.target.value })} spellCheck={false} /></label>)}
              <label className="grow">{w.purpose}<input value={purpose} maxLength={400} onChange={(e) => setPurpose(e.target.value)} /></label>
              <button className="primary" onClick={run} disabled={query.isPending}>{query.isPending ? w.running : w.runQuery}</button>
              {query.isPending && <button onClick={() => void cancel()}>{w.cancelQuery}</button>}
            </div>
          </section>
          <section className="card" aria-live="polite">
            <CardHead title={w.result} />
            {query.isPending ? <Waiting /> : query.isError ? <Trouble error={query.error} /> : query.data === undefined ? <p className="soft">{w.resultNone}</p> : <Result result={query.data.data} />}
          </section>
        </div>
        <div>
          <section className="card"><CardHead title={w.views} />
            <Loaded query={tables}>{({ data }) => (
              <div className="views" tabIndex={0} role="region" aria-label={w.views}>{data.map((t) => (
                <details key={t.name}><summary><code>v.{t.name.replace(/^v\./, "")}</code> <span className="soft">{t.title[lang]}</span></summary>
                  <ul>{t.columns.map((c) => <li key={c.name} title={c.title[lang]}><button className="plain column" aria-label={`${w.insertName} ${c.name}`} onClick={() => editor.current?.insert(c.name)}><code>{c.name}</code></button><span className="soft">{c.title[lang]}</span></li>)}</ul></details>
              ))}</div>
            )}</Loaded>
          </section>
          <Limits />
          <History onTake={setSQL} />
        </div>
      </div>
    </>
  );
}

/** The rows of a query as a table; the page shows the first ones and says so, the file has all. */
function Result({ result }: { result: Schemas["QueryResult"] }) {
  const w = useWords();
  const { query, columns, rows } = result;
  const numbers = new Set(columns.map((c, i) => (/^(Nullable\()?(U?Int|Float|Decimal)/.test(c.type) ? i : -1)));
  return (
    <>
      <p className="controls"><span>{fill(w.resultRows, { n: count(query.rows) })} · {fill(w.resultTime, { n: count(query.elapsed_ms) })}</span><a href={`/api/v1/queries/${query.id}/csv?bom=true`} download>{w.downloadCSV}</a></p>
      {rows.length === 0 ? <p className="soft">{w.resultEmpty}</p> : (
        <ScrollTable label={w.result} className="result">
          <thead><tr>{columns.map((c, i) => <th key={c.name} scope="col" title={c.type} className={numbers.has(i) ? "num" : undefined}>{c.name}</th>)}</tr></thead>
          <tbody>{rows.slice(0, shown).map((r, n) => <tr key={n}>{r.map((cell, i) => <td key={i} className={numbers.has(i) ? "num" : undefined} title={cell ?? undefined}>{cell === null ? <span className="null">NULL</span> : cell}</td>)}</tr>)}</tbody>
        </ScrollTable>
      )}
      {rows.length > shown && <p className="soft small">{fill(w.resultShown, { n: shown })}</p>}
    </>
  );
}

function Limits() {
  const w = useWords();
  const limits = useQueryLimits();
  return (
    <section className="card"><CardHead title={w.limitsHeading} />
      <Loaded query={limits} short>{({ data }) => (
        <>
          <ul className="plainlist small">
            <li>{fill(w.limitSeconds, { n: data.seconds })}</li><li>{fill(w.limitRows, { n: count(data.rows) })}</li><li>{fill(w.limitBytes, { n: megabytes(data.bytes) })}</li>
            <li>{fill(w.limitRunning, { n: data.running })}</li><li>{fill(w.limitKeep, { n: Math.round(data.keep_seconds / 60) })}</li>
          </ul>
          <p className="soft small">{w.limitNote}</p>
        </>
      )}</Loaded>
    </section>
  );
}

const states: Readonly<Record<Schemas["QueryState"], Word>> = { running: "running", done: "done", failed: "failed", cancelled: "cancelled" };

function History({ onTake }: { onTake: (sql: string) => void }) {
  const w = useWords();
  const queries = useQueries();
  return (
    <section className="card"><CardHead title={w.history} />
      <Loaded query={queries} short>{({ data }) => data.length === 0 ? <p className="soft">{w.historyNone}</p> : (
        <ul className="history" tabIndex={0} aria-label={w.history}>{data.map((q) => (
          <li key={q.id}><pre>{q.sql}</pre><span className="small soft">{minute(q.started).slice(11)} · {w[states[q.state]]} · {fill(w.resultRows, { n: count(q.rows) })} <button className="plain" onClick={() => onTake(q.sql)}>{w.takeBack}</button></span></li>
        ))}</ul>
      )}</Loaded>
    </section>
  );
}
