import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Refused } from "../client/api";
import { pick, useLang } from "../words/lang";

/** Shows the answer of a query, or that it is loading, or why it failed. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (answer: T) => ReactNode }) {
  const lang = useLang();
  if (query.isPending) return <div className="skeleton" aria-busy="true">{pick(lang, "正在读取", "Loading")}</div>;
  if (query.isError) {
    const problem = query.error instanceof Refused ? query.error.problem : null;
    if (problem?.code === "forbidden") {
      return <p className="soft">{pick(lang, "这部分不在您的权限之内。", "This part is not within your rights.")}</p>;
    }
    return (
      <div className="card" role="alert">
        <strong>{problem?.localized.title[lang] ?? pick(lang, "服务器没有应答", "The server does not answer")}</strong>
        <p>{problem?.localized.detail[lang] ?? String(query.error)} {problem && <code>{problem.code}</code>}</p>
        <button onClick={() => void query.refetch()}>{pick(lang, "重试", "Retry")}</button>
      </div>
    );
  }
  return children(query.data);
}

/** A sentence where a list is empty. */
export function Nothing() {
  const lang = useLang();
  return <p className="soft">{pick(lang, "没有数据", "Nothing here")}</p>;
}
