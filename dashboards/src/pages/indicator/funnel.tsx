import { lazy, Suspense, useMemo } from "react";
import { Refused, type Schemas } from "../../client/api";
import { useComparison } from "../../client/asks";
import { funnelOption } from "../../charts/funnel";
import { useOrganTree } from "../../shell/where";
import { LinkHere, useAddress } from "../../ui/address";
import { count, percent, signed } from "../../ui/format";
import { Loaded, Nothing, Waiting } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable, Segments } from "../../ui/parts";
import { periodKindOf, periodKinds, periodName, type PeriodKind } from "../../ui/period";
import { beyond, positionWords } from "../../ui/position";
import { Provenance } from "../../ui/provenance";
import { useLang, useWords } from "../../words/lang";
import { fill, type Word, type Words } from "../../words/words";

const Chart = lazy(() => import("../../charts/chart"));
const levelWords: Readonly<Record<string, Word>> = { provincial: "peerProvincial", prefectural: "peerPrefectural", county: "peerCounty" };
const bandWords: Readonly<Record<string, Word>> = { small: "peerSmall", middle: "peerMiddle", large: "peerLarge", similar: "peerSimilar" };

/** A peer group by its word, or by its name where it has none. */
export function peerName(group: string, w: Words): string {
  const [level = "", band] = group.split("/");
  const name = levelWords[level] === undefined ? level : w[levelWords[level]];
  if (band === undefined) return name;
  return `${name} · ${bandWords[band] === undefined ? band : w[bandWords[band]]}`;
}

/** The organs of a peer group against their own control limits; period and group stand in the address. */
export function FunnelCard({ indicator, organ, open = false }: { indicator: Schemas["IndicatorRef"]; organ: string; open?: boolean }) {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const kind = periodKindOf(get("compare_kind"), "quarter");
  const tree = useOrganTree();
  const level = tree.organ(organ)?.level;
  const group = get("peer") || (level === "prefectural" ? "prefectural" : "provincial");
  const comparison = useComparison(indicator.id, { period_kind: kind, period: get("compare_period"), peer_group: group });
  const marked = useMemo(() => new Set([organ, ...(level === "national" ? [] : tree.led(organ).map((o) => o.id))]), [organ, tree, level]);
  const points = comparison.data?.data.points;
  const build = useMemo(() => (palette: Parameters<typeof funnelOption>[4]) => funnelOption(points ?? [], marked, !group.endsWith("/similar"), w, palette), [points, marked, group, w]);
  const label = fill(w.funnelLabel, { name: indicator.name[lang] });
  const none = comparison.isError && comparison.error instanceof Refused && comparison.error.problem.status === 404;
  return (
    <section className="card">
      <CardHead title={w.funnel}>
        <div className="controls">
          <Segments<PeriodKind> legend={w.periodKind} value={kind} choices={periodKinds.map((k) => [k, w[k]] as const)} onChoose={(k) => set({ compare_kind: k, compare_period: null })} />
          {comparison.data !== undefined && <>
            <label>{w.period}<select value={comparison.data.data.period} onChange={(e) => set({ compare_period: e.target.value })}>{comparison.data.data.periods.map((p) => <option key={p} value={p}>{periodName(p, lang, kind)}</option>)}</select></label>
            <label>{w.peerGroup}<select value={comparison.data.data.peer_group} onChange={(e) => set({ peer: e.target.value })}>{comparison.data.data.peer_groups.map((g) => <option key={g} value={g}>{peerName(g, w)}</option>)}</select></label>
          </>}
        </div>
      </CardHead>
      <p className="soft small">{w.funnelHint}</p>
      {none ? <Nothing /> : <Loaded query={comparison}>{({ data, meta }) => (
        <>
          <Suspense fallback={<Waiting />}><Chart build={build} label={label} height={360} /></Suspense>
          <p className="legend">
            {data.points.some((p) => marked.has(p.organ.id)) && <span><i className="dot chosen" />{w.highlighted}</span>}
            <span><i className="dot" />{w.otherOrgans}</span><span><i className="line" />{w.centre}</span><span><i className="dash" />{w.limits95}</span><span><i className="dots" />{w.limits998}</span>{data.points.some((p) => p.notable) && <span><i className="ring" />{w.notable}</span>}
          </p>
          <Notable points={data.points} />
          <details open={open}><summary>{w.dataTable}</summary><PeerTable points={data.points} marked={marked} label={label} /></details>
          <Provenance meta={meta}><span>{periodName(data.period, lang, kind)}</span><span>{peerName(data.peer_group, w)}</span><span>{w.coverage} {data.coverage === "own" ? w.ownOnly : w.withLed}</span></Provenance>
        </>
      )}</Loaded>}
    </section>
  );
}

/** Which organs differ by more than chance and why, as the server says it. */
function Notable({ points }: { points: readonly Schemas["ComparisonPoint"][] }) {
  const lang = useLang();
  const w = useWords();
  const named = points.filter((p) => p.notable);
  return (
    <div className="notable">
      <h3>{w.notableHead}</h3>
      <p className="soft small">{w.notableHint}{points.some((p) => p.wide !== null) && ` ${w.spreadHint}`}</p>
      {named.length === 0 ? <p>{w.notableNone}</p> : <dl className="reasons">{named.map((p) => <div key={p.organ.id}><dt><LinkHere change={{ organ: p.organ.id }}>{p.organ.name}</LinkHere></dt><dd>{p.reason?.[lang] ?? w[positionWords[p.position]]}</dd></div>)}</dl>}
    </div>
  );
}

/** The twin of the funnel: the same organs in administrative order. */
function PeerTable({ points, marked, label }: { points: readonly Schemas["ComparisonPoint"][]; marked: ReadonlySet<string>; label: string }) {
  const w = useWords();
  const mixed = points.some((p) => p.mix !== null);
  return (
    <>
    {mixed && <p className="soft small">{w.mixHint}</p>}
    <ScrollTable label={label}>
      <Heads names={[w.procuratorate, `#${w.value}`, `#${w.numerator}`, `#${w.denominator}`, ...(mixed ? [`#${w.mixExpected}`, `#${w.mixIndirect}`, `#${w.mixDirect}`] : []), `#${w.lowerLimit}`, `#${w.upperLimit}`, `#${w.deviation}`, `#${w.adjusted}`, w.position]} />
      <tbody>{points.map((p) => (
        <tr key={p.organ.id} className={marked.has(p.organ.id) ? "own" : undefined}>
          <th scope="row">{p.organ.name}</th><td className="num">{percent(p.value)}</td><td className="num">{count(p.num)}</td><td className="num">{count(p.den)}</td>
          {mixed && <><td className="num">{p.mix === null ? "—" : count(Number(p.mix.expected.toFixed(1)))}</td><td className="num">{percent(p.mix?.indirect ?? null)}</td><td className="num">{percent(p.mix?.direct ?? null)}</td></>}
          <td className="num">{percent(p.lower)}</td><td className="num">{percent(p.upper)}</td><td className="num">{signed(p.z)}</td><td className="num">{p.q === null ? "—" : p.q.toFixed(3)}</td>
          <td>{beyond(p.position) ? <strong>{w[positionWords[p.position]]}</strong> : <span className="soft">{w[positionWords[p.position]]}</span>}</td>
        </tr>
      ))}</tbody>
    </ScrollTable>
    </>
  );
}
