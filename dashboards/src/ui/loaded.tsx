import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Refused } from "../client/api";
import { useLang, useWords } from "../words/lang";

/** Shows the answer of a query, or that it is loading, or why it failed. */
export function Loaded<T>({ query, children, short }: { query: UseQueryResult<T>; children: (answer: T) => ReactNode; short?: boolean }) {
  const w = useWords();
  if (query.isPending) return <Waiting {...(short === undefined ? {} : { short })} />;
  if (query.isError) {
    if (query.error instanceof Refused && query.error.problem.code === "forbidden") {
      return <div className="state"><strong>{w.notGranted}</strong><span>{w.notGrantedHint}</span></div>;
    }
    return <Trouble error={query.error} again={() => void query.refetch()} />;
  }
  return children(query.data);
}

/** A place that will be filled. */
export function Waiting({ short }: { short?: boolean }) {
  const w = useWords();
  return <div className={short === true ? "skeleton short" : "skeleton"} aria-busy="true">{w.loading}</div>;
}

/** Why something failed, with its code and trace, and a way to try again. */
export function Trouble({ error, again }: { error: Error; again?: () => void }) {
  const lang = useLang();
  const w = useWords();
  const problem = error instanceof Refused ? error.problem : null;
  return (
    <div className="state" role="alert">
      <strong>{problem?.localized.title[lang] ?? w.noAnswer}</strong>
      <span>{problem?.localized.detail[lang] ?? w.noAnswerHint}</span>
      {problem?.errors?.map((part) => <span key={part.where + part.detail.en}><code>{part.where}</code> {part.detail[lang]}</span>)}
      {problem !== null && <span className="small"><code>{problem.code}</code> · {w.trace} <code>{problem.trace_id}</code></span>}
      {again !== undefined && <button onClick={again}>{w.retry}</button>}
    </div>
  );
}

/** A sentence where a list is empty. */
export function Nothing({ title, hint, children }: { title?: string; hint?: string; children?: ReactNode }) {
  const w = useWords();
  return <div className="state"><strong>{title ?? w.empty}</strong><span>{hint ?? w.emptyHint}</span>{children}</div>;
}
