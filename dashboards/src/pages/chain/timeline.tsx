import { useState } from "react";
import { useLang, useWords } from "../../words/lang";
import { fill, type Words } from "../../words/words";
import { arithmetic, limitText, type Bar, type Lane, type TimeLine } from "./layout";

/** A limit in the words of the page. */
export function limitWords(limit: string, w: Words): string {
  return limitText(limit, {
    month: (n) => fill(w.durationMonth, { n }), day: (n) => fill(w.durationDay, { n }), hour: (n) => fill(w.durationHour, { n }), plus: (t) => fill(w.extensionPlus, { t }),
  });
}

/** Whole days between two legal days as written. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** The drawing of a chain: one line per organ, one bar per limit, the part beyond the due day hatched. */
export function TimeLineDrawing({ line, asOf }: { line: TimeLine; asOf: string | null }) {
  const lang = useLang();
  const w = useWords();
  const [chosen, setChosen] = useState<Lane["dots"][number] | null>(null);
  return (
    <>
      <div className="timeline" tabIndex={0} role="region" aria-label={w.timeline}>
        <svg viewBox={`0 0 1240 ${String(line.height)}`} role="group" aria-label={w.timelineLabel}>
          <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" className="hatchpaper" /><rect width="2" height="6" className="hatchink" /></pattern></defs>
          {line.ticks.filter((t) => t.x < 1190).map((t) => <g key={t.x}><line className="grid" x1={t.x} x2={t.x} y1={10} y2={line.height - 6} /><text className="quiet" x={t.x + 4} y={line.axis + 12}>{t.text}</text></g>)}
          {line.lanes.map((lane) => (
            <g key={lane.organ.id}>
              <line className="lane" x1={0} x2={1240} y1={lane.y + lane.height} y2={lane.y + lane.height} />
              <text x={0} y={lane.y + 25}>{lane.organ.name.length > 16 ? `${lane.organ.name.slice(0, 15)}…` : lane.organ.name}<title>{lane.organ.name}</title></text>
              {lane.dots.map((d) => {
                const label = `${String(d.number)}. ${d.event.at.slice(0, 10)} ${d.event.name[lang]}`;
                return (
                  <g key={d.number} className={chosen?.number === d.number ? "event chosen" : "event"} tabIndex={0} role="img" aria-label={label} onFocus={() => setChosen(d)} onMouseEnter={() => setChosen(d)}>
                    <circle cx={d.x} cy={d.y} r={10} /><text x={d.x} y={d.y + 3.8}>{d.number}</text>
                  </g>
                );
              })}
            </g>
          ))}
          {line.bars.map((bar) => <BarDrawing key={`${bar.verdict.finding.id}${bar.step.phase}${String(bar.y)}`} bar={bar} asOf={asOf} />)}
          {line.asOf !== null && <g><line className="asof" x1={line.asOf} x2={line.asOf} y1={4} y2={line.height} /><text className="quiet" x={line.asOf - 4} y={12} textAnchor="end">{w.asOf} {asOf}</text></g>}
        </svg>
      </div>
      <p className="eventtip" aria-live="polite">
        {chosen === null ? <span className="soft">{w.timelineHint}</span> : <><strong>{chosen.number}. {chosen.event.name[lang]}</strong> · {chosen.event.at.slice(0, 10)} · {chosen.event.organ.name}{chosen.event.person !== null && ` · ${fill(w.personNumber, { n: chosen.event.person })}`}
          {chosen.event.attributes.length > 0 && <span className="soft"> — {chosen.event.attributes.map((a) => `${a.title[lang]}：${a.text[lang] || a.value}`).join("；")}</span>}</>}
      </p>
      <p className="legend">
        <span><i className="dot" />{w.legendEvent}</span><span><i className="bar" />{w.legendLimit}</span><span><i className="ext" />{w.legendExtension}</span>
        <span><i className="over" />{w.legendOver}</span>{line.bars.some((b) => b.pauses.length > 0) && <span><i className="pause" />{w.legendPause}</span>}<span><i className="dash" />{w.legendAsOf}</span>
      </p>
    </>
  );
}

function BarDrawing({ bar, asOf }: { bar: Bar; asOf: string | null }) {
  const lang = useLang();
  const w = useWords();
  const { step, y } = bar;
  const { phase } = arithmetic(step.name[lang]);
  const person = bar.verdict.person === null ? "" : fill(w.personNumber, { n: bar.verdict.person });
  const end = step.stopped ?? asOf;
  const passed = bar.over && step.due !== null && end !== null ? fill(w.broken, { n: daysBetween(step.due, end) }) : "";
  const said = [`${step.from ?? ""} → ${step.due ?? ""}`, limitWords(step.limit, w), passed, bar.running ? w.stillRunning : ""].filter((t) => t !== "").join(" · ");
  const late = bar.from > 800;
  return (
    <g role="img" aria-label={`${phase} ${person}: ${said}`}>
      <text x={0} y={y + 17}>{phase.length > 16 ? `${phase.slice(0, 15)}…` : phase}<title>{phase}</title></text>
      <text x={0} y={y + 33} className="quiet">{person}{step.outcome === "informative" && ` ${w.informative}`}</text>
      <text x={late ? Math.max(bar.due, bar.end) : bar.from} y={y + 14} textAnchor={late ? "end" : "start"} className={bar.over ? undefined : "quiet"}>{said}</text>
      <rect className="limit" x={bar.from} y={y + 21} width={Math.max(2, bar.base - bar.from)} height={14} />
      {bar.base < bar.due - 0.5 && <rect className="extension" x={bar.base} y={y + 21} width={bar.due - bar.base} height={14} />}
      {bar.pauses.map(([a, b]) => <rect key={a} className="pause" x={a} y={y + 19} width={Math.max(2, b - a)} height={18} />)}
      {bar.over && <rect className="over" fill="url(#hatch)" x={bar.due} y={y + 21} width={Math.max(3, bar.end - bar.due)} height={14} />}
      <line className="due" x1={bar.due} x2={bar.due} y1={y + 17} y2={y + 39} />
      {!bar.running && <circle className="stop" cx={bar.end} cy={y + 28} r={4.5} />}
    </g>
  );
}
