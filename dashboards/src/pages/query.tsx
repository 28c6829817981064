import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, clientHeader, Refused, taken } from "../client/api";
import { Loaded } from "../ui/loaded";
import { pick, useLang } from "../words/lang";

const example = "SELECT decision, count() AS persons\nFROM v.arrest_review\nGROUP BY decision\nORDER BY decision";

/** Read-only SQL over the views, for analysts. */
export default function QueryPage() {
  const lang = useLang();
  const cache = useQueryClient();
  const [sql, setSQL] = useState(example);
  const [id, setID] = useState("");
  const tables = useQuery({ queryKey: ["tables"], queryFn: async () => taken(await api.GET("/tables")) });
  const history = useQuery({ queryKey: ["queries"], queryFn: async () => taken(await api.GET("/queries")) });
  const query = useMutation({
    mutationFn: async () => {
      const fresh = crypto.randomUUID();
      setID(fresh);
      return taken(await api.POST("/queries", { params: { header: clientHeader }, body: { id: fresh, sql } }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["queries"] }),
  });
  const cancel = async () => {
    await api.DELETE("/queries/{id}", { params: { path: { id }, header: clientHeader } });
  };
  return (
    <>
      <h1>{pick(lang, "查询", "Query")}</h1>
      <section className="card">
        <label>SQL<textarea rows={8} spellCheck={false} value={sql} onChange={(e) => setSQL(e.target.value)} onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) query.mutate(); }} /></label>
        <p><button onClick={() => query.mutate()} disabled={query.isPending}>{pick(lang, "运行 (Ctrl+Enter)", "Run (Ctrl+Enter)")}</button> {query.isPending && <button onClick={() => void cancel()}>{pick(lang, "取消", "Cancel")}</button>}</p>
        {query.isError && <p role="alert">{query.error instanceof Refused ? query.error.problem.localized.detail[lang] : String(query.error)}</p>}
        {query.data && <>
          <p className="soft">{query.data.data.query.rows} {pick(lang, "行", "rows")} · {query.data.data.query.elapsed_ms} ms · <a href={`/api/v1/queries/${query.data.data.query.id}/csv`}>CSV</a></p>
          <div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "结果表", "Result")}><table>
            <thead><tr>{query.data.data.columns.map((c) => <th key={c.name} title={c.type}>{c.name}</th>)}</tr></thead>
            <tbody>{query.data.data.rows.slice(0, 500).map((r, i) => <tr key={i}>{r.map((cell, j) => <td key={j}>{cell ?? "NULL"}</td>)}</tr>)}</tbody>
          </table></div></>}
      </section>
      <Loaded query={tables}>{({ data }) => (
        <section className="card"><h2>{pick(lang, "可查询的视图", "Views")}</h2>{data.map((t) => (
          <details key={t.name}><summary><code>{t.name}</code> {t.title[lang]}</summary><ul>{t.columns.map((c) => <li key={c.name}><code>{c.name}</code> {c.type} {c.title[lang]}</li>)}</ul></details>
        ))}</section>
      )}</Loaded>
      <Loaded query={history}>{({ data }) => (
        <section className="card"><h2>{pick(lang, "我的查询", "My queries")}</h2><ul>{data.map((q) => <li key={q.id}><button onClick={() => setSQL(q.sql)}>{pick(lang, "取回", "Take")}</button> <code>{q.sql.slice(0, 120)}</code> · {q.state} · {q.rows}</li>)}</ul></section>
      )}</Loaded>
    </>
  );
}
