import type { Schemas } from "../../client/api";
import { LinkTo } from "../../ui/address";
import { CardHead } from "../../ui/parts";
import { useWords } from "../../words/lang";
import { fill } from "../../words/words";
import { bandWords, entryName } from "../links/entry";

/** The person entries of a chain by person, each with how firmly it is linked and why. */
export function IdentityList({ identities }: { identities: readonly Schemas["ChainIdentity"][] }) {
  const w = useWords();
  if (identities.length === 0) return null;
  const persons = [...new Set(identities.map((i) => i.person))];
  return (
    <div className="identities">
      <CardHead title={w.identities} />
      <p className="soft small">{w.identitiesHint}</p>
      {persons.map((person) => {
        const mine = identities.filter((i) => i.person === person);
        const first = mine[0]?.entry ?? "";
        return (
          <section key={person} aria-label={fill(w.personNumber, { n: person })}>
            <h3>{fill(w.personNumber, { n: person })} <span className="soft small">{w[bandWords[mine[0]?.band ?? "alone"]]}</span></h3>
            {mine.some((i) => i.check) && <p className="small" title={w.identityCheckHint}><strong>{w.identityCheck}</strong></p>}
            <ol className="dockets">{mine.map((i) => (
              <li key={i.entry}>
                <span>{i.organ.name}</span><code>{entryName(i.entry)}</code>
                {i.entry !== first && <LinkTo to={`/links?${new URLSearchParams({ a: first, b: i.entry }).toString()}`}>{w.why}</LinkTo>}
              </li>
            ))}</ol>
          </section>
        );
      })}
    </div>
  );
}
