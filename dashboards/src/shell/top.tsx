import { api, clientHeader, type Schemas } from "../client/api";
import { useAddress } from "../ui/address";
import { useLang, useWords } from "../words/lang";
import { OrganPicker } from "./picker";
import { useTheme, type Theme } from "./theme";
import { useOrganID } from "./where";

/** The bar above every page: organ, mark of simulated data, person, language, theme. */
export function Top({ session }: { session: Schemas["SessionAnswer"] }) {
  const lang = useLang();
  const w = useWords();
  const { set } = useAddress();
  const [theme, setTheme] = useTheme();
  const organ = useOrganID();
  const { data, meta } = session;
  const leave = async () => {
    await api.DELETE("/session", { params: { header: clientHeader } });
    window.location.assign("/");
  };
  return (
    <header className="top">
      {data.home !== null && <OrganPicker chosen={organ} />}
      {meta.warehouse === "simulated" && <span className="mark">{w.simulated}</span>}
      <span className="space" />
      <span className="who" title={meta.scope.summary[lang]}><strong>{data.account}</strong> <span className="soft">{data.role_text[lang]}</span></span>
      <button className="plain" lang={lang === "zh" ? "en" : "zh-CN"} onClick={() => set({ lang: lang === "zh" ? "en" : null })}>{w.languageSwitch}</button>
      <select aria-label={w.theme} value={theme} onChange={(e) => setTheme(e.target.value as Theme)}>
        <option value="system">{w.themeSystem}</option>
        <option value="light">{w.themeLight}</option>
        <option value="dark">{w.themeDark}</option>
      </select>
      <button className="plain" onClick={() => window.print()}>{w.print}</button>
      <button onClick={() => void leave()}>{w.signOut}</button>
    </header>
  );
}
