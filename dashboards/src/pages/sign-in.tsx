import { useState } from "react";
import { api, clientHeader, Refused, taken } from "../client/api";
import { words, type Language } from "../words/words";

/** Sign-in by account and password. */
export function SignIn({ language, onDone }: { language: Language; onDone: () => void }) {
  const w = words[language];
  const [wrong, setWrong] = useState("");
  const submit = async (form: FormData) => {
    try {
      taken(await api.POST("/session", { params: { header: clientHeader }, body: { account: String(form.get("account")), password: String(form.get("password")) } }));
      onDone();
    } catch (e) {
      setWrong(e instanceof Refused ? e.problem.localized.title[language] : String(e));
    }
  };
  return (
    <main><form className="card" action={submit}>
      <h1>{w.product}</h1>
      <label>{w.account}<input name="account" autoComplete="username" required /></label>
      <label>{w.password}<input name="password" type="password" autoComplete="current-password" required /></label>
      <button>{w.signIn}</button><p role="alert">{wrong}</p>
    </form></main>
  );
}
