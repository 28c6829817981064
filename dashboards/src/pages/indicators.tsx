import { useQuery } from "@tanstack/react-query";
import { api, taken } from "../client/api";
import { LinkTo } from "../ui/link-to";
import { Loaded, Nothing } from "../ui/loaded";
import { pick, useLang } from "../words/lang";

/** All indicators of the catalogue. */
export default function IndicatorsPage() {
  const lang = useLang();
  const all = useQuery({ queryKey: ["indicators"], queryFn: async () => taken(await api.GET("/indicators")) });
  return (
    <>
      <h1>{pick(lang, "指标", "Indicators")}</h1>
      <Loaded query={all}>{({ data }) => data.length === 0 ? <Nothing /> : (
        <div className="card scroll" tabIndex={0} role="region" aria-label={pick(lang, "指标表", "Table of indicators")}><table>
          <thead><tr><th>{pick(lang, "编号", "Id")}</th><th>{pick(lang, "名称", "Name")}</th><th>{pick(lang, "单位", "Unit")}</th><th>{pick(lang, "类别", "Kind")}</th><th>{pick(lang, "法律依据", "Legal basis")}</th></tr></thead>
          <tbody>{data.map((i) => <tr key={i.id}><td>{i.id}</td><td><LinkTo to={`/indicators/${i.id}`}>{i.name[lang]}</LinkTo></td><td>{i.unit}</td><td>{i.kind}</td><td>{i.basis.join("; ")}</td></tr>)}</tbody>
        </table></div>
      )}</Loaded>
    </>
  );
}
