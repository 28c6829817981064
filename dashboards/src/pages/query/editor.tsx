import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { sql, StandardSQL } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { Schemas } from "../../client/api";
import { useLang } from "../../words/lang";

/** What a page may do to the editor from outside. */
export interface EditorHandle {
  readonly insert: (text: string) => void;
}

const look = EditorView.theme({
  "&": { minHeight: "190px", maxHeight: "46vh", backgroundColor: "var(--card)", color: "var(--ink)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "2px solid var(--hue)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.65", minHeight: "190px" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--hue-soft) 40%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--hue-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--rule)", borderRadius: "6px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "13px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--hue-soft)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal", marginLeft: "1em", fontFamily: "var(--sans)" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--hue)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--hue-2)" },
  { tag: tags.number, color: "var(--hue-2)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--hue)" },
]);

/** The views and their columns as the completion wants them. */
export function schemaOf(tables: readonly Schemas["Table"][], lang: "zh" | "en") {
  const views = Object.fromEntries(tables.map((t) => [t.name.replace(/^v\./, ""), t.columns.map((c) => ({ label: c.name, detail: `${c.title[lang]} ${c.type}`, type: "property" }))]));
  return { v: views };
}

/** An SQL editor with completion over the views; it stands in a shadow root, so that its styles need no inline style sheet. */
export default function Editor({ value, onChange, onRun, tables, label, hold }: { value: string; onChange: (text: string) => void; onRun: () => void; tables: readonly Schemas["Table"][]; label: string; hold: (handle: EditorHandle | null) => void }) {
  const lang = useLang();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const acts = useRef({ onChange, onRun, hold });
  const text = useRef(value);
  useEffect(() => {
    acts.current = { onChange, onRun, hold };
  });
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const root = box.shadowRoot ?? box.attachShadow({ mode: "open" });
    const run = { key: "Mod-Enter", run: () => { acts.current.onRun(); return true; } };
    const made = new EditorView({
      root, parent: root as unknown as Element,
      state: EditorState.create({
        doc: text.current,
        extensions: [
          Prec.highest(keymap.of([run])), lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(),
          autocompletion(), sql({ dialect: StandardSQL, schema: schemaOf(tables, lang), upperCaseKeywords: true }), syntaxHighlighting(colours), look,
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]), EditorView.lineWrapping, EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of((u) => {
            if (!u.docChanged) return;
            text.current = u.state.doc.toString();
            acts.current.onChange(text.current);
          }),
        ],
      }),
    });
    view.current = made;
    acts.current.hold({
      insert: (what) => {
        made.dispatch(made.state.replaceSelection(what));
        made.focus();
      },
    });
    const { hold: release } = acts.current;
    return () => {
      release(null);
      view.current = null;
      made.destroy();
    };
  }, [tables, lang, label]);
  useEffect(() => {
    const made = view.current;
    if (made !== null && value !== text.current) {
      text.current = value;
      made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
    }
  }, [value]);
  return <div className="editor" ref={place} />;
}
