import { useParams } from "react-router";
import type { Schemas } from "../client/api";
import { useIndicator, useValues } from "../client/asks";
import { OrganTrail, PageHead } from "../shell/head";
import { useOrganID, useOrganTree } from "../shell/where";
import { useAddress } from "../ui/address";
import { count, figure, unitName } from "../ui/format";
import { Loaded, Nothing } from "../ui/loaded";
import { Segments } from "../ui/parts";
import { periodKindOf, periodKinds, type PeriodKind } from "../ui/period";
import { Provenance } from "../ui/provenance";
import { useLang, useWords } from "../words/lang";
import { CourseCard } from "./indicator/course";
import { FunnelCard } from "./indicator/funnel";
import { LineageCard } from "./indicator/lineage";
import { Meaning } from "./indicator/meaning";
import { OfficialCard } from "./indicator/official";
import { OrgansCard } from "./indicator/organs";
import { TrendCard } from "./indicator/trend";

/** One indicator: its figure for an organ and period, trend, the organs below, peers, published figures, definition. */
export default function IndicatorPage() {
  const lang = useLang();
  const w = useWords();
  const { id = "" } = useParams();
  const definition = useIndicator(id);
  const { get, set } = useAddress();
  const kind = periodKindOf(get("period_kind"), "month");
  const organ = useOrganID();
  const name = useOrganTree().organ(organ)?.name ?? "";
  const values = useValues(id, { organ, period_kind: kind, coverage: "closure", from: "2000-01-01", limit: 1000 }, organ !== "");
  const names = new Map((values.data?.data ?? []).map((v) => [v.period, v.period_name[lang]]));
  const periods = [...names.keys()];
  const over = (values.data?.data ?? []).filter((v) => v.note !== "incomplete").map((v) => v.period);
  const period = periods.includes(get("period")) ? get("period") : (over[over.length - 1] ?? periods[periods.length - 1] ?? "");
  return (
    <Loaded query={definition}>{({ data: indicator }) => (
      <>
        <div>
          <PageHead title={indicator.name[lang]} trail={[["/indicators", w.indicators]]}>
            <Segments<PeriodKind> legend={w.periodKind} value={kind} choices={periodKinds.map((k) => [k, w[k]] as const)} onChoose={(k) => set({ period_kind: k, period: null })} />
            <label>{w.period}<select value={period} onChange={(e) => set({ period: e.target.value })}>{periods.toReversed().map((p) => <option key={p} value={p}>{names.get(p)}</option>)}</select></label>
          </PageHead>
        </div>
        <div className="columns">
          <div>
            <section className="card">
              <OrganTrail />
              <Loaded query={values}>{({ data, meta }) => <>
                <Quick indicator={indicator} values={data} period={period} />
                <Provenance meta={meta}><span className="badge id">{indicator.id}</span><span>{names.get(period)}</span></Provenance>
              </>}</Loaded>
            </section>
            {period !== "" && <LineageCard indicator={indicator} organ={organ} kind={kind} period={period} names={names} />}
            <Loaded query={values}>{({ data, meta }) => <TrendCard indicator={indicator} values={data} meta={meta} organ={name} period={period} />}</Loaded>
            <OrgansCard indicator={indicator} organ={organ} kind={kind} period={period} />
            {indicator.form === "ratio" && <CourseCard indicator={indicator} organ={organ} />}
            {indicator.form === "ratio" && <FunnelCard indicator={indicator} organ={organ} />}
            {indicator.official && <OfficialCard id={indicator.id} />}
          </div>
          <Meaning indicator={indicator} />
        </div>
      </>
    )}</Loaded>
  );
}

/** The figures of one period: the value with what it was made of, and the same period of the year before. */
function Quick({ indicator, values, period }: { indicator: Schemas["Indicator"]; values: readonly Schemas["Value"][]; period: string }) {
  const lang = useLang();
  const w = useWords();
  const at = (p: string) => values.filter((v) => v.period === p);
  const now = at(period);
  const whole = now.find((v) => v.dim === "");
  if (now.length === 0) return <Nothing />;
  if (whole === undefined) {
    return <dl className="quick">{now.map((v) => <div key={v.dim}><dt>{indicator.dimensions.find((d) => d.dim === v.dim)?.name[lang] ?? v.dim}</dt><dd>{count(v.figure.num)} <small className="soft">{unitName(indicator.counted_unit, lang)}</small></dd></div>)}</dl>;
  }
  const before = at(whole.period_before).find((v) => v.dim === "");
  const unit = unitName(indicator.counted_unit, lang);
  return (
    <dl className="quick">
      <div><dt>{w.current}{whole.note === "incomplete" && ` (${w.incomplete})`}</dt><dd>{figure(whole.figure, indicator.form)} {indicator.form === "count" && <small className="soft">{unit}</small>}</dd></div>
      {whole.figure.den !== null && <div><dt>{w.numerator} / {w.denominator}（{unit}）</dt><dd>{count(whole.figure.num)} / {count(whole.figure.den)}</dd></div>}
      <div><dt>{w.lastYear}</dt><dd>{before === undefined ? "—" : figure(before.figure, indicator.form)}</dd></div>
      <div title={w.undeterminedHint}><dt>{w.undetermined}</dt><dd>{count(whole.figure.undetermined)}</dd></div>
    </dl>
  );
}
