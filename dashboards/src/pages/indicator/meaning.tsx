import type { Schemas } from "../../client/api";
import { unitName } from "../../ui/format";
import { useLang, useWords } from "../../words/lang";
import { kindWords } from "../indicators";

/** The definition and its legal basis, in place beside the figures. */
export function Meaning({ indicator }: { indicator: Schemas["Indicator"] }) {
  const lang = useLang();
  const w = useWords();
  const list = (texts: readonly Schemas["Text"][]) => (texts.length === 1 ? <>{texts[0]?.[lang]}</> : <ul className="plainlist">{texts.map((t) => <li key={t.en}>{t[lang]}</li>)}</ul>);
  return (
    <aside className="card" id="definition" aria-labelledby="meaning">
      <h2 id="meaning" className="spaced">{w.definition}</h2>
      <dl className="stack">
        <dt>{w.definitionText}</dt><dd>{indicator.definition[lang]}</dd>
        {indicator.includes.length > 0 && <><dt>{w.includes}</dt><dd>{list(indicator.includes)}</dd></>}
        {indicator.excludes.length > 0 && <><dt>{w.excludes}</dt><dd>{list(indicator.excludes)}</dd></>}
        <dt>{w.unitAndKind}</dt><dd>{unitName(indicator.unit, lang)}{indicator.unit !== indicator.counted_unit && ` (${unitName(indicator.counted_unit, lang)})`} · {w[kindWords[indicator.kind]]}</dd>
        <dt>{w.basis}</dt><dd><ul className="plainlist">{indicator.basis.map((b) => <li key={b}>{b}</li>)}</ul></dd>
        {indicator.preference !== null && <><dt>{w.preference}</dt><dd>{indicator.preference[lang]}</dd></>}
        {indicator.caveats.length > 0 && <><dt>{w.caveats}</dt><dd>{list(indicator.caveats)}</dd></>}
        <dt>{w.undetermined}</dt><dd>{w.undeterminedHint}</dd>
        <dt>{w.version}</dt><dd>{indicator.id} · v{indicator.version}</dd>
      </dl>
    </aside>
  );
}
