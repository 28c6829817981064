import createClient from "openapi-fetch";
import type { components, paths } from "./schema.gen";

export type Schemas = components["schemas"];
export const api = createClient<paths>({ baseUrl: "/api/v1" });
export const clientHeader = { "X-Hengjian-Client": "dashboards" };

/** A refused request with the problem the server described. */
export class Refused extends Error {
  constructor(readonly problem: Schemas["Problem"]) {
    super(problem.title);
  }
}

/** Returns the answer, or throws the problem. */
export function taken<T>(answer: { data?: T; error?: Schemas["Problem"] }): T {
  if (answer.error !== undefined) throw new Refused(answer.error);
  if (answer.data === undefined) throw new Error("empty answer");
  return answer.data;
}
