import { useQuery } from "@tanstack/react-query";
import { api, taken } from "../client/api";
import { Loaded, Nothing } from "../ui/loaded";
import { pick, useLang } from "../words/lang";

/** Batch runs, newest first. */
export default function RunsPage() {
  const lang = useLang();
  const runs = useQuery({ queryKey: ["runs"], queryFn: async () => taken(await api.GET("/runs")) });
  return (
    <>
      <h1>{pick(lang, "运行", "Runs")}</h1>
      <Loaded query={runs}>{({ data }) => data.length === 0 ? <Nothing /> : <>{data.map((r) => (
        <section className="card" key={r.run_id}>
          <h2>{r.started.slice(0, 16).replace("T", " ")} · {pick(lang, "基准日", "as of")} {r.as_of} · {r.reason}</h2>
          <p className="soft"><code>{r.run_id}</code> · {pick(lang, "口径摘要", "definitions")} <code>{r.definitions.slice(0, 16)}</code> · {r.streams} {pick(lang, "个来源", "streams")}</p>
          <table><thead><tr><th>{pick(lang, "步骤", "Step")}</th><th>{pick(lang, "状态", "State")}</th><th className="num">{pick(lang, "单位数", "Units")}</th><th className="num">{pick(lang, "行数", "Rows")}</th><th>{pick(lang, "说明", "Notes")}</th></tr></thead>
            <tbody>{r.steps.map((s) => <tr key={s.family}><th scope="row">{s.family}</th><td>{s.committed ? pick(lang, "已生效", "committed") : s.state}</td><td className="num">{s.units}</td><td className="num">{s.rows}</td><td>{[...s.figures.map((f) => `${f.name} ${String(f.value)}`), ...s.notes, s.message].filter(Boolean).join("; ")}</td></tr>)}</tbody></table>
        </section>
      ))}</>}</Loaded>
    </>
  );
}
