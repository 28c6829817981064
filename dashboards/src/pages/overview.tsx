import { useQuery } from "@tanstack/react-query";
import { api, Refused, taken, type Schemas } from "../client/api";
import { figure } from "../ui/format";
import { LinkTo } from "../ui/link-to";
import { TileMap } from "../ui/tile-map";
import { words, type Language } from "../words/words";

/** Headlines, findings by rule, and deviations by region in administrative order. */
export function Overview({ language }: { language: Language }) {
  const w = words[language];
  const q = useQuery({ queryKey: ["overview"], queryFn: async () => taken(await api.GET("/overview")) });
  if (q.isPending) return <div className="skeleton" aria-busy="true">{w.loading}</div>;
  if (q.isError) return <p role="alert">{q.error instanceof Refused ? `${q.error.problem.localized.detail[language]} (${q.error.problem.code})` : String(q.error)} <button onClick={() => void q.refetch()}>{w.retry}</button></p>;
  const { data, meta } = q.data;
  return (
    <>
      <p className="soft">{w.asOf} {meta.as_of ?? "—"} · {meta.scope.account} · {meta.scope.summary[language]}</p>
      <h1>{w.overview}</h1>
      <div className="row">{data.headlines.map((h) => (
        <section className="card" key={h.indicator.id}><h2><LinkTo to={`/indicators/${h.indicator.id}`}>{h.indicator.name[language]}</LinkTo></h2>
          <div className="big">{figure(h.figure, h.indicator.form)}</div>
          <div className="soft">{h.figure?.num ?? "—"} / {h.figure?.den ?? "—"} · {w.yearOnYear} {h.year_on_year.value?.toFixed(1) ?? "—"} {h.year_on_year.form === "points" ? w.points : "%"}</div><Spark series={h.series} /></section>))}</div>
      <section className="card"><h2>{w.outOfTime}</h2><table><thead><tr><th>{w.rule}</th>{data.findings[0]?.outcomes.map((o) => <th key={o.outcome}>{o.text[language]}</th>)}<th>{w.total}</th></tr></thead>
        <tbody>{data.findings.map((r) => <tr key={r.rule.id}><th scope="row">{r.rule.name[language]}</th>{r.outcomes.map((o) => <td key={o.outcome}>{o.count === 0 ? 0 : <LinkTo to={`/findings?rule=${r.rule.id}&outcome=${o.outcome}`}>{o.count}</LinkTo>}</td>)}<td>{r.total}</td></tr>)}</tbody></table></section>
      {data.map && <section className="card"><h2>{w.map} · {data.map.indicator.name[language]} · {data.map.period}</h2><TileMap picture={data.map} />
        <details><summary>{w.table}</summary><table><thead><tr><th>{w.region}</th><th>{w.deviation}</th></tr></thead>
          <tbody>{data.map.cells.map((c) => <tr key={c.region}><th scope="row">{c.name}</th><td>{c.reporting ? (c.z?.toFixed(1) ?? "—") : w.outside}</td></tr>)}</tbody></table></details></section>}
    </>
  );
}

/** The trend of the months without axes; the numbers stand on the indicator's page. */
function Spark({ series }: { series: Schemas["SeriesPoint"][] }) {
  const values = series.map((p) => p.figure.value);
  const known = values.filter((v): v is number => v !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const points = values.flatMap((v, i) => (v === null ? [] : [`${((i / Math.max(1, values.length - 1)) * 196 + 2).toFixed(1)},${(34 - ((v - low) / span) * 30).toFixed(1)}`]));
  return <svg viewBox="0 0 200 38" className="spark" aria-hidden="true"><polyline points={points.join(" ")} fill="none" stroke="var(--hue)" strokeWidth="1.5" /></svg>;
}
