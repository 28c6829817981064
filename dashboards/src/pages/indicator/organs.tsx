import type { Schemas } from "../../client/api";
import { useValues } from "../../client/asks";
import { useOrganTree } from "../../shell/where";
import { LinkHere, useAddress } from "../../ui/address";
import { count, figure } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable, Segments } from "../../ui/parts";
import { periodName, type PeriodKind } from "../../ui/period";
import { Provenance } from "../../ui/provenance";
import { useLang, useWords } from "../../words/lang";

type Coverage = Schemas["Coverage"];

/** The organs that the chosen one leads, in administrative order; each leads one level further down. */
export function OrgansCard({ indicator, organ, kind, period }: { indicator: Schemas["Indicator"]; organ: string; kind: PeriodKind; period: string }) {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const coverage: Coverage = get("coverage") === "own" ? "own" : "closure";
  const tree = useOrganTree();
  const led = tree.led(organ);
  const below = useValues(indicator.id, { under: organ, period_kind: kind, period, coverage, limit: 1000 }, organ !== "" && period !== "" && led.length > 0);
  const itself = useValues(indicator.id, { organ, period_kind: kind, period, coverage, limit: 100 }, organ !== "" && period !== "");
  const dims = indicator.form === "distribution" ? indicator.dimensions.map((d) => d.dim) : [""];
  const heads = indicator.form === "distribution" ? indicator.dimensions.map((d) => `#${d.name[lang]}`) : [`#${w.value}`, ...(indicator.form === "ratio" ? [`#${w.numerator}`, `#${w.denominator}`] : [])];
  const row = (id: string, name: React.ReactNode, values: readonly Schemas["Value"][], own: boolean) => {
    const mine = values.filter((v) => v.organ.id === id);
    const whole = mine.find((v) => v.dim === "") ?? mine[0];
    return (
      <tr key={id} className={own ? "own" : undefined}>
        <th scope="row">{name}</th>
        {dims.map((dim) => { const cell = mine.find((v) => v.dim === dim); return <td key={dim} className={cell === undefined ? "num zero" : "num"}>{cell === undefined ? (indicator.form === "ratio" ? "—" : "0") : figure(cell.figure, indicator.form)}</td>; })}
        {indicator.form === "ratio" && <><td className="num">{count(whole?.figure.num ?? 0)}</td><td className="num">{count(whole?.figure.den ?? 0)}</td></>}
        <td className={whole === undefined || whole.figure.undetermined === 0 ? "num zero" : "num"}>{count(whole?.figure.undetermined ?? 0)}</td>
      </tr>
    );
  };
  return (
    <section className="card">
      <CardHead title={w.byOrgan}><Segments<Coverage> legend={w.coverage} value={coverage} choices={[["closure", w.withLed], ["own", w.ownOnly]]} onChoose={(c) => set({ coverage: c === "closure" ? null : c })} /></CardHead>
      <p className="soft small">{periodName(period, lang, kind)} · {w.byOrganHint}</p>
      {led.length === 0 ? <p className="soft">{w.noneBelow}</p> : (
        <Loaded query={below}>{({ data, meta }) => (
          <>
            <ScrollTable label={w.byOrgan}>
              <Heads names={[w.procuratorate, ...heads, `#${w.undetermined}`]} />
              <tbody>
                {itself.data !== undefined && row(organ, tree.organ(organ)?.name, itself.data.data, true)}
                {led.map((o) => row(o.id, <LinkHere change={{ organ: o.id }}>{o.name}</LinkHere>, data, false))}
              </tbody>
            </ScrollTable>
            <Provenance meta={meta} />
          </>
        )}</Loaded>
      )}
    </section>
  );
}
