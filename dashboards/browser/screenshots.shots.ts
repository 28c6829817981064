import { test } from "@playwright/test";

import { settled, signIn, url } from "./sign-in";

// Pictures for the documents: npm run screenshots. Not part of the tests.
const pages: Record<string, string> = { overview: "/", indicator: "/indicators/AR02b", findings: "/findings?outcome=out_of_time", arrival: "/arrival", query: "/query", glossary: "/glossary" };

for (const scheme of ["light", "dark"] as const) {
  test(`pictures in ${scheme}`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await signIn(page, "analyst");
    await page.getByText("模拟数据").first().waitFor();
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(url() + path);
      await settled(page);
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `../deploy/docs/screenshots/${name}-${scheme}.png` });
    }
    await page.goto(`${url()}/findings?outcome=out_of_time`);
    await settled(page);
    await page.locator("main a[href*='/chains/']").first().click();
    await settled(page);
    await page.screenshot({ path: `../deploy/docs/screenshots/chain-${scheme}.png` });
  });
}
