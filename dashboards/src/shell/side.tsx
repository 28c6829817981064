import { useLocation } from "react-router";
import type { Schemas } from "../client/api";
import { LinkTo } from "../ui/address";
import { useLang, useWords } from "../words/lang";
import { Icon, Seal, type IconName } from "./icons";

/** A page in the side bar: its address, its word, the operation that a role needs for it. */
const places = [
  ["navSupervision", [["/", "overview", "getOverview"], ["/indicators", "indicators", "listIndicators"], ["/comparison", "comparison", "getComparison"], ["/findings", "findings", "listFindings"], ["/patterns", "patterns", "listReportingPatterns"], ["/linkage", "linkage", "listLinkReview"]]],
  ["navData", [["/arrival", "arrival", "listFates"], ["/quality", "quality", "listSenders"], ["/runs", "runs", "listRuns"], ["/query", "query", "runQuery"]]],
  ["navReference", [["/rules", "rules", "listRules"], ["/glossary", "glossary", "getGlossary"]]],
] as const satisfies readonly (readonly [string, readonly (readonly [string, IconName, string])[]])[];

/** The side bar; what a role may not open does not stand in it. */
export function Side({ session }: { session: Schemas["SessionAnswer"] }) {
  const lang = useLang();
  const w = useWords();
  const here = useLocation().pathname;
  const isHere = (to: string) => (to === "/" ? here === "/" : here.startsWith(to) || (to === "/findings" && here.startsWith("/chains")) || (to === "/linkage" && here.startsWith("/links")));
  return (
    <div className="side">
      <LinkTo to="/" className="brand"><Seal /><span><b>衡鉴</b><small>HENGJIAN</small></span></LinkTo>
      <nav aria-label={w.navigation}>
        {places.map(([section, pages]) => {
          const granted = pages.filter(([, , operation]) => session.data.routes.includes(operation));
          return granted.length === 0 ? null : (
            <section key={section} aria-label={w[section]}>
              <h2>{w[section]}</h2>
              <ul>{granted.map(([to, name]) => <li key={to}><LinkTo to={to} current={isHere(to)}><Icon name={name} />{w[name]}</LinkTo></li>)}</ul>
            </section>
          );
        })}
      </nav>
      <footer>{session.meta.warehouse === "simulated" ? w.simulatedLong : session.meta.scope.summary[lang]}</footer>
    </div>
  );
}
