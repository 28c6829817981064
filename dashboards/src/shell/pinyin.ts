import { pinyin } from "pinyin-pro";

/** The ways in which people type a name: as written, by syllables, by initials. */
export interface Spelling {
  readonly name: string;
  readonly syllables: readonly string[];
  readonly initials: string;
}

/** Spells a Chinese name without tones; 重庆 is chongqing, as the library knows place names. */
export function spell(name: string): Spelling {
  const syllables = pinyin(name, { toneType: "none", type: "array", nonZh: "consecutive" }).map((s) => s.toLowerCase());
  return { name, syllables, initials: syllables.map((s) => s[0] ?? "").join("") };
}

/** Whether what was typed begins somewhere in the name: characters, syllables (zhejiang) or initials (zj). */
export function fits(spelling: Spelling, typed: string): boolean {
  const text = typed.trim().toLowerCase().replace(/\s+/g, "");
  if (text === "" || spelling.name.includes(text)) return true;
  if (spelling.initials.includes(text)) return true;
  return spelling.syllables.some((_, start) => spelling.syllables.slice(start).join("").startsWith(text));
}
