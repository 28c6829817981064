/** Where the points of a small line stand in a box of 200 by 40. */
export function sparkPath(values: readonly (number | null)[]): { line: string; last: readonly [number, number] | null } {
  const known = values.filter((v): v is number => v !== null);
  if (known.length === 0) return { line: "", last: null };
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  let pen = "M";
  let last: readonly [number, number] | null = null;
  const line = values.map((value, i) => {
    if (value === null) {
      pen = "M";
      return "";
    }
    const at = [2 + (i / Math.max(1, values.length - 1)) * 193, span === 0 ? 20 : 36 - ((value - low) / span) * 32] as const;
    const step = `${pen}${at[0].toFixed(1)} ${at[1].toFixed(1)}`;
    pen = "L";
    last = at;
    return step;
  });
  return { line: line.join(""), last };
}

/** A trend without axes; its numbers stand on the page of the indicator. */
export function Spark({ values }: { values: readonly (number | null)[] }) {
  const { line, last } = sparkPath(values);
  return (
    <svg viewBox="0 0 200 40" className="spark" preserveAspectRatio="none" aria-hidden="true">
      <path d={line} />
      {last !== null && <path d={`M${last[0].toFixed(1)} ${last[1].toFixed(1)}h.01`} className="end" />}
    </svg>
  );
}
