import { lazy, Suspense, useMemo } from "react";
import { Refused, type Schemas } from "../../client/api";
import { useCourse } from "../../client/asks";
import { courseOption } from "../../charts/course";
import { useOrganTree } from "../../shell/where";
import { count, percent } from "../../ui/format";
import { Loaded, Waiting } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable } from "../../ui/parts";
import { periodName } from "../../ui/period";
import { Provenance } from "../../ui/provenance";
import { useLang, useWords } from "../../words/lang";
import { fill } from "../../words/words";

const Chart = lazy(() => import("../../charts/chart"));

/** The control chart of one organ against its own past, with its signals in words. */
export function CourseCard({ indicator, organ }: { indicator: Schemas["IndicatorRef"]; organ: string }) {
  const w = useWords();
  const level = useOrganTree().organ(organ)?.level;
  const course = useCourse(indicator.id, level === undefined || level === "national" ? "" : organ);
  const none = course.isError && course.error instanceof Refused && course.error.problem.status === 404;
  return (
    <section className="card">
      <CardHead title={w.course} />
      <p className="soft small">{w.courseHint}</p>
      {level === "national" ? <p className="note">{w.courseChoose}</p> : none ? <p className="note">{w.courseNone}</p> : <Loaded query={course}>{({ data, meta }) => <><CourseChart course={data} /><Provenance meta={meta}><span>{data.organ.name}</span><span>{w.coverage} {data.coverage === "own" ? w.ownOnly : w.withLed}</span></Provenance></>}</Loaded>}
    </section>
  );
}

function CourseChart({ course }: { course: Schemas["Course"] }) {
  const lang = useLang();
  const w = useWords();
  const build = useMemo(() => (palette: Parameters<typeof courseOption>[3]) => courseOption(course, lang, w, palette), [course, lang, w]);
  const label = fill(w.courseLabel, { name: course.indicator.name[lang] });
  const say = (n: number) => (course.indicator.form === "ratio" ? percent(n) : count(n));
  return (
    <>
      <Suspense fallback={<Waiting />}><Chart build={build} label={label} height={260} /></Suspense>
      <p className="legend"><span><i className="dot" />{w.value}{course.seasonal && ` (${w.courseSeason})`}</span><span><i className="line" />{w.courseCentre} {say(course.centre)}</span><span><i className="dash" />{w.courseLimits} {say(course.lower)} – {say(course.upper)}</span><span><i className="ring" />{w.courseSignals}</span></p>
      {course.signals.length === 0 ? <p>{w.courseQuiet}</p> : <ul className="plainlist">{course.signals.map((s) => <li key={s.kind + s.period + s.since}>{s.text[lang]}</li>)}</ul>}
      <details><summary>{w.dataTable}</summary>
        <ScrollTable label={label}><Heads names={[w.period, `#${w.value}`]} /><tbody>{course.points.toReversed().map((p) => <tr key={p.period}><th scope="row">{periodName(p.period, lang)}</th><td className="num">{say(p.adjusted)}</td></tr>)}</tbody></ScrollTable></details>
    </>
  );
}
