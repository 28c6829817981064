/** A place for a value in a statement, written {name:Type}. */
export interface Place {
  readonly name: string;
  readonly type: string;
}

/** The places of a statement in their order, each name once; text in quotes and comments is none. */
export function placesOf(sql: string): readonly Place[] {
  const bare = sql.replace(/'(?:[^'\\]|\\.|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  const found = new Map<string, Place>();
  for (const [, name = "", type = ""] of bare.matchAll(/\{\s*([a-z_][a-z0-9_]{0,39})\s*:\s*([A-Za-z][A-Za-z0-9(), ']*)\s*\}/g)) {
    if (!found.has(name)) found.set(name, { name, type: type.trim() });
  }
  return [...found.values()];
}
