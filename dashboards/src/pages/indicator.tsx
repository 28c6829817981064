import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useParams, useSearchParams } from "react-router";
import { api, taken, type Schemas } from "../client/api";
import { figure } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { pick, useLang } from "../words/lang";

const Chart = lazy(() => import("../charts/chart"));
const kinds: Schemas["PeriodKind"][] = ["month", "quarter", "half", "year", "ytd"];

/** One indicator: definition, trend, funnel, table, official figures. */
export default function IndicatorPage() {
  const lang = useLang();
  const { id = "" } = useParams();
  const definition = useQuery({ queryKey: ["indicator", id], queryFn: async () => taken(await api.GET("/indicators/{id}", { params: { path: { id } } })) });
  return (
    <Loaded query={definition}>{({ data }) => (
      <>
        <h1>{data.id} {data.name[lang]}</h1>
        <section className="card">
          <dl>
            <dt>{pick(lang, "定义", "Definition")}</dt><dd>{data.definition[lang]}</dd>
            <dt>{pick(lang, "包括", "Includes")}</dt><dd>{data.includes.map((t) => t[lang]).join("; ") || "—"}</dd>
            <dt>{pick(lang, "不包括", "Excludes")}</dt><dd>{data.excludes.map((t) => t[lang]).join("; ") || "—"}</dd>
            <dt>{pick(lang, "单位与类别", "Unit and kind")}</dt><dd>{data.unit} · {data.counted_unit} · {data.kind} · {data.counts}</dd>
            <dt>{pick(lang, "法律依据", "Legal basis")}</dt><dd>{data.basis.join("; ")}</dd>
            {data.preference && <><dt>{pick(lang, "法律的取向", "What the law prefers")}</dt><dd>{data.preference[lang]}</dd></>}
            <dt>{pick(lang, "注意", "Caveats")}</dt><dd>{data.caveats.map((t) => t[lang]).join("; ") || "—"}</dd>
            <dt>{pick(lang, "数据来源", "Sources")}</dt><dd>{data.sources.join("; ")}</dd>
          </dl>
        </section>
        <Trend indicator={data} />
        {data.form === "ratio" && <Funnel indicator={data} />}
        <Official id={data.id} />
      </>
    )}</Loaded>
  );
}

function Trend({ indicator }: { indicator: Schemas["Indicator"] }) {
  const lang = useLang();
  const [params, setParams] = useSearchParams();
  const kind = kinds.find((k) => k === params.get("period_kind")) ?? "month";
  const values = useQuery({
    queryKey: ["values", indicator.id, kind],
    queryFn: async () => taken(await api.GET("/indicators/{id}/values", { params: { path: { id: indicator.id }, query: { period_kind: kind, level: "provincial", coverage: "closure", limit: 1000 } } })),
  });
  const choose = (value: string) => setParams((was) => {
    const next = new URLSearchParams(was);
    next.set("period_kind", value);
    return next;
  });
  return (
    <section className="card">
      <h2>{pick(lang, "各地数值（行政区划顺序）", "Values (administrative order)")}</h2>
      <label>{pick(lang, "期间", "Period")} <select value={kind} onChange={(e) => choose(e.target.value)}>{kinds.map((k) => <option key={k} value={k}>{k}</option>)}</select></label>
      <Loaded query={values}>{({ data }) => {
        if (data.length === 0) return <Nothing />;
        const periods = [...new Set(data.map((v) => v.period))].sort();
        const last = periods[periods.length - 1];
        const sums = periods.map((p) => {
          const cells = data.filter((v) => v.period === p && v.dim === "");
          const num = cells.reduce((s, v) => s + Number(v.figure.num), 0);
          const den = cells.reduce((s, v) => s + Number(v.figure.den ?? 0), 0);
          return indicator.form === "count" ? num : den === 0 ? null : Math.round((num / den) * 1000) / 10;
        });
        return (
          <>
            <Suspense fallback={<div className="skeleton" aria-busy="true" />}>
              <Chart label={pick(lang, `${indicator.name.zh} 走势, 数据见下表`, `${indicator.name.en}, trend; numbers in the table below`)} option={{ grid: { left: 56, right: 16, top: 24, bottom: 32 }, tooltip: { trigger: "axis" }, xAxis: { type: "category", data: periods }, yAxis: { type: "value", scale: true }, series: [{ type: "line", data: sums, color: "#4f7cac" }] }} />
            </Suspense>
            <div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "数值表", "Table of values")}><table>
              <caption>{last}</caption>
              <thead><tr><th>{pick(lang, "检察院", "Procuratorate")}</th><th>{pick(lang, "分项", "Part")}</th><th className="num">{pick(lang, "分子", "Numerator")}</th><th className="num">{pick(lang, "分母", "Denominator")}</th><th className="num">{pick(lang, "数值", "Value")}</th><th className="num">{pick(lang, "无法判断", "Undetermined")}</th></tr></thead>
              <tbody>{data.filter((v) => v.period === last).map((v) => <tr key={v.organ.id + v.dim}><th scope="row">{v.organ.name}</th><td>{v.dim || "—"}</td><td className="num">{v.figure.num}</td><td className="num">{v.figure.den ?? "—"}</td><td className="num">{figure(v.figure, indicator.form)}</td><td className="num">{v.figure.undetermined}</td></tr>)}</tbody>
            </table></div>
          </>
        );
      }}</Loaded>
    </section>
  );
}

function Funnel({ indicator }: { indicator: Schemas["Indicator"] }) {
  const lang = useLang();
  const comparison = useQuery({ queryKey: ["comparison", indicator.id], queryFn: async () => taken(await api.GET("/comparisons/{indicator}", { params: { path: { indicator: indicator.id } } })) });
  return (
    <section className="card">
      <h2>{pick(lang, "与同组的比较（控制限, 不排名）", "Comparison with peers (control limits, no ranking)")}</h2>
      <Loaded query={comparison}>{({ data }) => {
        const points = data.points.filter((p) => p.value !== null);
        if (points.length === 0) return <Nothing />;
        const sorted = [...points].sort((a, b) => Number(a.den) - Number(b.den));
        const line = (of: (p: Schemas["ComparisonPoint"]) => number | null) => sorted.map((p) => [Number(p.den), of(p) === null ? null : Number(of(p)) * 100]);
        return (
          <>
            <p className="soft">{data.period} · {data.peer_group} · {pick(lang, "位置只说明是否在该机构自身的控制限之内, 不代表好坏。", "Position says only whether an organ lies within its own control limits, not whether that is good or bad.")}</p>
            <Suspense fallback={<div className="skeleton" aria-busy="true" />}>
              <Chart label={pick(lang, "漏斗图, 数据见下表", "Funnel plot; numbers in the table below")} option={{
                grid: { left: 56, right: 16, top: 24, bottom: 40 }, tooltip: {}, xAxis: { type: "value", name: pick(lang, "分母", "n") }, yAxis: { type: "value", scale: true, axisLabel: { formatter: "{value}%" } },
                series: [
                  { type: "scatter", symbolSize: 9, color: "#4f7cac", data: sorted.map((p) => ({ name: p.organ.name, value: [Number(p.den), Number(p.value) * 100] })) },
                  { type: "line", showSymbol: false, color: "#8a94a3", data: line((p) => p.centre) },
                  { type: "line", showSymbol: false, color: "#8a94a3", lineStyle: { type: "dashed" }, data: line((p) => p.lower) },
                  { type: "line", showSymbol: false, color: "#8a94a3", lineStyle: { type: "dashed" }, data: line((p) => p.upper) },
                ],
              }} />
            </Suspense>
            <details><summary>{pick(lang, "查看数据表", "Data table")}</summary><table>
              <thead><tr><th>{pick(lang, "检察院", "Procuratorate")}</th><th className="num">{pick(lang, "分母", "n")}</th><th className="num">%</th><th className="num">{pick(lang, "下限", "Lower")}</th><th className="num">{pick(lang, "上限", "Upper")}</th><th>{pick(lang, "位置", "Position")}</th></tr></thead>
              <tbody>{data.points.map((p) => <tr key={p.organ.id}><th scope="row">{p.organ.name}</th><td className="num">{p.den}</td><td className="num">{percent(p.value)}</td><td className="num">{percent(p.lower)}</td><td className="num">{percent(p.upper)}</td><td>{p.position}</td></tr>)}</tbody>
            </table></details>
          </>
        );
      }}</Loaded>
    </section>
  );
}

function percent(x: number | null): string {
  return x === null ? "—" : (x * 100).toFixed(1);
}

function Official({ id }: { id: string }) {
  const lang = useLang();
  const official = useQuery({ queryKey: ["official", id], queryFn: async () => taken(await api.GET("/indicators/{id}/official", { params: { path: { id } } })) });
  return (
    <section className="card">
      <h2>{pick(lang, "公布数据（单独序列, 不与其他相加）", "Published figures (a series of their own, never summed)")}</h2>
      <Loaded query={official}>{({ data }) => data.length === 0 ? <Nothing /> : (
        <div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "公布数据表", "Table of published figures")}><table>
          <thead><tr>{[["期间", "Period"], ["项目", "Item"], ["原文", "As printed"], ["重算", "Recomputed"], ["相差(点)", "Difference"], ["能否复现", "Reproduced"], ["来源", "Source"]].map(([zh, en]) => <th key={en}>{pick(lang, zh ?? "", en ?? "")}</th>)}</tr></thead>
          <tbody>{data.map((o) => (
            <tr key={o.edition + o.measure + o.period}><td>{o.period}</td><td>{o.name}</td><td>{o.printed}{o.confirmed ? "" : pick(lang, "（未核实）", " (unconfirmed)")}</td><td className="num">{o.recomputed === null ? "—" : (o.recomputed * (o.recomputed <= 1 ? 100 : 1)).toFixed(2)}</td><td className="num">{o.difference?.toFixed(2) ?? "—"}</td>
              <td>{o.reproduced === "yes" ? pick(lang, "复现", "yes") : o.reproduced === "no" ? pick(lang, "不能复现", "no") : "—"}{o.reason && `: ${o.reason[lang]}`}</td><td>{o.source}</td></tr>
          ))}</tbody>
        </table></div>
      )}</Loaded>
    </section>
  );
}
