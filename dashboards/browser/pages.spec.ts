import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

import { settled, signIn, url } from "./sign-in";

const pages = ["/", "/indicators", "/indicators/AR02b", "/findings", "/arrival", "/runs", "/glossary"];

for (const path of pages) {
  for (const scheme of ["light", "dark"] as const) {
    test(`${path} in ${scheme} shows data without errors and is accessible`, async ({ page }) => {
      const errors: string[] = [];
      page.on("pageerror", (e) => errors.push(e.message));
      page.on("console", (m) => {
        if (m.type() === "error" && !m.text().includes("401")) errors.push(m.text());
      });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await signIn(page, "leader");
      await expect(page.getByText("模拟数据").first()).toBeVisible();
      await page.goto(url() + path);
      await settled(page);
      await expect(page.getByRole("main")).not.toBeEmpty();
      await expect(page.getByRole("alert")).toHaveCount(0);
      const axe = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
      expect(axe.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`)).toEqual([]);
      expect(errors).toEqual([]);
    });
  }
}

test("a wrong password says so and lets nobody in", async ({ page }) => {
  await signIn(page, "leader", "wrong");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByText("模拟数据")).toHaveCount(0);
});

test("a steward sees why records of the own organs were refused", async ({ page }) => {
  await signIn(page, "steward");
  await expect(page.getByText("模拟数据").first()).toBeVisible();
  await page.goto(`${url()}/arrival`);
  await settled(page);
  await expect(page.getByText("隔离区（已遮盖）")).toBeVisible();
  await expect(page.getByText("这部分不在您的权限之内")).toHaveCount(0);
});

test("a finding leads to the time line of its chain", async ({ page }) => {
  await signIn(page, "leader");
  await expect(page.getByText("模拟数据").first()).toBeVisible();
  await page.goto(`${url()}/findings?outcome=out_of_time`);
  await settled(page);
  const link = page.locator("main a[href*='/chains/']").first();
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/chains\/c-[0-9a-f]{16}/);
  await settled(page);
  await expect(page.getByText(/疑似不符/).first()).toBeVisible();
  expect(await page.locator("main").innerText()).not.toContain("违法");
});

test("an analyst runs SQL over the views and sees one province alone", async ({ page }) => {
  await signIn(page, "analyst");
  await expect(page.getByText("模拟数据").first()).toBeVisible();
  const count = async () =>
    page.evaluate(async () => {
      const answer = await fetch("/api/v1/queries", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Hengjian-Client": "test" },
        body: JSON.stringify({ sql: "SELECT uniqExact(handling_region) AS regions, countIf(substring(handling_region, 1, 2) != '11') AS outside FROM v.arrest_review" }),
      });
      return { status: answer.status, body: await answer.text() };
    });
  const { status, body } = await count();
  expect(status, body).toBe(200);
  await page.goto(`${url()}/query`);
  await settled(page);
  await expect(page.getByRole("main")).not.toBeEmpty();
});
