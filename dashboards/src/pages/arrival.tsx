import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { api, taken } from "../client/api";
import { Loaded, Nothing } from "../ui/loaded";
import { pick, useLang } from "../words/lang";

/** How data arrive: streams, fates and quarantine. */
export default function ArrivalPage() {
  const lang = useLang();
  const [params, setParams] = useSearchParams();
  const cursor = params.get("cursor") ?? "";
  const streams = useQuery({ queryKey: ["streams"], queryFn: async () => taken(await api.GET("/ingest/streams")), refetchInterval: 10_000 });
  const fates = useQuery({ queryKey: ["fates"], queryFn: async () => taken(await api.GET("/ingest/fates")) });
  const role = fates.data?.meta.scope.role;
  const quarantine = useQuery({ enabled: role === "steward", queryKey: ["quarantine", cursor], queryFn: async () => taken(await api.GET("/ingest/quarantine", { params: { query: { limit: 50, ...(cursor && { cursor }) } } })) });
  const heads = (all: [string, string][]) => <thead><tr>{all.map(([zh, en]) => <th key={en}>{pick(lang, zh, en)}</th>)}</tr></thead>;
  return (
    <>
      <h1>{pick(lang, "数据到达", "Data arrival")}</h1>
      <section className="card"><h2>{pick(lang, "记录的去向", "Fates of records")}</h2>
        <p className="soft">{pick(lang, "读取 = 接收 + 隔离; 接收 = 生效 + 重复 + 被取代 + 冲突 + 待处理", "read = accepted + quarantined; accepted = applied + duplicate + superseded + conflict + waiting")}</p>
        <Loaded query={fates}>{({ data }) => data.length === 0 ? <Nothing /> : (
          <div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "去向表", "Table of fates")}><table>
            {heads([["记录类型", "Record type"], ["读取", "Read"], ["接收", "Accepted"], ["隔离", "Quarantined"], ["生效", "Applied"], ["重复", "Duplicate"], ["被取代", "Superseded"], ["冲突", "Conflict"], ["待处理", "Waiting"], ["账目", "Account"]])}
            <tbody>{data.map((f) => <tr key={f.record_type.type}><th scope="row">{f.record_type.name[lang]}</th>{[f.read, f.accepted, f.quarantined, f.applied, f.duplicate, f.superseded, f.conflict, f.waiting].map((n, i) => <td className="num" key={i}>{n}</td>)}
              <td>{f.read === f.accepted + f.quarantined && f.accepted === f.applied + f.duplicate + f.superseded + f.conflict + f.waiting ? pick(lang, "相符", "balanced") : pick(lang, "不符", "not balanced")}</td></tr>)}</tbody>
          </table></div>)}</Loaded></section>
      <section className="card"><h2>{pick(lang, "来源", "Streams")}</h2>
        <Loaded query={streams}>{({ data }) => data.length === 0 ? <Nothing /> : (
          <div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "来源表", "Table of streams")}><table>
            {heads([["记录类型", "Record type"], ["来源", "Stream"], ["位置", "Position"], ["水位", "High water"], ["滞后", "Lag"], ["最近移动", "Last moved"], ["告警", "Alarm"]])}
            <tbody>{data.map((s) => <tr key={s.stream}><th scope="row">{s.record_type.name[lang]}</th><td><code>{s.stream}</code></td><td className="num">{s.position ?? "—"}</td><td className="num">{s.high_water ?? "—"}</td><td className="num">{s.lag ?? "—"}</td><td>{s.moved?.slice(0, 19).replace("T", " ") ?? "—"}</td><td>{s.alarm ? pick(lang, "停滞", "stalled") : "—"}</td></tr>)}</tbody>
          </table></div>)}</Loaded></section>
      <section className="card"><h2>{pick(lang, "隔离区（已遮盖）", "Quarantine (masked)")}</h2>
        {role !== undefined && role !== "steward" ? <p className="soft">{pick(lang, "这部分不在您的权限之内: 只有发送机关的数据管理员可以查看。", "Not within your rights: only the data steward of the sending organ sees it.")}</p> : <Loaded query={quarantine}>{({ data, meta }) => data.length === 0 ? <Nothing /> : (<>
          <div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "隔离表", "Table of refused records")}><table>
            {heads([["到达", "Landed"], ["发送机关", "Sender"], ["类型", "Type"], ["位置", "Offset"], ["字段", "Field"], ["遮盖值", "Masked"], ["规则", "Rule"], ["补救", "Remedy"]])}
            <tbody>{data.map((q) => <tr key={q.stream + String(q.offset)}><td>{q.landed.slice(0, 19).replace("T", " ")}</td><td>{q.organ?.name ?? q.sender}</td><td>{q.record_type.name[lang]}</td><td className="num" title={q.stream}>{q.offset}</td><td>{q.field_name[lang] || q.field || "—"}</td><td><code>{q.masked}</code></td><td>{q.reason_text[lang]}</td><td>{q.remedy[lang]}</td></tr>)}</tbody>
          </table></div>
          {meta.next !== null && meta.next !== undefined && <button onClick={() => setParams((was) => { const next = new URLSearchParams(was); next.set("cursor", String(meta.next)); return next; })}>{pick(lang, "下一页", "Next page")}</button>}</>)}</Loaded>}</section>
    </>
  );
}
