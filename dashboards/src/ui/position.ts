import type { Schemas } from "../client/api";
import type { Word } from "../words/words";

type Position = Schemas["Position"];

/** The word of each position against an organ's own limits. */
export const positionWords: Readonly<Record<Position, Word>> = {
  within: "positionWithin", above_95: "positionAbove95", above_998: "positionAbove998", below_95: "positionBelow95", below_998: "positionBelow998",
  too_small: "positionTooSmall", not_compared: "positionNotCompared",
};

/** Whether a position lies beyond the 95 % limits. */
export function beyond(position: Position): boolean {
  return position.startsWith("above") || position.startsWith("below");
}
