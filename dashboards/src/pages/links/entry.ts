import type { Schemas } from "../../client/api";
import type { Word } from "../../words/words";

/** The word of each strength of a link. */
export const bandWords: Readonly<Record<Schemas["LinkedEntry"]["band"] | Schemas["LinkPair"]["band"], Word>> = {
  alone: "bandAlone", firm: "bandFirm", likely: "bandLikely", doubtful: "bandDoubtful", below: "bandBelow",
};

/** The word of each reason for which two entries were not joined. */
export const refusedWords: Readonly<Record<string, Word>> = {
  numbers: "refusedNumbers", docket: "refusedDocket", sexes: "refusedSexes", births: "refusedBirths", lent_number: "refusedLent",
  custody: "refusedCustody", death: "refusedDeath", decided: "refusedDecided", dispute: "refusedDispute", average: "refusedAverage", bridge: "refusedBridge",
};

/** A person entry as people read it: the document's number and the person's number in it. */
export function entryName(entry: string): string {
  const parts = entry.split("|");
  return parts.length === 4 ? `${parts[2] ?? ""} · ${parts[3] ?? ""}` : entry;
}
