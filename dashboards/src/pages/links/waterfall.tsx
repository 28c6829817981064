import type { Schemas } from "../../client/api";
import { percent, signed } from "../../ui/format";
import { Heads, ScrollTable } from "../../ui/parts";
import { useWords } from "../../words/lang";
import type { Words } from "../../words/words";

type Pair = Schemas["LinkPair"];

/** One step of the waterfall: from the sum before it to the sum after it, in bits. */
export interface Step {
  readonly name: string;
  readonly says: string;
  readonly m: number | null;
  readonly u: number | null;
  readonly weight: number;
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

/** The steps of a comparison: where it starts, each field, the rarity of shared values, and the sum. */
export function stepsOf(pair: Pair, w: Words): readonly Step[] {
  const bare = { says: "", m: null, u: null };
  let sum = pair.prior;
  const fields = pair.fields.map((f): Step => {
    const from = sum;
    sum = f.total;
    const missing = f.level === null;
    return { name: f.title, says: missing ? w.linkMissing : f.says, m: missing ? null : f.m, u: missing ? null : f.u, weight: f.weight, from, to: f.total, whole: false };
  });
  return [
    { ...bare, name: w.linkPrior, weight: pair.prior, from: 0, to: pair.prior, whole: true }, ...fields,
    { ...bare, name: w.linkRarity, weight: pair.frequency, from: sum, to: sum + pair.frequency, whole: false },
    { ...bare, name: w.linkSum, weight: pair.weight, from: 0, to: pair.weight, whole: true },
  ];
}

/** The least and the greatest sum that the bars of a comparison reach, with zero and the threshold within. */
export function span(steps: readonly Step[], threshold: number): readonly [number, number] {
  const all = [0, threshold, ...steps.flatMap((s) => [s.from, s.to])];
  return [Math.min(...all) - 1, Math.max(...all) + 1];
}

const width = 340;

/** The waterfall of one comparison: each row a field with its shares, its weight and its bar on one scale. */
export function Waterfall({ pair, label }: { pair: Pair; label: string }) {
  const w = useWords();
  const steps = stepsOf(pair, w);
  const [low, high] = span(steps, pair.threshold);
  const x = (bits: number) => ((bits - low) / (high - low)) * width;
  return (
    <>
      <ScrollTable label={label} className="waterfall">
        <Heads names={[w.linkField, w.linkLevel, `#${w.linkM}`, `#${w.linkU}`, `#${w.linkWeight}`, `#${w.linkTotal}`, w.linkWaterfall]} />
        <tbody>{steps.map((s, i) => (
          <tr key={`${s.name}${String(i)}`} className={s.whole ? "whole" : undefined}>
            <th scope="row">{s.name}</th><td>{s.says}</td>
            <td className="num">{s.m === null ? "—" : percent(s.m, s.m < 0.01 ? 3 : 1)}</td><td className="num">{s.u === null ? "—" : percent(s.u, s.u < 0.01 ? 3 : 1)}</td>
            <td className="num">{signed(s.weight, 2)}</td><td className="num">{signed(s.to, 2)}</td>
            <td>
              <svg viewBox={`0 0 ${String(width)} 22`} width={width} height={22} aria-hidden="true">
                <line className="zero" x1={x(0)} x2={x(0)} y1={0} y2={22} />
                <line className="threshold" x1={x(pair.threshold)} x2={x(pair.threshold)} y1={0} y2={22} />
                <rect className={s.weight < 0 ? "away" : "adds"} x={Math.min(x(s.from), x(s.to))} y={4} width={Math.max(1.5, Math.abs(x(s.to) - x(s.from)))} height={14} />
              </svg>
            </td>
          </tr>
        ))}</tbody>
      </ScrollTable>
      <p className="soft small">{w.waterfallHint} {w.linkThreshold} {signed(pair.threshold, 2)}</p>
    </>
  );
}
