import { useState } from "react";
import { api, clientHeader, Refused, taken } from "../client/api";
import { Seal } from "../shell/icons";
import { useAddress } from "../ui/address";
import { useLang, useWords } from "../words/lang";

/** Sign-in by account and password. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const lang = useLang();
  const w = useWords();
  const { set } = useAddress();
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (form: FormData) => {
    setBusy(true);
    try {
      taken(await api.POST("/session", { params: { header: clientHeader }, body: { account: String(form.get("account")), password: String(form.get("password")) } }));
      onDone();
    } catch (e) {
      setWrong(e instanceof Refused ? `${e.problem.localized.title[lang]}：${e.problem.localized.detail[lang]}` : w.noAnswer);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="signin">
      <form action={submit}>
        <h1 className="brand"><Seal /><span><b>{w.product}</b><small>{w.productLine}</small></span></h1>
        <label>{w.account}<input name="account" autoComplete="username" required autoFocus /></label>
        <label>{w.password}<input name="password" type="password" autoComplete="current-password" required /></label>
        <button className="primary" disabled={busy}>{busy ? w.signingIn : w.signIn}</button>
        <p role="alert" className={wrong === "" ? "hidden" : "note"}>{wrong}</p>
        <p className="soft small">{w.signInHint}</p>
        <p><button type="button" className="plain" lang={lang === "zh" ? "en" : "zh-CN"} onClick={() => set({ lang: lang === "zh" ? "en" : null })}>{w.languageSwitch}</button></p>
      </form>
    </main>
  );
}
