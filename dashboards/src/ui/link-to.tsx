import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";

/** A link within the pages that keeps the language. */
export function LinkTo({ to, children, current }: { to: string; children: ReactNode; current?: boolean }) {
  const [params] = useSearchParams();
  const lang = params.get("lang");
  const address = lang === null ? to : `${to}${to.includes("?") ? "&" : "?"}lang=${lang}`;
  return <Link to={address} {...(current === true ? { "aria-current": "page" as const } : {})}>{children}</Link>;
}
