import { useBrokenLinks } from "../../client/asks";
import type { Schemas } from "../../client/api";
import { useOrganTree } from "../../shell/where";
import { LinkHere, useAddress } from "../../ui/address";
import { count, percent } from "../../ui/format";
import { Loaded, Nothing } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../../ui/parts";
import { periodName } from "../../ui/period";
import { Provenance } from "../../ui/provenance";
import { useLang, useWords } from "../../words/lang";
import { fill, type Words } from "../../words/words";

type Counts = Pick<Schemas["BrokenCell"], "expected" | "linked" | "proven" | "probable" | "not_yet" | "none_due" | "undecided" | "rate" | "low" | "high">;

/** How many cells are listed; the hops above count all. */
const most = 300;

/** What followed each hop between departments, by hop and by organ and month, in administrative order. */
export function BrokenCard() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const broken = useBrokenLinks({ hop: get("hop"), from: get("from"), to: get("to") });
  const tree = useOrganTree();
  const chosen = get("organ");
  return (
    <section className="card" aria-busy={broken.isPlaceholderData}>
      <CardHead title={w.viewBroken}>
        <label>{w.fromMonth}<input type="month" value={get("from")} onChange={(e) => set({ from: e.target.value })} /></label>
        <label>{w.toMonth}<input type="month" value={get("to")} onChange={(e) => set({ to: e.target.value })} /></label>
        {get("hop") !== "" && <button onClick={() => set({ hop: null })}>{w.clear}</button>}
      </CardHead>
      <p className="soft small">{w.brokenHint}</p>
      <Loaded query={broken}>{({ data, meta }) => {
        if (data.hops.length === 0) return <Nothing />;
        const cells = data.cells.filter((c) => chosen === "" || tree.path(c.organ.id).some((o) => o.id === chosen));
        return (
          <>
            <ScrollTable label={w.brokenByHop}>
              <Heads names={[w.hop, ...heads(w)]} />
              <tbody>{data.hops.map((h) => <tr key={h.hop}><th scope="row"><LinkHere change={{ hop: h.hop }}>{h.title[lang]}</LinkHere><br /><small className="soft">{h.model === null ? w.hopNoModel : fill(w.hopModel, { median: count(h.model.median_days), p99: count(h.model.p99_days) })}</small></th><Cells of={h} /></tr>)}</tbody>
            </ScrollTable>
            <CardHead level={3} title={w.brokenByOrgan} />
            {cells.length === 0 ? <Nothing /> : (
              <ScrollTable label={w.brokenByOrgan} className="low">
                <Heads names={[w.hop, w.organ, w.month, ...heads(w)]} />
                <tbody>{cells.slice(0, most).map((c) => (
                  <tr key={c.hop + c.organ.id + c.month}><td>{data.hops.find((h) => h.hop === c.hop)?.title[lang] ?? c.hop}</td><th scope="row">{c.organ.name}</th><td className="nowrap">{periodName(c.month, lang)}</td><Cells of={c} /></tr>
                ))}</tbody>
              </ScrollTable>
            )}
            {cells.length > most && <p className="soft small">{fill(w.sendersCut, { total: count(cells.length), n: count(most) })}</p>}
            <Provenance meta={meta} />
          </>
        );
      }}</Loaded>
    </section>
  );
}

function heads(w: Words): readonly string[] {
  return [`#${w.hopExpected}`, `#${w.hopLinked}`, `#${w.hopProven}`, `#${w.hopProbable}`, `#${w.hopNotYet}`, `#${w.hopNone}`, `#${w.undetermined}`, `#${w.hopRate}`];
}

function Cells({ of }: { of: Counts }) {
  const w = useWords();
  return (
    <>
      {[of.expected, of.linked, of.proven, of.probable, of.not_yet, of.none_due, of.undecided].map((n, i) => <td key={i} className={n === 0 ? "num zero" : "num"}>{count(i === 3 ? Number(n.toFixed(1)) : n)}</td>)}
      <td className="num">{of.rate === null ? "—" : percent(of.rate)}{of.low !== null && of.high !== null && <><br /><small className="soft">{fill(w.interval, { low: percent(of.low), high: percent(of.high) })}</small></>}</td>
    </>
  );
}
