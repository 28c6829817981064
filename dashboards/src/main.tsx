import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { lazy, StrictMode, Suspense, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Route, Routes, useLocation, useSearchParams } from "react-router";
import { api, clientHeader, Refused, taken, type Schemas } from "./client/api";
import { Overview } from "./pages/overview";
import { SignIn } from "./pages/sign-in";
import { LinkTo } from "./ui/link-to";
import { Loaded } from "./ui/loaded";
import { pick, useLang } from "./words/lang";
import { words } from "./words/words";
import "./ui/style.css";

const Indicators = lazy(() => import("./pages/indicators"));
const Indicator = lazy(() => import("./pages/indicator"));
const Findings = lazy(() => import("./pages/findings"));
const Chain = lazy(() => import("./pages/chain"));
const Arrival = lazy(() => import("./pages/arrival"));
const Runs = lazy(() => import("./pages/runs"));
const Query = lazy(() => import("./pages/query"));
const Glossary = lazy(() => import("./pages/glossary"));

const places = [
  ["/", "总览", "Overview"], ["/indicators", "指标", "Indicators"], ["/findings", "监督线索", "Findings"], ["/arrival", "数据到达", "Data arrival"],
  ["/runs", "运行", "Runs"], ["/query", "查询", "Query"], ["/glossary", "词汇与规则", "Words and rules"],
] as const;

/** Light, dark or as the system says; kept by the browser. */
function ThemeSwitch() {
  const lang = useLang();
  const [theme, setTheme] = useState(() => localStorage.getItem("theme") ?? "system");
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    localStorage.setItem("theme", theme);
  }, [theme]);
  return (
    <select aria-label={pick(lang, "主题", "Theme")} value={theme} onChange={(e) => setTheme(e.target.value)}>
      <option value="system">{pick(lang, "随系统", "System")}</option>
      <option value="light">{pick(lang, "浅色", "Light")}</option>
      <option value="dark">{pick(lang, "深色", "Dark")}</option>
    </select>
  );
}

function Header({ session }: { session: Schemas["SessionAnswer"] }) {
  const lang = useLang();
  const place = useLocation().pathname;
  const [params, setParams] = useSearchParams();
  const { meta } = session;
  const other = () => setParams((was) => {
    const next = new URLSearchParams(was);
    next.set("lang", params.get("lang") === "en" ? "zh" : "en");
    return next;
  });
  const leave = async () => {
    await api.DELETE("/session", { params: { header: clientHeader } });
    window.location.assign("/");
  };
  return (
    <header>
      <a className="skip" href="#main">{pick(lang, "跳到正文", "Skip to content")}</a>
      <strong className="product">衡鉴 <small>Hengjian</small></strong>
      {meta.warehouse === "simulated" && <span className="mark">模拟数据 · Simulated</span>}
      <nav aria-label={pick(lang, "页面", "Pages")}>{places.map(([to, zh, en]) => <LinkTo key={to} to={to} current={to === "/" ? place === "/" : place.startsWith(to)}>{pick(lang, zh, en)}</LinkTo>)}</nav>
      <span className="soft">{pick(lang, "基准日", "As of")} {meta.as_of ?? "—"} · {meta.scope.account} · {meta.scope.summary[lang]}</span>
      <button onClick={other}>{lang === "zh" ? "English" : "中文"}</button>
      <ThemeSwitch />
      <button onClick={() => void leave()}>{words[lang].signOut}</button>
    </header>
  );
}

function Frame() {
  const lang = useLang();
  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  }, [lang]);
  const session = useQuery({ queryKey: ["session"], queryFn: async () => taken(await api.GET("/session")) });
  if (session.isError && session.error instanceof Refused && session.error.problem.code === "unauthenticated") {
    return <SignIn language={lang} onDone={() => void session.refetch()} />;
  }
  return (
    <Loaded query={session}>{(answer) => (
      <>
        <Header session={answer} />
        <main id="main" tabIndex={-1}>
          <Suspense fallback={<div className="skeleton" aria-busy="true" />}>
            <Routes>
              <Route path="/" element={<Overview language={lang} />} />
              <Route path="/indicators" element={<Indicators />} />
              <Route path="/indicators/:id" element={<Indicator />} />
              <Route path="/findings" element={<Findings />} />
              <Route path="/chains/:id" element={<Chain />} />
              <Route path="/arrival" element={<Arrival />} />
              <Route path="/runs" element={<Runs />} />
              <Route path="/query" element={<Query />} />
              <Route path="/glossary" element={<Glossary />} />
              <Route path="*" element={<p>{pick(lang, "没有这个页面", "There is no such page")}</p>} />
            </Routes>
          </Suspense>
        </main>
      </>
    )}</Loaded>
  );
}

const client = new QueryClient({ defaultOptions: { queries: { staleTime: 15_000, refetchOnWindowFocus: false, retry: (count, error) => !(error instanceof Refused) && count < 2 } } });
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(<StrictMode><QueryClientProvider client={client}><BrowserRouter><Frame /></BrowserRouter></QueryClientProvider></StrictMode>);
}
