import { lazy, Suspense, useEffect } from "react";
import { Route, Routes, useLocation } from "react-router";
import { Refused } from "../client/api";
import { useSession } from "../client/asks";
import { Overview } from "../pages/overview";
import { SignIn } from "../pages/sign-in";
import { LinkTo } from "../ui/address";
import { Loaded, Nothing, Waiting } from "../ui/loaded";
import { useLang, useWords } from "../words/lang";
import { Side } from "./side";
import { Top } from "./top";

const Indicators = lazy(() => import("../pages/indicators"));
const Indicator = lazy(() => import("../pages/indicator"));
const Comparison = lazy(() => import("../pages/comparison"));
const Findings = lazy(() => import("../pages/findings"));
const Finding = lazy(() => import("../pages/finding"));
const Chain = lazy(() => import("../pages/chain"));
const Arrival = lazy(() => import("../pages/arrival"));
const Quality = lazy(() => import("../pages/quality"));
const Patterns = lazy(() => import("../pages/patterns"));
const Linkage = lazy(() => import("../pages/linkage"));
const Link = lazy(() => import("../pages/links"));
const Runs = lazy(() => import("../pages/runs"));
const Query = lazy(() => import("../pages/query"));
const Rules = lazy(() => import("../pages/rules"));
const Glossary = lazy(() => import("../pages/glossary"));

/** Everything around a page: who is signed in, the bars, and which page the address names. */
export function Frame() {
  const lang = useLang();
  const w = useWords();
  const place = useLocation().pathname;
  const session = useSession();
  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  }, [lang]);
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [place]);
  if (session.isError && session.error instanceof Refused && session.error.problem.code === "unauthenticated") {
    return <SignIn onDone={() => void session.refetch()} />;
  }
  if (session.data === undefined) return <main><Loaded query={session}>{() => null}</Loaded></main>;
  return (
    <>
      <a className="skip" href="#main">{w.skip}</a>
      <div className="frame">
        <Side session={session.data} />
        <div>
          <Top session={session.data} />
          <main id="main" tabIndex={-1}>
            <Suspense fallback={<Waiting />}>
              <Routes>
                <Route path="/" element={session.data.data.routes.includes("getOverview") ? <Overview /> : <Arrival />} />
                <Route path="/indicators" element={<Indicators />} />
                <Route path="/indicators/:id" element={<Indicator />} />
                <Route path="/comparison" element={<Comparison />} />
                <Route path="/findings" element={<Findings />} />
                <Route path="/findings/:id" element={<Finding />} />
                <Route path="/chains/:id" element={<Chain />} />
                <Route path="/arrival" element={<Arrival />} />
                <Route path="/quality" element={<Quality />} />
                <Route path="/patterns" element={<Patterns />} />
                <Route path="/linkage" element={<Linkage />} />
                <Route path="/links" element={<Link />} />
                <Route path="/runs" element={<Runs />} />
                <Route path="/query" element={<Query />} />
                <Route path="/rules" element={<Rules />} />
                <Route path="/glossary" element={<Glossary />} />
                <Route path="*" element={<Nothing title={w.noPage} hint={w.noPageHint}><LinkTo to="/">{w.toOverview}</LinkTo></Nothing>} />
              </Routes>
            </Suspense>
          </main>
        </div>
      </div>
    </>
  );
}
