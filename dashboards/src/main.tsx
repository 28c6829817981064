import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, useSearchParams } from "react-router";
import { api, clientHeader, taken } from "./client/api";
import { Overview } from "./pages/overview";
import { SignIn } from "./pages/sign-in";
import "./ui/style.css";
import { words } from "./words/words";

function Frame() {
  const [params, setParams] = useSearchParams();
  const language = params.get("lang") === "en" ? "en" : "zh";
  const session = useQuery({ queryKey: ["session"], retry: false, queryFn: async () => taken(await api.GET("/session")) });
  const w = words[language];
  if (session.isPending) return <p role="status">{w.loading}</p>;
  if (session.isError) return <SignIn language={language} onDone={() => void session.refetch()} />;
  const leave = async () => {
    await api.DELETE("/session", { params: { header: clientHeader } });
    window.location.reload();
  };
  return (
    <><header><strong>{w.product}</strong>
      <button onClick={() => setParams({ lang: language === "zh" ? "en" : "zh" })}>{language === "zh" ? "English" : "中文"}</button>
      <button onClick={() => void leave()}>{w.signOut}</button></header>
    <main><Overview language={language} /></main></>
  );
}

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(<StrictMode><QueryClientProvider client={new QueryClient()}><BrowserRouter><Frame /></BrowserRouter></QueryClientProvider></StrictMode>);
}
