import { lazy, Suspense, useMemo } from "react";
import type { Schemas } from "../../client/api";
import { useOfficial } from "../../client/asks";
import { publishedRates, trendOption, type Line } from "../../charts/trend";
import { useOrganTree } from "../../shell/where";
import { count, figure } from "../../ui/format";
import { Nothing, Waiting } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../../ui/parts";
import { Provenance } from "../../ui/provenance";
import { useLang, useWords } from "../../words/lang";
import { fill } from "../../words/words";

const Chart = lazy(() => import("../../charts/chart"));

/** The organ's own values over time, as the server computed them; published rates beside them. */
export function TrendCard({ indicator, values, meta, organ, period }: { indicator: Schemas["Indicator"]; values: readonly Schemas["Value"][]; meta: Schemas["Meta"]; organ: string; period: string }) {
  const lang = useLang();
  const w = useWords();
  const official = useOfficial(indicator.id);
  const published = useMemo(() => (indicator.form === "ratio" ? publishedRates(official.data?.data ?? []) : []), [indicator.form, official.data]);
  const lines = useMemo<readonly Line[]>(() => {
    const dims = [...new Set(values.map((v) => v.dim))];
    return dims.map((dim) => ({ name: dim === "" ? w.ownSeries : (indicator.dimensions.find((d) => d.dim === dim)?.name[lang] ?? dim), values: values.filter((v) => v.dim === dim) }));
  }, [values, indicator, lang, w]);
  const build = useMemo(() => (palette: Parameters<typeof trendOption>[5]) => trendOption(lines, published, indicator.form, lang, w, palette), [lines, published, indicator.form, lang, w]);
  const of = values[0]?.organ.id ?? "";
  const edition = values[0]?.edition ?? "";
  const taken = useOrganTree().takenOver(of);
  const label = fill(w.trendLabel, { name: indicator.name[lang] });
  return (
    <section className="card">
      <CardHead title={fill(w.trendOf, { name: w.trend, organ })} />
      {values.length === 0 ? <Nothing /> : (
        <>
          <Suspense fallback={<Waiting />}><Chart build={build} label={label} height={300} /></Suspense>
          <p className="legend">
            {lines.map((line) => <span key={line.name}><i className="dot" />{line.name}</span>)}
            {published.length > 0 && <span><i className="diamond" />{w.officialSeries}</span>}
          </p>
          <details><summary>{w.dataTable}</summary>
            <ScrollTable label={label}>
              <Heads names={[w.period, ...(lines.length > 1 ? [w.part] : []), `#${w.value}`, `#${w.numerator}`, `#${w.denominator}`, `#${w.undetermined}`]} />
              <tbody>{values.toReversed().map((v) => (
                <tr key={v.period + v.dim} className={v.period === period ? "own" : undefined}><th scope="row">{v.period_name[lang]}{v.note === "incomplete" && <small className="soft"> {w.incomplete}</small>}</th>
                  {lines.length > 1 && <td>{indicator.dimensions.find((d) => d.dim === v.dim)?.name[lang] ?? v.dim}</td>}
                  <td className="num">{figure(v.figure, indicator.form)}</td><td className="num">{count(v.figure.num)}</td><td className="num">{count(v.figure.den)}</td><td className="num">{count(v.figure.undetermined)}</td></tr>
              ))}</tbody>
            </ScrollTable></details>
        </>
      )}
      {taken.length > 0 && <p className="soft small">{fill(w.tookOver, { names: taken.map((o) => o.name).join("、"), edition })}</p>}
      <Provenance meta={meta}>{edition !== "" && <span>{w.lineageEdition} <code>{edition}</code></span>}</Provenance>
    </section>
  );
}
