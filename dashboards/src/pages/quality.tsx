import { useSenders, useVerifications } from "../client/asks";
import { OrganTrail, PageHead } from "../shell/head";
import { LinkTo, useAddress } from "../ui/address";
import { count, minute } from "../ui/format";
import { Loaded } from "../ui/loaded";
import { useWords } from "../words/lang";
import { fill } from "../words/words";
import { ChecksCard, LooksCard } from "./quality/checks";
import { GapsCard, ProofCard, ReceiptsCard } from "./quality/proof";
import { RefusalsCard, SendersCard } from "./quality/senders";

/** How good the data are: what is missing and whom to ask first, then the checks, gaps, proofs and receipts behind it. */
export default function QualityPage() {
  const w = useWords();
  return (
    <>
      <div>
        <OrganTrail />
        <PageHead title={w.quality} lead={w.qualityLead}><LinkTo to="/arrival">{w.openArrival}</LinkTo></PageHead>
      </div>
      <Quick />
      <SendersCard />
      <RefusalsCard />
      <ChecksCard />
      <LooksCard />
      <GapsCard />
      <ProofCard />
      <ReceiptsCard />
    </>
  );
}

/** The state of the data in five figures, each explained below. */
function Quick() {
  const w = useWords();
  const { get } = useAddress();
  const senders = useSenders({ organ: get("organ"), troubled: true, limit: 300 });
  const proofs = useVerifications();
  const newest = proofs.data?.data[0];
  return (
    <section className="card" aria-label={w.quality}>
      <Loaded query={senders} short>{({ data }) => (
        <>
          <dl className="quick">
            <div><dt>{w.sendersQuick}</dt><dd>{count(data.total)} <small className="soft under">{fill(w.sendersOf, { n: count(data.troubled) })}</small></dd></div>
            <div><dt>{w.readQuick}</dt><dd>{count(data.read)}</dd></div>
            <div title={w.missingHint}><dt>{w.missingNumbers}</dt><dd>{data.looked === null ? "—" : count(data.missing)}</dd></div>
            <div><dt>{w.refusedQuick}</dt><dd>{count(data.refused)}</dd></div>
            <div><dt>{w.breachedQuick}</dt><dd>{data.looked === null ? "—" : count(data.breached)} {data.exempt > 0 && <small className="soft under">{fill(w.exemptOf, { n: count(data.exempt) })}</small>}</dd></div>
            <div><dt>{w.proofQuick}</dt><dd>{newest === undefined ? w.proofNone : newest.faults === 0 ? w.proofHolds : fill(w.proofFaults, { n: count(newest.faults) })}</dd></div>
          </dl>
          <p className="provenance"><span>{data.looked === null ? w.notLooked : fill(w.lookedAt, { t: minute(data.looked) })}</span>{newest !== undefined && <span>{w.proofQuick} {minute(newest.finished)}</span>}</p>
        </>
      )}</Loaded>
    </section>
  );
}
