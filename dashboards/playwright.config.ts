import { defineConfig } from "@playwright/test";

// The browser tests run against the real binary, started by the global setup on
// a free port with its own data folder; the browser is Debian's Chromium.
export default defineConfig({
  testDir: "browser",
  testMatch: process.argv.some((a) => a.includes("screenshots")) ? /shots\.ts$/ : /spec\.ts$/,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: [["list"]],
  globalSetup: "./browser/start.ts",
  use: {
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
