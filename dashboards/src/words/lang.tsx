import { useSearchParams } from "react-router";
import type { Language } from "./words";

/** The language of the page, kept in the address; Chinese unless said otherwise. */
export function useLang(): Language {
  const [params] = useSearchParams();
  return params.get("lang") === "en" ? "en" : "zh";
}

/** Picks one of two texts. */
export function pick(lang: Language, zh: string, en: string): string {
  return lang === "zh" ? zh : en;
}
