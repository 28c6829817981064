import type { Schemas } from "../client/api";
import { useIndicators, useOverview } from "../client/asks";
import { OrganTrail, PageHead } from "../shell/head";
import { LinkTo, useAddress } from "../ui/address";
import { count, figure, percent, signed, unitName } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../ui/parts";
import { periodName } from "../ui/period";
import { beyond, positionWords } from "../ui/position";
import { Provenance } from "../ui/provenance";
import { Spark } from "../ui/spark";
import { TileMap } from "../ui/tile-map";
import { useLang, useWords } from "../words/lang";
import { fill } from "../words/words";

/** How many headlines stand on the first page; the rest stand in the catalogue. */
const most = 12;

/** Headlines, the clocks by rule, and deviations by region in administrative order. */
export function Overview() {
  const lang = useLang();
  const w = useWords();
  const { get } = useAddress();
  const overview = useOverview({ organ: get("organ"), map_indicator: get("map") });
  const period = overview.data?.data.period;
  return (
    <>
      <div>
        <OrganTrail />
        <PageHead title={w.overview} lead={period === undefined || period === null ? undefined : fill(w.overviewLead, { period: periodName(period, lang) })} />
      </div>
      <Loaded query={overview}>{({ data, meta }) => (
        <>
          <section aria-label={w.headlines} className="headlines">
            {data.headlines.slice(0, most).map((h) => <Headline key={h.indicator.id} headline={h} />)}
          </section>
          {data.headlines.length > most && <p><LinkTo to="/indicators">{w.indicators} ({data.headlines.length})</LinkTo></p>}
          {data.map !== null && <MapCard picture={data.map} meta={meta} />}
          <Clocks rules={data.findings} meta={meta} />
        </>
      )}</Loaded>
    </>
  );
}

function Headline({ headline: h }: { headline: Schemas["Headline"] }) {
  const lang = useLang();
  const w = useWords();
  const { form, unit, id, name } = h.indicator;
  return (
    <article className="card headline">
      <h3><LinkTo to={`/indicators/${id}`}>{name[lang]}</LinkTo></h3>
      <div className="figure"><b>{figure(h.figure, form)}</b>{form === "count" ? <span className="soft">{unitName(unit, lang)}</span> : <span className="soft small">{count(h.figure?.num)} / {count(h.figure?.den)}</span>}</div>
      <Spark values={h.series.map((p) => p.figure.value)} />
      <dl className="changes"><Change name={w.yearOnYear} change={h.year_on_year} form={form} /><Change name={w.monthOnMonth} change={h.month_on_month} form={form} /></dl>
      <footer><span>{h.period === null ? "—" : periodName(h.period, lang)}</span><LinkTo to={`/indicators/${id}#definition`}>{w.definitionLink}</LinkTo></footer>
    </article>
  );
}

/** A change as text with its base; no arrow and no colour. */
function Change({ name, change, form }: { name: string; change: Schemas["Change"]; form: Schemas["IndicatorForm"] }) {
  const lang = useLang();
  const w = useWords();
  const unit = change.form === "points" ? ` ${w.points}` : "\u202f%";
  const base = change.base_period === null || change.base === null ? undefined : fill(w.basePeriod, { period: periodName(change.base_period, lang), value: form === "ratio" ? percent(change.base) : count(change.base) });
  return <><dt>{name}</dt><dd title={base}>{change.value === null ? <span className="soft">{w.noBase}</span> : `${signed(change.value)}${unit}`}</dd></>;
}

/** The map, and beside it in words which regions lie beyond their own limits. */
function MapCard({ picture, meta }: { picture: Schemas["MapPicture"]; meta: Schemas["Meta"] }) {
  const lang = useLang();
  const w = useWords();
  const { set } = useAddress();
  const indicators = useIndicators();
  const rates = (indicators.data?.data ?? []).filter((i) => i.form === "ratio");
  const outside = picture.cells.filter((c) => beyond(c.position));
  return (
    <section className="card">
      <CardHead title={w.map}>
        <div className="controls"><label>{w.mapIndicator}
          <select value={picture.indicator.id} onChange={(e) => set({ map: e.target.value })}>
            {rates.length === 0 && <option value={picture.indicator.id}>{picture.indicator.name[lang]}</option>}
            {rates.map((i) => <option key={i.id} value={i.id}>{i.name[lang]}</option>)}
          </select></label></div>
      </CardHead>
      <div className="mapcard">
        <div><TileMap picture={picture} /></div>
        <div>
          <h3>{w.beyondLimits}</h3>
          <p className="soft small">{w.beyondHint}</p>
          {outside.length === 0 ? <p>{w.beyondNone}</p> : (
            <table><Heads names={[w.region, w.position, `#${w.deviation}`]} />
              <tbody>{outside.map((c) => <tr key={c.region}><th scope="row">{c.organ_id === null ? c.name : <LinkTo to={`/indicators/${picture.indicator.id}?organ=${c.organ_id}`}>{c.name}</LinkTo>}</th><td>{w[positionWords[c.position]]}</td><td className="num">{c.z === null ? "—" : signed(c.z)}</td></tr>)}</tbody></table>
          )}
          <p className="note">{w.mapHint}</p>
          <details><summary>{w.dataTable}</summary>
            <ScrollTable label={w.map}><Heads names={[w.region, w.position, `#${w.deviation}`]} />
              <tbody>{picture.cells.map((c) => <tr key={c.region}><th scope="row">{c.name}</th><td>{c.reporting ? w[positionWords[c.position]] : w.outside}</td><td className="num">{c.z === null ? "—" : signed(c.z)}</td></tr>)}</tbody></ScrollTable></details>
        </div>
      </div>
      <Provenance meta={meta}><span>{picture.indicator.name[lang]}</span><span>{w.period} {periodName(picture.period, lang)}</span></Provenance>
    </section>
  );
}

/** Outcomes that nobody has to look into. */
const quiet: ReadonlySet<Schemas["Outcome"]> = new Set(["in_time", "conforming", "not_applicable"]);

/** Every rule with its verdicts; each number leads to its list. */
function Clocks({ rules, meta }: { rules: readonly Schemas["RuleCount"][]; meta: Schemas["Meta"] }) {
  const lang = useLang();
  const w = useWords();
  const used = new Set(rules.flatMap((r) => r.outcomes.filter((o) => o.count > 0).map((o) => o.outcome)));
  const heads = (rules[0]?.outcomes ?? []).filter((o) => used.has(o.outcome));
  return (
    <section className="card">
      <CardHead title={w.outOfTime} />
      <p className="soft">{w.outOfTimeHint}</p>
      {rules.length === 0 ? <Nothing /> : (
        <ScrollTable label={w.outOfTime} className="ruletable">
          <Heads names={[w.rule, ...heads.map((o) => `#${o.text[lang]}`), `#${w.total}`]} />
          <tbody>{rules.map((r) => (
            <tr key={r.rule.id}>
              <th scope="row">{r.rule.name[lang]}</th>
              {r.outcomes.filter((o) => used.has(o.outcome)).map((o) => <td key={o.outcome} className={o.count === 0 ? "num zero" : "num"}>{o.count === 0 ? "0" : quiet.has(o.outcome) ? count(o.count) : <LinkTo to={`/findings?rule=${r.rule.id}&outcome=${o.outcome}`}>{count(o.count)}</LinkTo>}</td>)}
              <td className="num">{count(r.total)}</td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}
      <Provenance meta={meta}><span>{w.unit} {w.unitVerdict}</span></Provenance>
    </section>
  );
}
