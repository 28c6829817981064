import type { ReactNode } from "react";

/** The mark of the product: a balance within a square seal. */
export function Seal() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect x="1" y="1" width="30" height="30" rx="5" fill="none" stroke="#c9a86a" strokeWidth="1.6" />
      <path d="M16 7v18M10 25h12M7 11h18M7 11l-3 7h6zM25 11l-3 7h6z" fill="none" stroke="#c9a86a" strokeWidth="1.6" strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}

const drawings = {
  overview: <path d="M2 2h5v6H2zM9 2h5v4H9zM2 10h5v4H2zM9 8h5v6H9z" />,
  indicators: <path d="M2 14V2M2 14h12M5 11V8M8 11V5M11 11V7" />,
  comparison: <><path d="M2 3c5 3 8 3.6 12 4M2 13c5-3 8-3.6 12-4" /><circle cx="5" cy="8" r=".8" /><circle cx="9" cy="8" r=".8" /><circle cx="12" cy="8" r=".8" /></>,
  findings: <><circle cx="7" cy="7" r="4.5" /><path d="M10.5 10.5 14 14M7 5v2.5l1.5 1" /></>,
  arrival: <path d="M8 2v8M5 7l3 3 3-3M2 11v3h12v-3" />,
  quality: <path d="M3 2h7l3 3v9H3zM5.500 9l2 2 3.500-4" />,
  patterns: <><path d="M2 14h12M3 11h1.500M7 11h1.500M11 9.500h1.500M12 4v7" /><circle cx="12" cy="3.500" r="1.500" /></>,
  linkage: <><circle cx="4" cy="4" r="2" /><circle cx="12" cy="4" r="2" /><circle cx="8" cy="12" r="2" /><path d="M6 4h4M5 5.800 7 10.200M11 5.800 9 10.200" /></>,
  runs: <><circle cx="8" cy="8" r="6" /><path d="M6.5 5.5v5l4-2.5z" /></>,
  query: <path d="m3 4 4 4-4 4M8 12h5" />,
  rules: <path d="M4 2h8v12H4zM6 5h4M6 8h4M6 11h2" />,
  glossary: <path d="M2 3c2.5-1 4.500-.5 6 1 1.500-1.500 3.500-2 6-1v10c-2.500-1-4.500-.5-6 1-1.500-1.500-3.500-2-6-1zM8 4v10" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

/** A small line drawing beside a word; never without the word. */
export function Icon({ name }: { name: IconName }) {
  return <svg viewBox="0 0 16 16" aria-hidden="true">{drawings[name]}</svg>;
}
