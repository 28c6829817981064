import { useEffect, type ReactNode } from "react";
import { LinkHere, LinkTo } from "../ui/address";
import { useWords } from "../words/lang";
import { useOrganID, useOrganTree } from "./where";

/** Head of a page: where it stands, its title, what it is about, and its controls. */
export function PageHead({ title, lead, trail, children }: { title: ReactNode; lead?: ReactNode; trail?: readonly (readonly [to: string, name: string])[]; children?: ReactNode }) {
  const w = useWords();
  const name = typeof title === "string" ? title : "";
  useEffect(() => {
    document.title = name === "" ? `${w.product} Hengjian` : `${name} · ${w.product} Hengjian`;
  }, [name, w.product]);
  return (
    <div className="pagehead">
      <div>
        {trail !== undefined && (
          <nav aria-label={w.trail}><ol className="trail">{trail.map(([to, text]) => <li key={to}><LinkTo to={to}>{text}</LinkTo></li>)}<li aria-current="page">{title}</li></ol></nav>
        )}
        <h1>{title}</h1>
        {lead !== undefined && <p className="lead">{lead}</p>}
      </div>
      {children !== undefined && <div className="controls">{children}</div>}
    </div>
  );
}

/** The leaders of the chosen organ, each a link one level up. */
export function OrganTrail() {
  const w = useWords();
  const tree = useOrganTree();
  const path = tree.path(useOrganID());
  if (path.length === 0) return null;
  return (
    <nav aria-label={w.procuratorate}>
      <ol className="trail">{path.map((organ, i) => <li key={organ.id}>{i === path.length - 1 ? <strong>{organ.name}</strong> : <LinkHere change={{ organ: organ.id, cursor: null }}>{organ.name}</LinkHere>}</li>)}</ol>
    </nav>
  );
}
