import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useOrgans } from "../client/asks";
import { useAddress } from "../ui/address";
import { Trouble, Waiting } from "../ui/loaded";
import { useWords } from "../words/lang";
import { fill } from "../words/words";
import type { Spelling } from "./pinyin";
import { OrganTree, type Organ } from "./tree";

type Speller = typeof import("./pinyin");

/** Chooses the procuratorate that the pages speak of; the choice stands in the address. */
export function OrganPicker({ chosen }: { chosen: string }) {
  const w = useWords();
  const [open, setOpen] = useState(false);
  const organs = useOrgans();
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { set } = useAddress();
  const current = organs.data?.data.find((o) => o.id === chosen);
  useEffect(() => {
    if (!open) return;
    const away = (e: PointerEvent) => {
      if (e.target instanceof Node && !place.current?.contains(e.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (organ: Organ) => {
    set({ organ: organ.id, cursor: null });
    close();
  };
  return (
    <div className="picker" ref={place}>
      <button ref={button} aria-haspopup="dialog" aria-expanded={open} aria-label={`${w.organPicker}: ${current?.name ?? ""}`} onClick={() => setOpen(!open)}>
        <span>{current?.name ?? w.organPicker}</span><span aria-hidden="true">▾</span>
      </button>
      {open && (
        <div className="popup" role="dialog" aria-label={w.organPicker}>
          {organs.isPending && <Waiting short />}
          {organs.isError && <Trouble error={organs.error} />}
          {organs.data !== undefined && <Chooser organs={organs.data.data} chosen={chosen} onChoose={choose} onClose={close} />}
        </div>
      )}
    </div>
  );
}

/** The spellings of all names, once the library for them is here. */
function useSpellings(organs: readonly Organ[]): { speller: Speller; of: ReadonlyMap<string, Spelling> } | null {
  const [speller, setSpeller] = useState<Speller | null>(null);
  useEffect(() => {
    let gone = false;
    void import("./pinyin").then((loaded) => {
      if (!gone) setSpeller(loaded);
    });
    return () => {
      gone = true;
    };
  }, []);
  return useMemo(() => (speller === null ? null : { speller, of: new Map(organs.map((o) => [o.id, speller.spell(o.name)])) }), [speller, organs]);
}

function Chooser({ organs, chosen, onChoose, onClose }: { organs: readonly Organ[]; chosen: string; onChoose: (organ: Organ) => void; onClose: () => void }) {
  const w = useWords();
  const id = useId();
  const tree = useMemo(() => new OrganTree(organs), [organs]);
  const spellings = useSpellings(organs);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set([...tree.path(chosen).map((o) => o.id), ...tree.rows(new Set()).map((r) => r.organ.id)]));
  const [active, setActive] = useState(chosen);
  const list = useRef<HTMLUListElement>(null);
  const rows = useMemo(() => {
    if (typed.trim() === "") return tree.rows(open);
    const text = typed.trim();
    return tree.found((organ) => {
      const spelling = spellings?.of.get(organ.id);
      const byName = spelling === undefined ? organ.name.includes(text) : (spellings?.speller.fits(spelling, text) ?? false);
      return byName || organ.code.toLowerCase().includes(text.toLowerCase());
    }, 60);
  }, [tree, open, typed, spellings]);
  const at = Math.max(0, rows.findIndex((r) => r.organ.id === active));
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at, rows]);
  const twist = (organ: Organ, wanted: boolean) => setOpen((was) => {
    const next = new Set(was);
    if (wanted) next.add(organ.id);
    else next.delete(organ.id);
    return next;
  });
  const keys = (e: KeyboardEvent) => {
    const row = rows[at];
    const move = (to: number) => setActive(rows[Math.min(rows.length - 1, Math.max(0, to))]?.organ.id ?? active);
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(at + 1), ArrowUp: () => move(at - 1), PageDown: () => move(at + 10), PageUp: () => move(at - 10),
      Enter: () => { if (row !== undefined) onChoose(row.organ); },
      Escape: onClose,
      ...(typed === "" && row !== undefined ? {
        ArrowRight: () => { if (row.children > 0 && !row.open) twist(row.organ, true); else move(at + 1); },
        ArrowLeft: () => { if (row.open) twist(row.organ, false); else if (row.organ.parent !== null && tree.organ(row.organ.parent) !== undefined) setActive(row.organ.parent); },
      } : {}),
    };
    const act = acts[e.key];
    if (act !== undefined) {
      e.preventDefault();
      act();
    }
  };
  return (
    <>
      <input
        type="text" role="combobox" aria-label={w.organSearch} placeholder={w.organSearch} aria-expanded="true" aria-haspopup="tree" aria-controls={`${id}tree`} aria-autocomplete="list"
        {...(rows.length > 0 ? { "aria-activedescendant": `${id}${rows[at]?.organ.id ?? ""}` } : {})}
        value={typed} onChange={(e) => setTyped(e.target.value)} onKeyDown={keys} autoFocus autoComplete="off" spellCheck={false}
      />
      <ul className="tree" role="tree" id={`${id}tree`} aria-label={w.organPicker} ref={list}>
        {rows.map((row, i) => (
          <li
            key={row.organ.id} id={`${id}${row.organ.id}`} role="treeitem" aria-level={row.depth + 1} aria-selected={row.organ.id === chosen} {...(row.children > 0 && typed === "" ? { "aria-expanded": row.open } : {})}
            className={i === at ? "active" : undefined} style={{ paddingLeft: 8 + row.depth * 18 }} onClick={() => onChoose(row.organ)}
          >
            <span className="twist" aria-hidden="true" onClick={(e) => { e.stopPropagation(); if (row.children > 0) twist(row.organ, !row.open); }}>{row.children === 0 || typed !== "" ? "" : row.open ? "▾" : "▸"}</span>
            <span>{row.organ.name}</span>
            {row.children > 0 && <small>{fill(w.organLed, { n: row.children })}</small>}
          </li>
        ))}
      </ul>
      <p className="soft small" role="status">{rows.length === 0 ? w.organNone : typed === "" ? w.organSearchHint : fill(w.organFound, { n: rows.length })}</p>
    </>
  );
}
