import { useOfficial } from "../../client/asks";
import { Loaded } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../../ui/parts";
import { periodName } from "../../ui/period";
import { percent } from "../../ui/format";
import { useLang, useWords } from "../../words/lang";

/** Nationally published figures: from outside, never summed, recomputed where their counts allow it. */
export function OfficialCard({ id }: { id: string }) {
  const lang = useLang();
  const w = useWords();
  const official = useOfficial(id);
  return (
    <section className="card">
      <CardHead title={<><i className="mark" aria-hidden="true">◇</i> {w.official}</>} />
      <p className="soft small">{w.officialHint}</p>
      <Loaded query={official}>{({ data }) => data.length === 0 ? <p className="soft">{w.officialNone}</p> : (
        <ScrollTable label={w.official}>
          <Heads names={[w.period, w.item, `#${w.printed}`, `#${w.recomputed}`, `#${w.difference}`, w.reproduced, w.source]} />
          <tbody>{data.map((o) => (
            <tr key={o.edition + o.measure + o.period}>
              <th scope="row" className="nowrap">{periodName(o.period, lang)}</th>
              <td>{o.name}</td>
              <td className="num">{o.printed}{!o.confirmed && <><br /><small className="soft">{w.unconfirmed}</small></>}</td>
              <td className="num">{o.recomputed === null ? "—" : o.unit === "percent" ? percent(o.recomputed / 100, 2) : o.recomputed}</td>
              <td className="num">{o.difference === null ? "—" : o.difference.toFixed(2)}</td>
              <td>{o.reproduced === "yes" ? w.reproducedYes : o.reproduced === "no" ? <strong>{w.reproducedNo}</strong> : "—"}{o.reason !== null && <p className="soft small">{o.reason[lang]}</p>}</td>
              <td className="soft small">{o.source}</td>
            </tr>
          ))}</tbody>
        </ScrollTable>
      )}</Loaded>
    </section>
  );
}
