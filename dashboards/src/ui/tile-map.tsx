import type { CSSProperties } from "react";
import type { Schemas } from "../client/api";
import { pick, useLang } from "../words/lang";
import { islands, places } from "./tile-layout";

/** The complete national territory as tiles; the depth of one hue is the deviation, never the value. */
export function TileMap({ picture }: { picture: Schemas["MapPicture"] }) {
  const lang = useLang();
  return (
    <ul className="tiles" aria-label={pick(lang, "地区图块", "Tiles of the regions")}>
      {picture.cells.map((c) => {
        const place = places[c.region] ?? [1, 9];
        const style = { gridColumn: place[0], gridRow: place[1], "--depth": c.reporting ? String(Math.min(100, Math.abs(c.z ?? 0) * 28)) : "0" } as CSSProperties;
        const said = c.reporting ? (c.z === null ? "—" : c.z.toFixed(1)) : pick(lang, "不在统计范围", "not in scope");
        return <li key={c.region} className={c.reporting ? "tile" : "tile outside"} style={style}><span>{c.name}</span><small>{said}</small></li>;
      })}
      <li className="tile" style={{ gridColumn: islands[0], gridRow: islands[1] }}><span>南海诸岛</span></li>
    </ul>
  );
}
