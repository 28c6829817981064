import type { Schemas } from "../client/api";

/** A rate with one decimal in percent, a count with group marks, or a dash. */
export function figure(f: Schemas["Figure"] | null, form: Schemas["IndicatorForm"]): string {
  if (f === null || f.value === null) return "—";
  return form === "count" ? f.value.toLocaleString("zh-CN") : `${(f.value * 100).toFixed(1)}%`;
}
