import { caseWords } from "./cases";
import { dataWords } from "./data";
import { figureWords } from "./figures";
import { linkWords } from "./link";
import { qualityWords } from "./quality";
import { shellWords } from "./shell";

export type Language = "zh" | "en";

/** One word or sentence: Chinese first, English beside it. */
export type Entry = readonly [zh: string, en: string];

/** The parts of the table, by where their words are read. */
export const parts = [shellWords, figureWords, caseWords, dataWords, qualityWords, linkWords] as const;

const table = { ...shellWords, ...figureWords, ...caseWords, ...dataWords, ...qualityWords, ...linkWords } satisfies Record<string, Entry>;

export type Word = keyof typeof table;
export type Words = Readonly<Record<Word, string>>;

const column = (n: 0 | 1): Words => Object.fromEntries(Object.entries(table).map(([key, entry]) => [key, entry[n]])) as Words;

/** Every word of the pages in both languages. */
export const words: Readonly<Record<Language, Words>> = { zh: column(0), en: column(1) };

/** Puts values into a sentence with {places}. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place));
}
