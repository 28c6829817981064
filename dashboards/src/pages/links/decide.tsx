import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, clientHeader, taken, type Schemas } from "../../client/api";
import { useSession } from "../../client/asks";
import { minute } from "../../ui/format";
import { Trouble } from "../../ui/loaded";
import { Heads, ScrollTable } from "../../ui/parts";
import { useWords } from "../../words/lang";
import type { Word } from "../../words/words";
import { entryName } from "./entry";

type Decision = Schemas["LinkDecision"];

const states: Readonly<Record<Decision["state"], Word>> = { standing: "decisionStanding", replaced: "decisionReplaced", expired: "decisionExpired", reopened: "decisionReopened", disputed: "decisionDisputed" };

/** What people decided about pairs of person entries. */
export function DecisionTable({ decisions, pairs = false }: { decisions: readonly Decision[]; pairs?: boolean }) {
  const w = useWords();
  if (decisions.length === 0) return <p className="soft">{w.decisionsNone}</p>;
  return (
    <ScrollTable label={w.viewDecisions} className="low">
      <Heads names={[...(pairs ? [w.reviewPair] : []), w.verdictDecision, w.decideReason, w.evidence, w.decisionBy, w.eventTime, w.decideUntil, w.decisionState]} />
      <tbody>{decisions.map((d) => (
        <tr key={d.a + d.b + d.at}>
          {pairs && <td className="small">{entryName(d.a)}<br />{entryName(d.b)}</td>}
          <th scope="row" className="nowrap">{d.same ? w.decideSame : w.decideOther}</th><td>{d.reason}</td><td>{d.evidence}</td><td>{d.by}</td><td className="nowrap">{minute(d.at)}</td><td className="nowrap">{d.until ?? "—"}</td><td>{w[states[d.state]]}</td>
        </tr>
      ))}</tbody>
    </ScrollTable>
  );
}

/** Records that two person entries are one person or two. */
export function DecideForm({ a, b }: { a: string; b: string }) {
  const w = useWords();
  const cache = useQueryClient();
  const session = useSession();
  const decide = useMutation({
    mutationFn: async (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      return taken(await api.POST("/links/decisions", {
        params: { header: clientHeader },
        body: { a, b, same: text("same") === "true", reason: text("reason"), evidence: text("evidence"), ...(text("until") !== "" && { until: text("until") }) },
      }));
    },
    onSettled: async () => {
      await Promise.all(["link", "linkReview", "linkDecisions", "linkAccuracy"].map((key) => cache.invalidateQueries({ queryKey: [key] })));
    },
  });
  if (session.data?.data.routes.includes("decideLink") !== true) return null;
  return (
    <>
      {decide.isError && <Trouble error={decide.error} />}
      {decide.isSuccess && <p role="status"><strong>{w.decideDone}</strong></p>}
      <form className="controls below" action={(form) => decide.mutate(form)}>
        <label>{w.verdictDecision}<select name="same" required defaultValue=""><option value="" disabled>—</option><option value="true">{w.decideSame}</option><option value="false">{w.decideOther}</option></select></label>
        <label className="grow">{w.decideReason} ({w.required})<input name="reason" required maxLength={2000} /></label>
        <label className="grow">{w.evidence} ({w.required})<input name="evidence" required maxLength={200} /></label>
        <label>{w.decideUntil}<input name="until" type="date" /></label>
        <button className="primary" disabled={decide.isPending}>{w.decide}</button>
      </form>
      <p className="soft small">{w.decideHint}</p>
    </>
  );
}
