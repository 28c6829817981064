import { lazy, Suspense, useMemo } from "react";
import type { Schemas } from "../../client/api";
import { useQualityChecks, useQualityLooks } from "../../client/asks";
import { lookSums, looksOption } from "../../charts/looks";
import { useAddress } from "../../ui/address";
import { count, minute, percent } from "../../ui/format";
import { Loaded, Nothing, Waiting } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable, Standing } from "../../ui/parts";
import { useLang, useWords } from "../../words/lang";
import { fill, type Word } from "../../words/words";

type Check = Schemas["QualityCheck"];

const Chart = lazy(() => import("../../charts/chart"));
const states: Readonly<Record<Check["state"], Word>> = { ok: "stateOk", breached: "stateBreached", exempt: "stateExempt" };

/** One cell of the matrix: what was checked of a type, and how often it was not passed. */
export interface Cell {
  bad: number;
  total: number;
  exempt: number;
}

/** Adds the summaries up by record type and check, and counts the exemptions among the breaches. */
export function matrix(checks: readonly Check[]): { kinds: readonly Check[]; rows: readonly { type: Check["record_type"]; cells: ReadonlyMap<string, Cell> }[] } {
  const kinds = new Map<string, Check>();
  const rows = new Map<string, { type: Check["record_type"]; cells: Map<string, Cell> }>();
  for (const one of checks) {
    if (!kinds.has(one.check)) kinds.set(one.check, one);
    const row = rows.get(one.record_type.type) ?? { type: one.record_type, cells: new Map<string, Cell>() };
    rows.set(one.record_type.type, row);
    const cell = row.cells.get(one.check) ?? { bad: 0, total: 0, exempt: 0 };
    row.cells.set(one.check, cell);
    if (one.sender === "") {
      cell.bad += one.bad;
      cell.total += one.total;
    } else if (one.state === "exempt") cell.exempt += 1;
  }
  return { kinds: [...kinds.values()], rows: [...rows.values()] };
}

/** The newest look: a matrix of types and checks, and below it each breach with its figures. */
export function ChecksCard() {
  const lang = useLang();
  const w = useWords();
  const checks = useQualityChecks();
  return (
    <section className="card">
      <CardHead title={w.checks} />
      <p className="soft small">{w.checksHint}</p>
      <Loaded query={checks}>{({ data }) => {
        if (data.length === 0) return <Nothing hint={w.notLooked} />;
        const { kinds, rows } = matrix(data);
        return (
          <>
            <p className="soft small">{w.checkUnits} · {fill(w.lookedAt, { t: minute(data[0]?.at) })}</p>
            <ScrollTable label={w.checks} className="low">
              <Heads names={[w.recordType, ...kinds.map((k) => `#${k.check_text[lang]}`)]} />
              <tbody>{rows.map((r) => (
                <tr key={r.type.type}><th scope="row">{r.type.name[lang]}</th>
                  {kinds.map((k) => {
                    const cell = r.cells.get(k.check);
                    return cell === undefined || cell.total === 0 ? <td key={k.check} className="num zero">—</td> : (
                      <td key={k.check} className={cell.bad === 0 ? "num zero" : "num"}>{cell.bad === 0 ? `0 / ${count(cell.total)}` : <><strong>{count(cell.bad)}</strong> / {count(cell.total)}</>}{cell.exempt > 0 && <><br /><small className="soft">{w.stateExempt} {count(cell.exempt)}</small></>}</td>
                    );
                  })}
                </tr>
              ))}</tbody>
            </ScrollTable>
            <Breaches checks={data} kinds={kinds} />
          </>
        );
      }}</Loaded>
    </section>
  );
}

/** A measured value in the unit of its check: rows, or a share. */
function measure(check: Check, value: number): string {
  return check.check === "stable_rows" ? count(value) : percent(value);
}

function Breaches({ checks, kinds }: { checks: readonly Check[]; kinds: readonly Check[] }) {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const all = checks.filter((c) => c.sender !== "").toSorted((a, b) => (a.organ?.order ?? 0) - (b.organ?.order ?? 0));
  const shown = all.filter((c) => (get("check") === "" || c.check === get("check")) && (get("check_state") === "" || c.state === get("check_state")));
  if (all.length === 0) return <p>{w.breachesNone}</p>;
  return (
    <>
      <CardHead level={3} title={`${w.breaches} (${count(all.length)})`}>
        <label>{w.check}<select value={get("check")} onChange={(e) => set({ check: e.target.value })}><option value="">{w.all}</option>{kinds.map((k) => <option key={k.check} value={k.check}>{k.check_text[lang]}</option>)}</select></label>
        <label>{w.state}<select value={get("check_state")} onChange={(e) => set({ check_state: e.target.value })}><option value="">{w.all}</option><option value="breached">{w.stateBreached}</option><option value="exempt">{w.stateExempt}</option></select></label>
      </CardHead>
      {shown.length === 0 ? <Nothing /> : (
        <ScrollTable label={w.breaches} className="low">
          <Heads names={[w.sender, w.recordType, w.check, w.field, w.month, `#${w.measured}`, `#${w.usual}`, `#${w.rows}`, w.state]} />
          <tbody>{shown.map((c) => (
            <tr key={c.sender + c.record_type.type + c.check + c.field + (c.month ?? "")}>
              <th scope="row">{c.organ?.name ?? c.sender}</th><td>{c.record_type.name[lang]}</td><td>{c.check_text[lang]}</td><td>{c.field_name[lang] || "—"}</td><td className="nowrap">{c.month?.slice(0, 7) ?? "—"}</td>
              <td className="num">{measure(c, c.value)}</td><td className="num">{measure(c, c.expected)}</td><td className="num">{c.check === "stable_rows" ? count(c.total) : fill(w.ofRows, { n: count(c.bad), total: count(c.total) })}</td>
              <td><Standing state={c.state}>{w[states[c.state]]}</Standing>{c.reason[lang] !== "" && <p className="soft small">{c.reason[lang]}</p>}</td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}
    </>
  );
}

/** Checks not passed at each look, over time. */
export function LooksCard() {
  const lang = useLang();
  const w = useWords();
  const looks = useQualityLooks();
  const data = looks.data?.data;
  const build = useMemo(() => (palette: Parameters<typeof looksOption>[2]) => looksOption(data ?? [], w, palette), [data, w]);
  return (
    <section className="card">
      <CardHead title={w.looks} />
      <p className="soft small">{w.looksHint}</p>
      <Loaded query={looks}>{({ data: all }) => all.length === 0 ? <Nothing hint={w.notLooked} /> : (
        <>
          {all.length < 2 ? <p>{w.looksOne}</p> : <Suspense fallback={<Waiting />}><Chart build={build} label={w.looksLabel} height={220} /></Suspense>}
          {all.length > 1 && <p className="legend"><span><i className="line chosen" />{w.breachedQuick}</span><span><i className="dash" />{w.stateExempt}</span><span><i className="dots" />{w.missingNumbers}</span></p>}
          <ScrollTable label={w.looks} className="low">
            <Heads names={[w.lookTime, ...(all[0]?.checks ?? []).map((c) => `#${c.check_text[lang]}`), `#${w.stateExempt}`, `#${w.missingNumbers}`, `#${w.evaluated}`]} />
            <tbody>{all.map((l) => (
              <tr key={l.at}><th scope="row" className="nowrap">{minute(l.at)}</th>
                {(all[0]?.checks ?? []).map((k) => { const n = l.checks.find((c) => c.check === k.check)?.breached; return <td key={k.check} className={n === undefined || n === 0 ? "num zero" : "num"}>{count(n)}</td>; })}
                <td className="num">{count(lookSums(l).exempt)}</td><td className="num">{count(l.missing)}</td><td className="num">{count(l.checks.reduce((sum, c) => sum + c.evaluated, 0))}</td></tr>
            ))}</tbody>
          </ScrollTable>
        </>
      )}</Loaded>
    </section>
  );
}
