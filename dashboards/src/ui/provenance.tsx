import type { Schemas } from "../client/api";
import { useWords } from "../words/lang";
import { minute } from "./format";

/** Where figures come from: legal day, what was known, definitions, vintage, scope. */
export function Provenance({ meta, children }: { meta: Schemas["Meta"]; children?: React.ReactNode }) {
  const w = useWords();
  return (
    <p className="provenance">
      {children}
      {meta.as_of !== null && <span>{w.asOf} {meta.as_of}</span>}
      {meta.known_at !== null && <span>{w.knownAt} {minute(meta.known_at)}</span>}
      <span>{w.vintage} {w.vintageLive}</span>
      <span>{w.definitionsDigest} <code>{meta.definitions.slice(0, 12)}</code></span>
      <span>{w.organScope} {meta.scope.account}</span>
    </p>
  );
}
