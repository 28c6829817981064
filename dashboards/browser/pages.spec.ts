import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Browser, type BrowserContext, type Page } from "@playwright/test";

import { settled, signIn, url } from "./sign-in";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Sessions of the accounts, signed in once each. */
const sessions = new Map<string, Awaited<ReturnType<BrowserContext["storageState"]>>>();
const contexts: BrowserContext[] = [];

test.afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

/** Opens a page as somebody and collects what the browser complains of. */
async function opened(browser: Browser, account: string, path: string): Promise<{ page: Page; errors: string[] }> {
  const known = sessions.get(account);
  const context = await browser.newContext({ locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce", colorScheme: "light", acceptDownloads: true, ...(known && { storageState: known }) });
  contexts.push(context);
  const page = await context.newPage();
  if (known === undefined) {
    await signIn(page, account);
    await expect(page.getByText("模拟数据").first()).toBeVisible();
    sessions.set(account, await context.storageState());
  }
  const errors: string[] = [];
  page.on("pageerror", (e) => errors.push(e.message));
  page.on("console", (m) => {
    if (m.type() === "error" && !m.text().includes("401")) errors.push(m.text());
  });
  await page.goto(url() + path);
  await expect(page.getByText("模拟数据").first()).toBeVisible();
  await settled(page);
  return { page, errors };
}

async function accessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const axe = await new AxeBuilder({ page }).withTags(tags).analyze();
    expect(axe.violations.map((v) => `${colorScheme} ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`)).toEqual([]);
  }
}

const pages: readonly (readonly [account: string, path: string])[] = [
  ["leader", "/"], ["leader", "/indicators"], ["leader", "/indicators/AR02b"], ["leader", "/indicators/AR03?lang=en"], ["leader", "/comparison"], ["leader", "/findings"], ["leader", "/arrival"],
  ["leader", "/quality"], ["analyst", "/quality?lang=en&senders=all"], ["leader", "/patterns"], ["leader", "/linkage"], ["leader", "/linkage?view=accuracy"], ["leader", "/linkage?view=broken"],
  ["leader", "/runs"], ["leader", "/rules"], ["leader", "/glossary?lang=en"], ["steward", "/arrival"], ["analyst", "/query"],
];

for (const [account, path] of pages) {
  test(`${path} for ${account} shows data without errors and is accessible in both themes`, async ({ browser }) => {
    const { page, errors } = await opened(browser, account, path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
    await accessible(page);
    expect(errors).toEqual([]);
  });
}

test("a finding leads to the time line of its chain, and people bring it on its way", async ({ browser }) => {
  const { page, errors } = await opened(browser, "leader", "/findings?outcome=out_of_time&rule=R060");
  const link = page.locator("tbody tr", { hasText: "新发现" }).locator("a[href*='/chains/']").first();
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/chains\/c-[0-9a-f]{16}/);
  await settled(page);
  await expect(page.getByText(/疑似不符/).first()).toBeVisible();
  await expect(page.locator("svg .over").first()).toBeVisible();
  expect((await page.locator("main").innerText()).replaceAll("纠正违法通知书", "")).not.toContain("违法");
  await page.locator("svg .event").first().focus();
  await expect(page.locator(".eventtip strong")).toContainText("1.");
  await accessible(page);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.locator(".way [aria-current]")).toHaveText("核查中");
  await page.getByLabel("处理").selectOption("dismissed");
  await page.getByLabel(/排除理由/).selectOption("data_error");
  await page.getByLabel(/理由或说明/).fill("登记日期录入有误，已核对原卷");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.locator(".way [aria-current]")).toHaveText("经核查排除");
  await expect(page.locator(".actlist")).toContainText("登记日期录入有误");
  await page.goto(`${url()}/findings?view=work`);
  await settled(page);
  await expect(page.getByRole("row", { name: /经核查排除/ }).first()).toBeVisible();
  await accessible(page);
  await page.locator("main a[href*='/findings/']").first().click();
  await expect(page.getByText("历次运行的判定")).toBeVisible();
  expect(errors).toEqual([]);
});

test("the sign-in page is accessible, and a wrong password says so and lets nobody in", async ({ page }) => {
  await page.goto(url());
  await expect(page.getByLabel("账号")).toBeFocused();
  await accessible(page);
  await signIn(page, "leader", "wrong");
  await expect(page.getByRole("alert")).toContainText("口令");
  await expect(page.getByText("模拟数据")).toHaveCount(0);
});

test("the organ is chosen by keyboard and pinyin, and stays in the address from page to page", async ({ browser }) => {
  const { page } = await opened(browser, "leader", "/indicators/AR02b?period_kind=quarter");
  await page.getByRole("button", { name: /选择检察院/ }).focus();
  await page.keyboard.press("Enter");
  const box = page.getByRole("combobox", { name: /按名称/ });
  await expect(box).toBeFocused();
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("treeitem", { level: 3 }).first()).toBeVisible();
  await box.fill("zhejiang");
  await expect(page.getByRole("treeitem").first()).toContainText("浙江");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/organ=o\d+/);
  await settled(page);
  const organ = new URL(page.url()).searchParams.get("organ") ?? "";
  await expect(page.getByRole("row", { name: /^浙江省人民检察院/ }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "杭州市人民检察院" })).toBeVisible();
  await page.getByRole("link", { name: "总览", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`organ=${organ}`));
});

test("a keyboard alone walks from the skip link to an indicator", async ({ browser }) => {
  const { page } = await opened(browser, "leader", "/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "跳到正文" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  await page.keyboard.press("Tab");
  const focused = page.locator(":focus");
  await expect(focused).toHaveAttribute("href", /\/indicators\//);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/indicators\//);
});

test("the map shows 34 units in administrative order, and the islands, and says who does not report", async ({ browser }) => {
  const { page } = await opened(browser, "leader", "/");
  const tiles = page.locator(".tiles > li");
  await expect(tiles).toHaveCount(35);
  await expect(page.locator(".tile.islands")).toContainText("南海诸岛");
  for (const name of ["台湾省", "香港特别行政区", "澳门特别行政区"]) await expect(page.getByRole("img", { name: `${name}：不在统计范围` })).toBeVisible();
  await page.locator("a.tile").first().focus();
  await expect(page.locator("a.tile .tipbox").first()).toBeVisible();
});

test("filters and pages of findings stand in the address", async ({ browser }) => {
  const { page } = await opened(browser, "leader", "/findings");
  await page.getByRole("combobox", { name: "规则" }).selectOption("R060");
  await page.getByRole("combobox", { name: "判定" }).selectOption("in_time");
  await expect(page).toHaveURL(/rule=R060&outcome=in_time/);
  await settled(page);
  const first = await page.locator("tbody tr").first().innerText();
  await page.getByRole("button", { name: "下一页" }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.locator("tbody tr").first()).not.toHaveText(first);
  await page.reload();
  await settled(page);
  await expect(page.getByRole("combobox", { name: "规则" })).toHaveValue("R060");
  await page.goto(`${url()}/findings?from=1990-01-01&to=1990-01-02`);
  await expect(page.getByText("没有数据")).toBeVisible();
});

test("a steward sees why records of the own organs were refused", async ({ browser }) => {
  const { page } = await opened(browser, "steward", "/arrival");
  await expect(page.getByText("隔离区（已遮盖）")).toBeVisible();
  await expect(page.getByText("这部分不在您的权限之内")).toHaveCount(0);
});

test("the data page names senders of whom something is missing and what to ask them", async ({ browser }) => {
  const { page, errors } = await opened(browser, "leader", "/quality");
  const asked = page.getByRole("region", { name: "缺什么，问谁" }).locator("tbody tr");
  await expect(asked.filter({ hasText: "重新发送" }).first()).toBeVisible();
  const before = await asked.count();
  await page.getByLabel("只看有缺漏的").click();
  await expect(page).toHaveURL(/senders=all/);
  await expect.poll(() => asked.count()).toBeGreaterThan(before);
  await expect(page.getByRole("region", { name: "隔离的原因与补救" }).getByRole("row", { name: /缺少必填字段.*补全该字段后重新发送/ }).first()).toBeVisible();
  await expect(page.getByText("没有发送回执")).toBeVisible();
  expect(errors).toEqual([]);
});

test("a chain tells why its entries are one person, and a decision is recorded", async ({ browser }) => {
  const { page, errors } = await opened(browser, "leader", "/findings?outcome=out_of_time&rule=R060");
  await page.locator("main a[href*='/chains/']").first().click();
  await settled(page);
  await page.getByRole("link", { name: "依据" }).first().click();
  await expect(page).toHaveURL(/\/links\?/);
  await settled(page);
  await expect(page.getByRole("heading", { level: 2, name: /程序认为是/ })).toBeVisible();
  const rows = page.locator(".waterfall").first().locator("tbody tr");
  await expect(rows.first()).toContainText("起点");
  await expect(rows.last()).toContainText("合计");
  await accessible(page);
  await page.getByRole("combobox", { name: "决定" }).selectOption("true");
  await page.getByLabel(/^理由/).fill("核对原卷，同一人");
  await page.getByLabel(/证明材料/).fill("原卷第3页");
  await page.getByRole("button", { name: "作出决定" }).click();
  await expect(page.getByText("决定已登记")).toBeVisible();
  await page.goto(`${url()}/linkage?view=decisions`);
  await expect(page.getByRole("row", { name: /核对原卷，同一人/ })).toBeVisible();
  expect(errors).toEqual([]);
});

test("a steward posts a package, and one that is none is refused whole with its reasons", async ({ browser }) => {
  const { page } = await opened(browser, "steward", "/arrival");
  await page.getByLabel("数据包（zip）").setInputFiles({ name: "a.zip", mimeType: "application/zip", buffer: Buffer.from("no zip at all") });
  await page.getByRole("button", { name: "上传", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
});

test("an analyst completes, runs and downloads, and sees one province alone", async ({ browser }) => {
  const { page } = await opened(browser, "analyst", "/query");
  const editor = page.getByRole("textbox", { name: "SQL 语句" });
  await editor.press("Control+a");
  await page.keyboard.type("SELECT uniqExact(handling_region) AS regions, countIf(substring(handling_region, 1, 2) != {home:String}) AS outside FROM v.arrest_re");
  await page.locator(".cm-tooltip-autocomplete li", { hasText: "arrest_review" }).first().click();
  await page.getByLabel("home: String").fill("11");
  await page.getByRole("button", { name: "运行", exact: true }).click();
  const cells = page.locator(".result td");
  await expect(cells).toHaveCount(2);
  await expect(cells.nth(1)).toHaveText("0");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载 CSV" }).click()]);
  expect(file.suggestedFilename()).toMatch(/^hengjian-simulated-.*\.csv$/);
  await editor.press("Control+a");
  await page.keyboard.type("SELECT * FROM system.users");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "运行", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
});

test("an address that names no page says so, and a failing answer can be tried again", async ({ browser }) => {
  const { page } = await opened(browser, "leader", "/nowhere");
  await expect(page.getByText("没有这个页面")).toBeVisible();
  await page.route("**/api/v1/runs*", (route) => route.abort());
  await page.goto(`${url()}/runs`);
  await expect(page.getByRole("alert")).toContainText("服务器没有应答", { timeout: 15_000 });
  await page.unroute("**/api/v1/runs*");
  await page.getByRole("button", { name: "重试" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("the theme is chosen, kept, and left aside in print", async ({ browser }) => {
  const { page } = await opened(browser, "leader", "/");
  await page.getByLabel("主题").selectOption("dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".side")).toBeHidden();
  await expect(page.getByText("模拟数据").first()).toBeVisible();
});

test("the first page leaves charts and editor for later", async ({ browser }) => {
  const { page } = await opened(browser, "leader", "/glossary");
  const scripts: string[] = [];
  page.on("request", (r) => {
    if (r.resourceType() === "script") scripts.push(r.url());
  });
  await page.goto(url());
  await expect(page.locator(".headline").first()).toBeVisible();
  await settled(page);
  expect(scripts.filter((s) => /chart|editor|pinyin/.test(s))).toEqual([]);
});
