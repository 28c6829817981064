import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, clientHeader, taken, type Schemas } from "../../client/api";
import { usePackage } from "../../client/asks";
import { count, megabytes, minute } from "../../ui/format";
import { Trouble } from "../../ui/loaded";
import { CardHead, Heads, ScrollTable, Standing } from "../../ui/parts";
import { useLang, useWords } from "../../words/lang";
import type { Word } from "../../words/words";

const states: Readonly<Record<Schemas["Package"]["state"], Word>> = { partial: "packagePartial", waiting: "packageWaiting", taken: "packageTaken", refused: "packageRefused" };

/** Posts one file package and follows what becomes of it; let in whole, or refused whole with every reason. */
export function UploadCard() {
  const w = useWords();
  const [posted, setPosted] = useState<string | null>(null);
  const post = useMutation({
    mutationFn: async (file: File) => taken(await api.POST("/ingest/packages", {
      params: { header: clientHeader }, body: file as unknown as string, bodySerializer: () => file, headers: { "Content-Type": "application/zip" },
    })),
    onSuccess: ({ data }) => setPosted(data.digest),
  });
  const follow = usePackage(posted ?? "");
  const shown = follow.data?.data ?? post.data?.data;
  const send = (form: FormData) => {
    const file = form.get("file");
    if (file instanceof File && file.size > 0) {
      setPosted(null);
      post.mutate(file);
    }
  };
  return (
    <section className="card">
      <CardHead title={w.packages} />
      <p className="soft small">{w.packagesHint}</p>
      <form className="controls" action={send}>
        <label className="grow">{w.packageFile}<input name="file" type="file" accept=".zip,application/zip" required /></label>
        <button className="primary" disabled={post.isPending}>{post.isPending ? w.packageSending : w.packageSend}</button>
      </form>
      {post.isError && <Trouble error={post.error} />}
      {shown !== undefined && !post.isError && <PackageState one={shown} />}
    </section>
  );
}

function PackageState({ one }: { one: Schemas["Package"] }) {
  const lang = useLang();
  const w = useWords();
  return (
    <div role="status">
      <p className="facts-line"><Standing state={one.state === "refused" ? "breached" : "ok"}>{w[states[one.state]]}</Standing><span>{w.packageNumber} {one.number}</span><span>{one.organ?.name ?? one.sender}</span><span>{one.signed ? w.packageSigned : w.packageUnsigned}</span><span>{megabytes(one.bytes)} MB</span><span>{minute(one.received)}</span></p>
      {one.faults.length > 0 && <ul className="plainlist">{one.faults.map((f) => <li key={f.member + f.text.en}>{f.member !== "" && <><code>{f.member}</code> </>}{f.text[lang]}</li>)}</ul>}
      {one.members.length > 0 && (
        <ScrollTable label={w.packages} className="low">
          <Heads names={[w.packageMember, w.recordType, `#${w.read}`, `#${w.accepted}`, `#${w.quarantined}`]} />
          <tbody>{one.members.map((m) => <tr key={m.name}><th scope="row"><code>{m.name}</code></th><td>{m.record_type.name[lang]}</td><td className="num">{count(m.read)}</td><td className="num">{count(m.accepted)}</td><td className="num">{count(m.quarantined)}</td></tr>)}</tbody>
        </ScrollTable>
      )}
      <p className="soft small">{w.packageDigest} <code>{one.digest}</code></p>
    </div>
  );
}
