// Validates an AsyncAPI document with the AsyncAPI parser: node deploy/asyncapi.mjs FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { Parser } = createRequire(join(process.cwd(), "package.json"))("@asyncapi/parser");
const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
for (const d of diagnostics.filter((d) => d.severity <= 1)) {
  console.error(`${d.path?.join(".")}: ${d.message}`);
}
if (!document || diagnostics.some((d) => d.severity === 0)) process.exit(1);
console.log(`AsyncAPI ${document.version()}: ${document.channels().all().length} channels, valid`);
