import type { Schemas } from "../client/api";
import type { Language } from "../words/words";

export type PeriodKind = Schemas["PeriodKind"];
export const periodKinds: readonly PeriodKind[] = ["month", "quarter", "half", "year", "ytd"];

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const quarters = ["一", "二", "三", "四"];

/** The kind that an address asks for, or the usual one. */
export function periodKindOf(text: string, usual: PeriodKind): PeriodKind {
  return periodKinds.find((k) => k === text) ?? usual;
}

/** A period as people say it: 2026年6月, 2026年第二季度, 2026年1—6月. */
export function periodName(period: string, lang: Language, kind?: PeriodKind): string {
  const [, year = "", rest = ""] = /^(\d{4})-?(.*)$/.exec(period) ?? [];
  const zh = lang === "zh";
  if (year === "") return period;
  if (/^\d\d$/.test(rest)) {
    const month = Number(rest);
    const name = months[month - 1] ?? rest;
    if (kind === "ytd") return zh ? `${year}年${month === 1 ? "" : "1—"}${String(month)}月` : `${month === 1 ? "" : "Jan–"}${name} ${year}`;
    return zh ? `${year}年${String(month)}月` : `${name} ${year}`;
  }
  if (/^Q[1-4]$/.test(rest)) return zh ? `${year}年第${quarters[Number(rest[1]) - 1] ?? ""}季度` : `${year} Q${rest[1] ?? ""}`;
  if (/^Q1-Q[2-4]$/.test(rest)) return zh ? `${year}年前${quarters[Number(rest[4]) - 1] ?? ""}季度` : `${year} Q1–Q${rest[4] ?? ""}`;
  if (/^H[12]$/.test(rest)) return zh ? `${year}年${rest === "H1" ? "上" : "下"}半年` : `${year} H${rest[1] ?? ""}`;
  if (rest === "") return zh ? `${year}年` : year;
  return period;
}

/** Last day of a period as published figures write it, for an axis of time; empty when it cannot be read. */
export function periodEnd(period: string): string {
  const [, year = "", rest = ""] = /^(\d{4})-?(.*)$/.exec(period) ?? [];
  if (year === "") return "";
  const ends: Readonly<Record<string, string>> = { "": "12-31", H1: "06-30", H2: "12-31", Q1: "03-31", Q2: "06-30", Q3: "09-30", Q4: "12-31", "Q1-Q2": "06-30", "Q1-Q3": "09-30", "Q1-Q4": "12-31" };
  const end = ends[rest];
  return end === undefined ? "" : `${year}-${end}`;
}

/** The quarter that begins on a day, as values name it. */
export function quarterOf(day: string): string {
  return `${day.slice(0, 4)}Q${String(Math.ceil(Number(day.slice(5, 7)) / 3))}`;
}
