import { useSearchParams } from "react-router";
import { words, type Language, type Words } from "./words";

/** The language of the page, kept in the address; Chinese unless said otherwise. */
export function useLang(): Language {
  const [params] = useSearchParams();
  return params.get("lang") === "en" ? "en" : "zh";
}

/** The words of the page in its language. */
export function useWords(): Words {
  return words[useLang()];
}
