import type { Schemas } from "../../client/api";

type Event = Schemas["ChainEvent"];
type Step = Schemas["Step"];

const left = 236;
const right = 1216;
const dot = 21;

/** Days since 1970 of a legal day. */
export function dayNumber(text: string): number {
  return Math.floor(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000);
}

/** One organ's line: its events with their numbers, in as many rows as keep the dots apart. */
export interface Lane {
  readonly organ: Schemas["OrganRef"];
  readonly y: number;
  readonly height: number;
  readonly dots: readonly { readonly event: Event; readonly number: number; readonly x: number; readonly y: number }[];
}

/** One limit as a bar: the legal limit, its extensions, what passes the due day, pauses. */
export interface Bar {
  readonly step: Step;
  readonly verdict: Schemas["ChainVerdict"];
  readonly y: number;
  readonly from: number;
  readonly base: number;
  readonly due: number;
  readonly end: number;
  readonly over: boolean;
  readonly running: boolean;
  readonly pauses: readonly (readonly [number, number])[];
}

export interface TimeLine {
  readonly lanes: readonly Lane[];
  readonly bars: readonly Bar[];
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  readonly asOf: number | null;
  readonly axis: number;
  readonly height: number;
}

const systems: readonly Schemas["OrganSystem"][] = ["police", "supervisory", "detention_centre", "procuratorate", "court", "prison", "community_correction", "administrative"];

/** The share of a limit that is its first part, as in P1M+P15D; the rest are extensions. For drawing alone. */
export function baseShare(limit: string): number {
  const days = limit.split("+").map((part) => {
    const [, months = "0", whole = "0", hours = "0"] = /^P(?:(\d+)M)?(?:(\d+)D)?(?:T(\d+)H)?$/.exec(part) ?? [];
    return Number(months) * 30 + Number(whole) + Number(hours) / 24;
  });
  const all = days.reduce((a, b) => a + b, 0);
  return all === 0 ? 1 : (days[0] ?? 0) / all;
}

/** Suspensions of a trial, from the events that begin and end them. */
export function pausesOf(events: readonly Event[], end: number): readonly (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  let since: number | null = null;
  for (const event of events) {
    if (event.event.endsWith(".suspended")) since ??= dayNumber(event.at);
    if (event.event.endsWith(".resumed") && since !== null) {
      out.push([since, dayNumber(event.at)]);
      since = null;
    }
  }
  if (since !== null && since < end) out.push([since, end]);
  return out;
}

function ticksOf(first: number, last: number, x: (day: number) => number): TimeLine["ticks"] {
  const every = last - first > 1500 ? 12 : last - first > 500 ? 3 : last - first > 70 ? 1 : 0;
  const out: { x: number; text: string }[] = [];
  if (every === 0) {
    for (let day = Math.ceil(first / 7) * 7; day <= last; day += 7) out.push({ x: x(day), text: new Date(day * 86_400_000).toISOString().slice(5, 10) });
    return out;
  }
  const start = new Date(first * 86_400_000);
  for (let n = 0; n < 400; n += every) {
    const at = new Date(Date.UTC(start.getUTCFullYear(), Math.floor(start.getUTCMonth() / every) * every + n, 1));
    const day = at.getTime() / 86_400_000;
    if (day > last) break;
    if (day >= first) out.push({ x: x(day), text: every === 12 ? String(at.getUTCFullYear()) : at.toISOString().slice(0, 7) });
  }
  const step = Math.ceil(out.length / 14);
  return out.filter((_, i) => i % step === 0);
}

/** Places the events of a chain on one line per organ, and its limits below as bars. */
export function layOut(events: readonly Event[], verdicts: readonly Schemas["ChainVerdict"][], asOf: string | null): TimeLine | null {
  const today = asOf === null ? null : dayNumber(asOf);
  const drawn = verdicts.flatMap((verdict) => verdict.steps.flatMap((step) => {
    if (step.from === null || step.due === null) return [];
    const end = step.stopped ?? asOf;
    return [{ step, verdict, from: dayNumber(step.from), due: dayNumber(step.due), end: end === null ? dayNumber(step.due) : dayNumber(end) }];
  }));
  const days = [...events.map((e) => dayNumber(e.at)), ...drawn.flatMap((d) => [d.from, d.due, d.end])];
  if (days.length === 0) return null;
  const first = Math.min(...days) - 1;
  const last = Math.max(...days) + 2;
  const x = (day: number) => left + ((day - first) / Math.max(1, last - first)) * (right - left);

  const organs = [...new Map(events.map((e) => [e.organ.id, e.organ])).values()].sort((a, b) => systems.indexOf(a.system) - systems.indexOf(b.system) || a.order - b.order);
  let y = 14;
  const lanes = organs.map((organ): Lane => {
    const rows: number[] = [];
    const dots = events.flatMap((event, i) => {
      if (event.organ.id !== organ.id) return [];
      const at = x(dayNumber(event.at));
      let row = rows.findIndex((taken) => taken + dot <= at);
      if (row < 0) row = rows.push(at) - 1;
      rows[row] = at;
      return [{ event, number: i + 1, x: at, y: y + 20 + row * dot }];
    });
    const height = Math.max(1, rows.length) * dot + 19;
    const lane = { organ, y, height, dots };
    y += height;
    return lane;
  });
  const axis = y + 6;
  y = axis + 34;
  const bars = drawn.map((d): Bar => {
    const due = x(d.due);
    const from = x(d.from);
    const mine = events.filter((e) => e.person === null || d.verdict.person === null || e.person === d.verdict.person);
    const trial = d.step.records.some((r) => r.startsWith("trial:"));
    const bar: Bar = {
      step: d.step, verdict: d.verdict, y, from, base: from + (due - from) * baseShare(d.step.limit), due, end: x(d.end), over: d.end > d.due, running: d.step.stopped === null,
      pauses: trial ? pausesOf(mine, d.end).map(([a, b]) => [x(a), x(b)] as const) : [],
    };
    y += 46;
    return bar;
  });
  return { lanes, bars, ticks: ticksOf(first, last, x), asOf: today === null || today < first || today > last ? null : x(today), axis, height: y + 4 };
}

/** A limit as people say it: P1M+P15D is 1 个月 and 15 日 more. */
export function limitText(limit: string, say: { month: (n: number) => string; day: (n: number) => string; hour: (n: number) => string; plus: (t: string) => string }): string {
  const parts = limit.split("+").map((part) => {
    const [, months, days, hours] = /^P(?:(\d+)M)?(?:(\d+)D)?(?:T(\d+)H)?$/.exec(part) ?? [];
    return [months && say.month(Number(months)), days && days !== "0" && say.day(Number(days)), hours && say.hour(Number(hours))].filter(Boolean).join(" ");
  }).filter((t) => t !== "");
  return parts.map((t, i) => (i === 0 ? t : say.plus(t))).join("，");
}

/** A step's sentence in its parts: the phase, and the arithmetic line by line. */
export function arithmetic(sentence: string): { phase: string; lines: readonly string[] } {
  const [, phase = sentence, rest = ""] = /^(.*?)(?:：|: )(.*)$/s.exec(sentence) ?? [];
  return { phase, lines: rest.split(/；|; /).map((line) => line.replace(/[。.]$/, "").trim()).filter((line) => line !== "") };
}
