import { mkdirSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";

import { settled, signIn, url } from "./sign-in";

// Pictures for the documents: npm run screenshots. Not part of the tests.
const folder = process.env["HENGJIAN_PICTURES"] ?? "../deploy/docs/screenshots";

type Shot = readonly [name: string, path: string, height?: number];
const ofLeader: readonly Shot[] = [
  ["overview", "/", 1500], ["indicators", "/indicators", 1000], ["indicator", "/indicators/AR02b?period_kind=quarter", 1500], ["comparison", "/comparison?compare_period=2025Q4", 1300],
  ["findings", "/findings?outcome=out_of_time&rule=R060", 1000], ["quality", "/quality", 1500], ["linkage", "/linkage", 1000], ["runs", "/runs", 900], ["rules", "/rules", 1000], ["glossary", "/glossary", 1000],
];

async function picture(page: Page, name: string, scheme: string, height = 900): Promise<void> {
  await page.setViewportSize({ width: 1440, height });
  await settled(page);
  await page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
}

for (const scheme of ["light", "dark"] as const) {
  test(`pictures in ${scheme}`, async ({ browser }) => {
    test.setTimeout(480_000);
    mkdirSync(folder, { recursive: true });
    const as = async (account: string) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme, reducedMotion: "reduce", locale: "zh-CN", timezoneId: "Asia/Shanghai" });
      const page = await context.newPage();
      await page.goto(url());
      if (account === "leader") await picture(page, "sign-in", scheme);
      await signIn(page, account);
      await expect(page.getByText("模拟数据").first()).toBeVisible();
      return page;
    };
    const leader = await as("leader");
    for (const [name, path, height] of ofLeader) {
      await leader.goto(url() + path);
      await picture(leader, name, scheme, height);
    }
    await leader.goto(`${url()}/findings?outcome=out_of_time&rule=R070&to=2026-03-01`);
    await settled(leader);
    await leader.locator("main a[href*='/chains/']").first().click();
    await leader.locator(".timeline").waitFor();
    await picture(leader, "chain", scheme, 1750);
    await leader.getByRole("link", { name: "依据" }).first().click();
    await leader.locator(".waterfall").first().waitFor();
    await picture(leader, "link", scheme, 1400);
    const analyst = await as("analyst");
    await analyst.goto(`${url()}/query`);
    await settled(analyst);
    await analyst.getByRole("button", { name: "运行" }).click();
    await expect(analyst.getByText("下载 CSV")).toBeVisible();
    await picture(analyst, "query", scheme, 1000);
    const steward = await as("steward");
    await steward.goto(`${url()}/arrival`);
    await picture(steward, "arrival", scheme, 1750);
  });
}
