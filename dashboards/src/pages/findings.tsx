import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { api, taken, type Schemas } from "../client/api";
import { LinkTo } from "../ui/link-to";
import { Loaded, Nothing } from "../ui/loaded";
import { pick, useLang } from "../words/lang";

const outcomes: Schemas["Outcome"][] = ["out_of_time", "extended_without_document", "cannot_judge", "due_soon", "in_time", "not_applicable", "apparent_nonconformity", "conforming"];

/** Verdicts of the newest run, filtered by what stands in the address. */
export default function FindingsPage() {
  const lang = useLang();
  const [params, setParams] = useSearchParams();
  const rule = params.get("rule") ?? "";
  const outcome = outcomes.find((o) => o === params.get("outcome"));
  const cursor = params.get("cursor") ?? "";
  const summary = useQuery({ queryKey: ["summary"], queryFn: async () => taken(await api.GET("/findings/summary")) });
  const list = useQuery({
    queryKey: ["findings", rule, outcome, cursor],
    queryFn: async () => taken(await api.GET("/findings", { params: { query: { limit: 50, ...(rule && { rule }), ...(outcome && { outcome }), ...(cursor && { cursor }) } } })),
  });
  const choose = (key: string, value: string) => setParams((was) => {
    const next = new URLSearchParams(was);
    next.delete("cursor");
    if (value === "") next.delete(key);
    else next.set(key, value);
    return next;
  });
  return (
    <>
      <h1>{pick(lang, "监督线索", "Findings")}</h1>
      <p className="soft">{pick(lang, "机器的判定是「疑似不符, 待核查」, 须经人工核实。", "A machine's verdict is an apparent non-conformity, to be verified by people.")}</p>
      <Loaded query={summary}>{({ data }) => (
        <div className="filters">
          <label>{pick(lang, "规则", "Rule")}<select value={rule} onChange={(e) => choose("rule", e.target.value)}>
            <option value="">{pick(lang, "全部", "All")}</option>{data.map((r) => <option key={r.rule.id} value={r.rule.id}>{r.rule.name[lang]}</option>)}
          </select></label>
          <label>{pick(lang, "判定", "Verdict")}<select value={outcome ?? ""} onChange={(e) => choose("outcome", e.target.value)}>
            <option value="">{pick(lang, "全部", "All")}</option>{data[0]?.outcomes.map((o) => <option key={o.outcome} value={o.outcome}>{o.text[lang]}</option>)}
          </select></label>
        </div>
      )}</Loaded>
      <Loaded query={list}>{({ data, meta }) => data.length === 0 ? <Nothing /> : (
        <div className="card">
          <div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "监督线索表", "Table of findings")}><table>
            <thead><tr>{[["规则", "Rule"], ["判定", "Verdict"], ["检察院", "Procuratorate"], ["办案机关", "Responsible organ"], ["起算", "From"], ["届满", "Due"], ["办结", "Stopped"], ["超出", "Over"], ["案链", "Chain"]].map(([zh, en]) => <th key={en}>{pick(lang, zh ?? "", en ?? "")}</th>)}</tr></thead>
            <tbody>{data.map((f) => (
              <tr key={f.id}>
                <td>{f.rule.name[lang]}</td><td>{f.outcome_text[lang]}</td><td>{f.organ.name}</td><td>{f.responsible_organ?.name ?? "—"}</td>
                <td>{f.triggered_on ?? "—"}</td><td>{f.due_on ?? "—"}</td><td>{f.stopped_on ?? pick(lang, "进行中", "running")}</td>
                <td className="num">{f.over_units > 0 ? `${String(f.over_units)} ${f.unit}` : "—"}</td>
                <td>{f.chain === null ? "—" : <LinkTo to={`/chains/${f.chain}?finding=${f.id}`}>{pick(lang, "时间线", "Time line")}</LinkTo>}</td>
              </tr>
            ))}</tbody>
          </table></div>
          <p>{cursor !== "" && <button onClick={() => choose("cursor", "")}>{pick(lang, "回到首页", "First page")}</button>} {meta.next !== null && meta.next !== undefined && <button onClick={() => setParams((was) => { const next = new URLSearchParams(was); next.set("cursor", String(meta.next)); return next; })}>{pick(lang, "下一页", "Next page")}</button>}</p>
        </div>
      )}</Loaded>
    </>
  );
}
