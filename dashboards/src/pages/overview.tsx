import { useQuery } from "@tanstack/react-query";
import { api, Refused, taken } from "../client/api";
import { figure } from "../ui/format";
import { words, type Language } from "../words/words";

/** Headlines, findings by rule, and deviations by region in administrative order. */
export function Overview({ language }: { language: Language }) {
  const w = words[language];
  const q = useQuery({ queryKey: ["overview"], queryFn: async () => taken(await api.GET("/overview")) });
  if (q.isPending) return <p role="status">{w.loading}</p>;
  if (q.isError) return <p role="alert">{q.error instanceof Refused ? `${q.error.problem.localized.detail[language]} (${q.error.problem.code})` : String(q.error)} <button onClick={() => void q.refetch()}>{w.retry}</button></p>;
  const { data, meta } = q.data;
  return (
    <>
      <p className="soft">{meta.warehouse === "simulated" && <span className="mark">{w.simulated}</span>} {w.asOf} {meta.as_of ?? "—"} · {meta.scope.account} · {meta.scope.summary[language]}</p>
      <h1>{w.overview}</h1>
      <div className="row">{data.headlines.map((h) => (
        <section className="card" key={h.indicator.id}><h2>{h.indicator.name[language]}</h2>
          <div className="big">{figure(h.figure, h.indicator.form)}</div>
          <div className="soft">{h.figure?.num ?? "—"} / {h.figure?.den ?? "—"} · {w.yearOnYear} {h.year_on_year.value?.toFixed(1) ?? "—"} {h.year_on_year.form === "points" ? w.points : "%"}</div></section>))}</div>
      <section className="card"><h2>{w.outOfTime}</h2><table><thead><tr><th>{w.rule}</th>{data.findings[0]?.outcomes.map((o) => <th key={o.outcome}>{o.text[language]}</th>)}<th>{w.total}</th></tr></thead>
        <tbody>{data.findings.map((r) => <tr key={r.rule.id}><th scope="row">{r.rule.name[language]}</th>{r.outcomes.map((o) => <td key={o.outcome}>{o.count}</td>)}<td>{r.total}</td></tr>)}</tbody></table></section>
      <section className="card"><h2>{w.map}</h2><table><thead><tr><th>{w.region}</th><th>{w.deviation}</th></tr></thead>
        <tbody>{data.map?.cells.map((c) => <tr key={c.region}><th scope="row">{c.name}</th><td>{c.reporting ? (c.z?.toFixed(1) ?? "—") : w.outside}</td></tr>)}</tbody></table></section>
    </>
  );
}
