import { useIndicators } from "../client/asks";
import { PageHead } from "../shell/head";
import { useOrganID } from "../shell/where";
import { LinkTo, useAddress } from "../ui/address";
import { Loaded, Nothing } from "../ui/loaded";
import { useLang, useWords } from "../words/lang";
import { CourseCard } from "./indicator/course";
import { FunnelCard } from "./indicator/funnel";

/** What the page opens with: a rate that nearly every organ has cases for. */
const usual = "AR02b";

/** One rate among peers: a funnel with its table, for any indicator that is compared. */
export default function ComparisonPage() {
  const lang = useLang();
  const w = useWords();
  const { get, set } = useAddress();
  const organ = useOrganID();
  const indicators = useIndicators();
  return (
    <Loaded query={indicators}>{({ data }) => {
      const rates = data.filter((i) => i.form === "ratio");
      const chosen = rates.find((i) => i.id === get("indicator")) ?? rates.find((i) => i.id === usual) ?? rates[0];
      if (chosen === undefined) return <Nothing />;
      return (
        <>
          <PageHead title={w.comparison} lead={<>{chosen.definition[lang]} <LinkTo to={`/indicators/${chosen.id}#definition`}>{w.definitionLink}</LinkTo></>}>
            <label>{w.mapIndicator}<select value={chosen.id} onChange={(e) => set({ indicator: e.target.value, compare_period: null })}>{rates.map((i) => <option key={i.id} value={i.id}>{i.id} {i.name[lang]}</option>)}</select></label>
          </PageHead>
          <FunnelCard indicator={chosen} organ={organ} open />
          <CourseCard indicator={chosen} organ={organ} />
        </>
      );
    }}</Loaded>
  );
}
