import { useQuery } from "@tanstack/react-query";
import { api, taken } from "../client/api";
import { Loaded } from "../ui/loaded";
import { pick, useLang } from "../words/lang";

/** The words of the platform and the rules of its clocks. */
export default function GlossaryPage() {
  const lang = useLang();
  const words = useQuery({ queryKey: ["glossary"], queryFn: async () => taken(await api.GET("/glossary")) });
  const rules = useQuery({ queryKey: ["rules"], queryFn: async () => taken(await api.GET("/rules")) });
  return (
    <>
      <h1>{pick(lang, "词汇与规则", "Words and rules")}</h1>
      <Loaded query={rules}>{({ data }) => <>{data.map((r) => (
        <section className="card" key={r.id + r.version}><h2>{r.id} {r.name[lang]}</h2><p>{r.reading[lang]}</p>
          <ul>{r.basis.map((b) => <li key={b.law + b.article}>《{b.law}》{b.version} {b.article}: {b.summary[lang]}{b.unverified && pick(lang, "（未核实）", " (unverified)")}</li>)}</ul>
          <p className="soft">{r.valid_from ?? "—"} – {r.valid_to ?? "…"} · {r.transition} · {r.source}</p></section>
      ))}</>}</Loaded>
      <Loaded query={words}>{({ data }) => (
        <section className="card"><h2>{pick(lang, "词汇", "Words")}</h2><div className="scroll" tabIndex={0} role="region" aria-label={pick(lang, "词汇表", "Table of words")}><table>
          <thead><tr><th>中文</th><th>English</th><th>{pick(lang, "含义", "Meaning")}</th></tr></thead>
          <tbody>{data.map((t) => <tr key={t.group + t.key}><th scope="row">{t.name.zh}</th><td>{t.name.en}</td><td>{t.meaning[lang]}</td></tr>)}</tbody>
        </table></div></section>
      )}</Loaded>
    </>
  );
}
