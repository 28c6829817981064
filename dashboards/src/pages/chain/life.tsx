import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, clientHeader, taken, type Schemas } from "../../client/api";
import { useFinding, useGlossary, useSession } from "../../client/asks";
import { LinkTo } from "../../ui/address";
import { minute } from "../../ui/format";
import { Loaded, Trouble } from "../../ui/loaded";
import { CardHead, Outcome } from "../../ui/parts";
import { useLang, useWords } from "../../words/lang";
import type { Word } from "../../words/words";
import { statusWords } from "../findings/work";

type Act = Schemas["FindingActKind"];
const way: readonly Schemas["FindingStatus"][] = ["new", "under_review", "document_issued", "replied", "rectified", "closed"];
const severities: Readonly<Record<string, Word>> = { high: "severityHigh", medium: "severityMedium", low: "severityLow" };

/** Where people have brought a finding, what they did, and what may be done now. */
export function LifeCard({ id }: { id: string }) {
  const w = useWords();
  const finding = useFinding(id);
  const session = useSession();
  const granted = session.data?.data.routes.includes("actOnFinding") === true;
  return (
    <section className="card">
      <CardHead title={w.lifeHead} />
      <Loaded query={finding}>{({ data }) => <Life detail={data} granted={granted} />}</Loaded>
    </section>
  );
}

function Life({ detail, granted }: { detail: Schemas["FindingDetail"]; granted: boolean }) {
  const lang = useLang();
  const w = useWords();
  const { life, severity, route, route_text: routeText } = detail.finding;
  const shown = way.includes(life.status) ? way : [...way.slice(0, 2), life.status];
  const severityWord = severities[severity];
  return (
    <>
      <ol className="way" aria-label={w.stage}>{shown.map((s) => <li key={s} aria-current={s === life.status ? "step" : undefined}>{w[statusWords[s]]}</li>)}</ol>
      <p className="soft small facts-line">
        {severityWord !== undefined && <span>{w.severity}：{w[severityWord]}</span>}
        {route !== "" && <span>{w.route}：{routeText[lang]}</span>}
        {life.document_number !== "" && <span>{w.documentNumber}：{life.document_number}</span>}
        {life.reply_due_on !== null && <span>{w.replyDue}：{life.reply_due_on}</span>}
      </p>
      {life.attention !== "" && <p className="note"><strong>{w.attention}：</strong>{w.basisChanged}</p>}
      {detail.reply !== null && <p className="note">{w.replyStands}：<LinkTo to={`/findings/${detail.reply.finding}`}>{detail.reply.rule.name[lang]}</LinkTo> <Outcome outcome={detail.reply.outcome} text={detail.reply.outcome_text} /></p>}
      {detail.acts.length === 0 ? <p className="soft">{w.actsNone}</p> : (
        <ol className="actlist">{detail.acts.map((a) => (
          <li key={a.sequence}><span className="soft">{minute(a.at)}</span><span><strong>{a.event_text[lang]}</strong><br /><span className="soft small">{a.person}</span></span>
            <span>{a.event === "document_issued" && <><code>{a.document_number}</code><br /></>}{a.evidence !== "" && <><code>{a.evidence}</code><br /></>}{a.note}</span></li>
        ))}</ol>
      )}
      {granted && <ActForm key={life.sequence} detail={detail} />}
      <p className="soft small">{w.lifeHint}</p>
    </>
  );
}

/** What each act needs beside a note. */
const asks: Readonly<Partial<Record<Act, readonly ("document" | "evidence" | "reason" | "note")[]>>> = {
  document_issued: ["document"], replied: ["evidence"], rectified: ["evidence"], dismissed: ["reason", "note"], reopened: ["note"], noted: ["note"], basis_kept: ["note"], document_revoked: ["note"],
};
const reasons = ["data_error", "rule_error", "lawful_exception", "duplicate", "other"] as const;

/** Records one act; the place in the history that the person saw goes along, so that nobody acts on an old picture. */
function ActForm({ detail }: { detail: Schemas["FindingDetail"] }) {
  const lang = useLang();
  const w = useWords();
  const cache = useQueryClient();
  const glossary = useGlossary();
  const word = (group: string, key: string) => glossary.data?.data.find((t) => t.group === group && t.key === key)?.name[lang] ?? key;
  const { id, life, document } = detail.finding;
  const [chosen, setChosen] = useState<Act | undefined>(detail.can[0]);
  const act = useMutation({
    mutationFn: async (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      const reason = reasons.find((r) => r === text("reason"));
      return taken(await api.POST("/findings/{id}/acts", {
        params: { path: { id }, header: clientHeader },
        body: {
          act: chosen ?? "noted", after: life.sequence, note: text("note"), document_kind: text("kind"), document_number: text("number"), evidence: text("evidence"),
          ...(reason && { reason }), ...(text("due") !== "" && { reply_due_on: text("due") }), ...(text("on") !== "" && { on: text("on") }),
        },
      }));
    },
    onSettled: async () => {
      await Promise.all(["finding", "findingHistory", "findings", "work", "precision", "chain"].map((key) => cache.invalidateQueries({ queryKey: [key] })));
    },
  });
  if (chosen === undefined) return <p className="soft">{w.actNoneLeft}</p>;
  const need = asks[chosen] ?? [];
  return (
    <>
      {act.isError && <Trouble error={act.error} />}
      <form className="controls" action={(form) => act.mutate(form)}>
        <label>{w.acts}<select value={chosen} onChange={(e) => setChosen(detail.can.find((c) => c === e.target.value))}>{detail.can.map((c) => <option key={c} value={c}>{word("finding_act", c)}</option>)}</select></label>
        {need.includes("document") && <>
          <label>{w.documentKind}<select name="kind" defaultValue={document === "correction_notice" ? document : "recommendation"}><option value="recommendation">{w.documentRecommendation}</option><option value="correction_notice">{w.documentCorrection}</option><option value="other">{w.documentOther}</option></select></label>
          <label>{w.documentNumber} ({w.required})<input name="number" required maxLength={80} /></label>
          <label>{w.replyDue}<input name="due" type="date" /></label>
        </>}
        {need.includes("evidence") && <><label>{w.evidence} ({w.required})<input name="evidence" required maxLength={200} /></label><label>{w.happenedOn}<input name="on" type="date" /></label></>}
        {need.includes("reason") && <label>{w.dismissalReason} ({w.required})<select name="reason">{reasons.map((r) => <option key={r} value={r}>{word("dismissal", r)}</option>)}</select></label>}
        <label className="grow">{w.actNote}{need.includes("note") && ` (${w.required})`}<input name="note" required={need.includes("note")} maxLength={2000} /></label>
        <button className="primary" disabled={act.isPending}>{w.actDo}</button>
      </form>
    </>
  );
}
