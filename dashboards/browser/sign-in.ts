import { expect, type Page } from "@playwright/test";

/** Address of the running product. */
export const url = () => process.env["HENGJIAN_URL"] ?? "";

/** Signs in by the page, as a person would. */
export async function signIn(page: Page, account: string, password?: string): Promise<void> {
  await page.goto(url());
  await page.getByLabel(/账号|Account/).fill(account);
  await page.getByLabel(/密码|Password/).fill(password ?? process.env[`HENGJIAN_PASSWORD_${account}`] ?? "");
  await page.getByRole("button", { name: /登录|Sign in/ }).click();
}

/** Waits until nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0, { timeout: 60_000 });
}
