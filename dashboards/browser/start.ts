import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Takes a product that already runs, when the environment names one with its
 * passwords; else starts the built binary on a free port with a data folder of its own, hands
 * address and passwords to the tests by the environment, and returns the end.
 */
export default async function start(): Promise<() => Promise<void>> {
  if (process.env["HENGJIAN_URL"] !== undefined) return () => Promise.resolve();
  const data = mkdtempSync(join(tmpdir(), "hengjian-browser-"));
  const child = spawn(resolve("../bin/hengjian"), ["up"], {
    env: { ...process.env, HENGJIAN_DATA: data, HENGJIAN_LISTEN: "127.0.0.1:0", HENGJIAN_SIMULATE_CASES: process.env["HENGJIAN_SIMULATE_CASES"] ?? "400" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const opened = new Promise<string>((done, fail) => {
    const limit = setTimeout(() => fail(new Error(`the product was not open in three minutes:\n${said}`)), 180_000);
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      const address = /open (http:\/\/\S+)/.exec(said)?.[1];
      if (address !== undefined) {
        clearTimeout(limit);
        done(address);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => fail(new Error(`the product ended with ${String(code)}:\n${said}`)));
  });
  process.env["HENGJIAN_URL"] = await opened;
  for (const [, name, password] of said.matchAll(/account (\S+) password (\S+)/g)) {
    process.env[`HENGJIAN_PASSWORD_${name ?? ""}`] = password ?? "";
  }
  return async () => {
    child.removeAllListeners("exit");
    await new Promise((done) => {
      child.on("exit", done);
      child.kill("SIGTERM");
    });
    rmSync(data, { recursive: true, force: true });
  };
}
