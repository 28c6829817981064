import { useCallback, type CSSProperties, type ReactNode } from "react";
import { Link, useLocation, useSearchParams } from "react-router";

/** What goes along from page to page: the language and the chosen organ. */
const kept = ["lang", "organ"] as const;

/** Writes an address that keeps language and organ; what `to` says itself wins. */
export function addressOf(to: string, now: URLSearchParams): string {
  const [path = "", search = ""] = to.split("?");
  const next = new URLSearchParams(search);
  for (const key of kept) {
    const value = now.get(key);
    if (value !== null && !next.has(key)) next.set(key, value);
  }
  const text = next.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Reads and writes the state of a page, all of which stands in its address. */
export function useAddress() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (changes: Readonly<Record<string, string | null>>, replace = false) =>
      setParams(
        () => {
          // the bar, not the last rendering: two choices may follow one another before the page is drawn
          const next = new URLSearchParams(window.location.search);
          for (const [key, value] of Object.entries(changes)) {
            if (value === null || value === "") next.delete(key);
            else next.set(key, value);
          }
          return next;
        },
        { replace },
      ),
    [setParams],
  );
  return { params, get: (key: string) => params.get(key) ?? "", set };
}

interface LinkLook {
  readonly className?: string;
  readonly style?: CSSProperties;
  readonly label?: string;
  readonly current?: boolean;
}

/** A link within the pages that keeps language and organ. */
export function LinkTo({ to, children, className, style, label, current }: LinkLook & { to: string; children: ReactNode }) {
  const [params] = useSearchParams();
  return (
    <Link to={addressOf(to, params)} className={className} style={style} aria-label={label} aria-current={current === true ? "page" : undefined}>
      {children}
    </Link>
  );
}

/** A link to the same page with something changed in its address. */
export function LinkHere({ change, children }: { change: Readonly<Record<string, string | null>>; children: ReactNode }) {
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const next = new URLSearchParams(params);
  for (const [key, value] of Object.entries(change)) {
    if (value === null) next.delete(key);
    else next.set(key, value);
  }
  return <Link to={`${pathname}?${next.toString()}`}>{children}</Link>;
}
