import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";
import { api, taken, type Schemas } from "../client/api";
import { Loaded } from "../ui/loaded";
import { pick, useLang } from "../words/lang";

const day = (text: string) => Date.parse(text.slice(0, 10)) / 86_400_000;

/** All events of a case chain on one line, and each limit drawn and explained. */
export default function ChainPage() {
  const lang = useLang();
  const { id = "" } = useParams();
  const [params] = useSearchParams();
  const chosen = params.get("finding");
  const chain = useQuery({ queryKey: ["chain", id], queryFn: async () => taken(await api.GET("/chains/{id}", { params: { path: { id } } })) });
  return (
    <Loaded query={chain}>{({ data, meta }) => {
      const verdicts = data.verdicts.filter((v) => chosen === null || v.finding.id === chosen);
      return (
        <>
          <h1>{pick(lang, "案链时间线", "Time line of a case chain")}</h1>
          <p className="soft"><code>{data.id}</code> · {pick(lang, "只显示权限范围内的机关; 机器的判定是疑似不符, 待核查。", "Only organs in your scope are shown; a machine's verdict is an apparent non-conformity, to be verified.")}</p>
          <TimeLine events={data.events} steps={verdicts.flatMap((v) => v.steps)} asOf={meta.as_of ?? null} />
          {verdicts.map((v) => (
            <section className="card" key={v.finding.id}>
              <h2>{v.finding.rule.name[lang]} · {v.finding.outcome_text[lang]}</h2>
              <p>{v.finding.explanation[lang]}</p>
              <table><thead><tr>{[["阶段", "Phase"], ["期限", "Limit"], ["起算", "From"], ["届满", "Due"], ["办结", "Stopped"], ["结果", "Outcome"], ["依据", "Basis"]].map(([zh, en]) => <th key={en}>{pick(lang, zh ?? "", en ?? "")}</th>)}</tr></thead>
                <tbody>{v.steps.map((s) => <tr key={s.phase}><th scope="row">{s.name[lang]}</th><td>{s.limit}</td><td>{s.from ?? "—"}</td><td>{s.due ?? "—"}</td><td>{s.stopped ?? "—"}</td><td>{s.outcome}</td><td>{s.basis}</td></tr>)}</tbody></table>
            </section>
          ))}
          <section className="card"><h2>{pick(lang, "事件", "Events")}</h2><div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "事件表", "Table of events")}><table>
            <thead><tr>{[["时间", "Time"], ["事件", "Event"], ["机关", "Organ"], ["人", "Person"], ["内容", "Content"]].map(([zh, en]) => <th key={en}>{pick(lang, zh ?? "", en ?? "")}</th>)}</tr></thead>
            <tbody>{data.events.map((e) => <tr key={`${e.at}${e.event}${e.docket}${e.person ?? ""}${String(e.ordinal)}`}><td>{e.precision === "day" ? e.at.slice(0, 10) : e.at.slice(0, 16).replace("T", " ")}</td><td>{e.name[lang]}</td><td>{e.organ.name}</td><td>{e.person ?? "—"}</td><td>{e.attributes.map((a) => `${a.title[lang]}: ${a.text[lang] || a.value}`).join("; ")}</td></tr>)}</tbody>
          </table></div></section>
        </>
      );
    }}</Loaded>
  );
}

function TimeLine({ events, steps, asOf }: { events: Schemas["ChainEvent"][]; steps: Schemas["Step"][]; asOf: string | null }) {
  const lang = useLang();
  const lanes = [...new Set(events.map((e) => e.organ.name))];
  const bars = steps.filter((s) => s.from !== null && s.due !== null);
  const days = [...events.map((e) => day(e.at)), ...bars.flatMap((s) => [day(s.from ?? ""), day(s.due ?? ""), day(s.stopped ?? asOf ?? s.due ?? "")])].filter((d) => !Number.isNaN(d));
  if (days.length === 0) return null;
  const first = Math.min(...days);
  const span = Math.max(1, Math.max(...days) - first);
  const x = (d: number) => 220 + ((d - first) / span) * 1000;
  const height = 40 + (lanes.length + bars.length) * 34;
  return (
    <section className="card scroll" tabIndex={0} role="region" aria-label={pick(lang, "时间线图", "Time line")}>
      <svg viewBox={`0 0 1260 ${String(height)}`} role="img" aria-label={pick(lang, "各机关事件与期限, 数据见下表", "Events of the organs and limits; numbers in the tables below")} className="timeline">
        {lanes.map((name, i) => (
          <g key={name}>
            <text x={0} y={30 + i * 34}>{name}</text><line x1={220} x2={1220} y1={26 + i * 34} y2={26 + i * 34} className="lane" />
            {events.filter((e) => e.organ.name === name).map((e) => <circle key={`${e.at}${e.event}${e.person ?? ""}${String(e.ordinal)}${e.docket}`} cx={x(day(e.at))} cy={26 + i * 34} r={6} className="dot"><title>{`${e.at.slice(0, 10)} ${e.name[lang]}`}</title></circle>)}
          </g>
        ))}
        {bars.map((s, i) => {
          const y = 14 + (lanes.length + i) * 34;
          const due = day(s.due ?? "");
          const end = day(s.stopped ?? asOf ?? s.due ?? "");
          return (
            <g key={s.phase}>
              <text x={0} y={y + 16}>{s.name[lang]}</text>
              <rect x={x(day(s.from ?? ""))} y={y} width={Math.max(2, x(due) - x(day(s.from ?? "")))} height={18} className="limit"><title>{s.limit}</title></rect>
              {end > due && <rect x={x(due)} y={y} width={x(end) - x(due)} height={18} className="over"><title>{pick(lang, "超出期限的部分", "Beyond the limit")}</title></rect>}
            </g>
          );
        })}
      </svg>
    </section>
  );
}
