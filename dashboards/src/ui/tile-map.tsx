import type { CSSProperties } from "react";
import type { Schemas } from "../client/api";
import { useWords } from "../words/lang";
import { fill, type Words } from "../words/words";
import { LinkTo } from "./address";
import { signed } from "./format";
import { beyond, positionWords } from "./position";
import { depthOf, islands, places, shortName } from "./tile-layout";

type Cell = Schemas["MapCell"];

/** What is said of a region: its position and its deviation, or why there is none. */
function said(cell: Cell, w: Words): string {
  if (!cell.reporting) return w.outside;
  const position = w[positionWords[cell.position]];
  return cell.z === null ? position : `${position}，${fill(w.deviationUnit, { z: signed(cell.z) })}`;
}

/** The complete national territory as tiles; the depth of one hue is the deviation, never the value. */
export function TileMap({ picture }: { picture: Schemas["MapPicture"] }) {
  const w = useWords();
  const tip = (cell: Cell) => <span className="tipbox" aria-hidden="true"><b>{cell.name}</b><br />{said(cell, w)}</span>;
  return (
    <>
      <ul className="tiles" aria-label={w.mapTiles}>
        {picture.cells.map((cell) => {
          const place = places[cell.region] ?? [1, 9];
          const style = { gridColumn: `${String(place[0])} / span ${String(place[2] ?? 1)}`, gridRow: place[1], "--depth": String(depthOf(cell.z)) } as CSSProperties;
          const label = `${cell.name}：${said(cell, w)}`;
          const inside = <><span>{shortName(cell.name)}</span><small>{!cell.reporting ? w.outside : cell.z === null ? "—" : signed(cell.z)}</small>{tip(cell)}</>;
          if (cell.organ_id === null) {
            return <li key={cell.region}><span className={cell.reporting ? "tile" : "tile outside"} style={style} tabIndex={0} role="img" aria-label={label}>{inside}</span></li>;
          }
          return <li key={cell.region}><TileLink to={`/indicators/${picture.indicator.id}?organ=${cell.organ_id}`} label={label} style={style} beyondLimit={beyond(cell.position)}>{inside}</TileLink></li>;
        })}
        <li><span className="tile islands" style={{ gridColumn: `${String(islands[0])} / span 2`, gridRow: islands[1] }}><span>{w.southSea}</span></span></li>
      </ul>
      <p className="legend">
        <span><i />{w.legendNone}</span>
        <span><i style={{ "--depth": String(depthOf(2)) } as CSSProperties} />{w.legendSome}</span>
        <span><i className="beyond" style={{ "--depth": String(depthOf(2.4)) } as CSSProperties} />{w.legendBeyond}</span>
        <span><i className="outside" />{w.outside}</span>
        <span>— {w.legendSmall}</span>
      </p>
    </>
  );
}

function TileLink({ to, label, style, beyondLimit, children }: { to: string; label: string; style: CSSProperties; beyondLimit: boolean; children: React.ReactNode }) {
  return <LinkTo to={to} className={beyondLimit ? "tile beyond" : "tile"} label={label} style={style}>{children}</LinkTo>;
}
