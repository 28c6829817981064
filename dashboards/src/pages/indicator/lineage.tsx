import { useState } from "react";
import type { Schemas } from "../../client/api";
import { useLineage, useRestatements } from "../../client/asks";
import { minute } from "../../ui/format";
import { Loaded, Nothing } from "../../ui/loaded";
import { Heads, ScrollTable } from "../../ui/parts";
import { useLang, useWords } from "../../words/lang";

/** Where the number of one organ and period comes from: its vintages with run, definition and input digests, and what was stated again. */
export function LineageCard({ indicator, organ, kind, period, names }: { indicator: Schemas["Indicator"]; organ: string; kind: Schemas["PeriodKind"]; period: string; names: ReadonlyMap<string, string> }) {
  const w = useWords();
  const lang = useLang();
  const [open, setOpen] = useState(false);
  const dims = indicator.form === "distribution" ? indicator.dimensions : [];
  const [dim, setDim] = useState("");
  const chosen = dims.length === 0 ? "" : dim === "" ? (dims[0]?.dim ?? "") : dim;
  const ready = open && organ !== "" && period !== "";
  const lines = useLineage(indicator.id, { organ, period_kind: kind, period, coverage: "closure", dim: chosen }, ready);
  const again = useRestatements(indicator.id, ready);
  const vintages: Readonly<Record<Schemas["Lineage"]["vintage"], string>> = { live: w.vintageLive, published: w.vintagePublished, restated: w.vintageRestated, external: w.vintageExternal };
  const here = (again.data?.data ?? []).filter((r) => r.organ.id === organ && r.period === period && r.period_kind === kind && r.coverage === "closure" && r.dim === chosen);
  return (
    <details className="card" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{w.lineage}</summary>
      <p className="soft small">{w.lineageHint}</p>
      {dims.length > 0 && <label>{w.part}<select value={chosen} onChange={(e) => setDim(e.target.value)}>{dims.map((d) => <option key={d.dim} value={d.dim}>{d.name[lang]}</option>)}</select></label>}
      {open && <Loaded query={lines}>{({ data }) => data.length === 0 ? <Nothing /> : (
        <ScrollTable label={`${w.lineage} ${names.get(period) ?? period}`}>
          <Heads names={[w.vintage, `#${w.numerator} / ${w.denominator}`, w.lineageRun, w.asOf, w.lineageDefinition, w.lineageInputs, w.lineageEdition, w.lineageReason]} />
          <tbody>{data.map((l) => (
            <tr key={l.vintage + l.run}>
              <th scope="row">{vintages[l.vintage]}</th><td className="num nowrap">{l.value}</td><td><code>{l.run.slice(0, 18)}</code></td><td className="nowrap">{l.as_of}</td>
              <td><code title={l.definition}>{l.definition.slice(0, 12)}</code></td><td><code title={l.inputs}>{l.inputs.slice(0, 12)}</code></td><td><code>{l.edition}</code></td><td>{l.reason === "" ? "—" : l.reason}</td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>}
      {here.length > 0 && <>
        <h3>{w.restatements}</h3>
        <ul className="plainlist">{here.map((r) => <li key={r.at + r.now_run}>{minute(r.at)} {r.was} → {r.now} · {r.reason} · {r.person}</li>)}</ul>
      </>}
    </details>
  );
}
