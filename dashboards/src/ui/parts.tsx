import { useId, type ReactNode } from "react";
import type { Schemas } from "../client/api";
import { useLang, useWords } from "../words/lang";

/** A table that scrolls in itself, reachable by keyboard and named. */
export function ScrollTable({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return <div className={className === undefined ? "scroll" : `scroll ${className}`} tabIndex={0} role="region" aria-label={label}><table>{children}</table></div>;
}

/** The heads of a table; those that start with "#" stand over numbers. */
export function Heads({ names }: { names: readonly string[] }) {
  return <thead><tr>{names.map((name, i) => <th key={`${name}${String(i)}`} scope="col" className={name.startsWith("#") ? "num" : undefined}>{name.replace(/^#/, "")}</th>)}</tr></thead>;
}

/** One of a few choices, as buttons in a row that are radio buttons underneath. */
export function Segments<T extends string>({ legend, value, choices, onChoose }: { legend: string; value: T; choices: readonly (readonly [T, string])[]; onChoose: (value: T) => void }) {
  const group = useId();
  return (
    <fieldset className="segments">
      <legend>{legend}</legend>
      {choices.map(([key, name]) => (
        <label key={key}><input type="radio" name={group} value={key} checked={key === value} onChange={() => onChoose(key)} /><span>{name}</span></label>
      ))}
    </fieldset>
  );
}

/** What the numbers of a rule rest on, where it is not the text of the law. */
export function BasisMark({ kind }: { kind: Schemas["BasisKind"] }) {
  const w = useWords();
  if (kind === "law") return null;
  return <span className="badge">{kind === "configured" ? w.basisConfigured : w.basisUnverified}</span>;
}

/** The outcome of a verdict, by its words and a shape; never by colour. */
export function Outcome({ outcome, text }: { outcome: Schemas["Outcome"]; text: Schemas["Text"] }) {
  const lang = useLang();
  return <span className={`outcome ${outcome}`}>{text[lang]}</span>;
}

/** Whether something stands as it should, by word and shape; never by colour. */
export function Standing({ state, children }: { state: "ok" | "breached" | "exempt"; children: ReactNode }) {
  return <span className={`outcome ${state}`}>{children}</span>;
}

/** Title of a card with what stands beside it. */
export function CardHead({ title, children, level = 2 }: { title: ReactNode; children?: ReactNode; level?: 2 | 3 }) {
  return <div className="cardhead">{level === 2 ? <h2>{title}</h2> : <h3>{title}</h3>}{children}</div>;
}
