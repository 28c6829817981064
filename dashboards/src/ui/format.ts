import type { Schemas } from "../client/api";
import { words, type Language } from "../words/words";

const thin = "\u202f";

/** A number with group marks: 1,234; a dash for none. */
export function count(n: number | string | null | undefined): string {
  if (n === null || n === undefined || n === "") return "—";
  return Number(n).toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** A rate between 0 and 1 in percent with one decimal: 12.3 %. */
export function percent(rate: number | null, decimals = 1): string {
  return rate === null ? "—" : `${(rate * 100).toFixed(decimals)}${thin}%`;
}

/** The value of a figure by the form of its indicator. */
export function figure(f: Schemas["Figure"] | null, form: Schemas["IndicatorForm"]): string {
  if (f === null || f.value === null) return "—";
  return form === "ratio" ? percent(f.value) : count(f.value);
}

/** A change with its sign, as text: +1.2, −3.4. */
export function signed(value: number | null, decimals = 1): string {
  if (value === null) return "—";
  const text = Math.abs(value).toFixed(decimals);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

const units = { 人: "unitPerson", 件: "unitDocket", 人次: "unitPersonTime", 件次: "unitDocketTime", 份: "unitDocument", 天: "unitDay", 元: "unitYuan" } as const;

/** The unit in the language of the page; % stays. */
export function unitName(unit: string, lang: Language): string {
  const word = units[unit as keyof typeof units];
  return word === undefined ? unit : words[lang][word];
}

/** Day and minute of an instant, as the server wrote them with the offset of Shanghai. */
export function minute(instant: string | null | undefined): string {
  return instant === null || instant === undefined ? "—" : instant.slice(0, 16).replace("T", " ");
}

/** The share of bytes in MB. */
export function megabytes(bytes: number): string {
  return count(Math.round(bytes / (1 << 20)));
}
