export type Language = "zh" | "en";
export const words = {
  zh: { product: "衡鉴", simulated: "模拟数据 · Simulated", asOf: "基准日", signIn: "登录", signOut: "退出", account: "账号", password: "密码", overview: "总览", outOfTime: "办案期限（疑似不符，待核查）", rule: "规则", total: "合计", retry: "重试", loading: "正在读取", empty: "没有数据", outside: "不在统计范围", map: "与本地区控制限的偏离", yearOnYear: "同比", points: "个百分点", table: "查看数据表", region: "地区", deviation: "偏离（标准误）" },
  en: { product: "Hengjian", simulated: "模拟数据 · Simulated", asOf: "As of", signIn: "Sign in", signOut: "Sign out", account: "Account", password: "Password", overview: "Overview", outOfTime: "Clocks (apparent non-conformity, to be verified)", rule: "Rule", total: "Total", retry: "Retry", loading: "Loading", empty: "No data", outside: "Not in reporting scope", map: "Deviation from the region's own control limits", yearOnYear: "Year on year", points: "points", table: "Data table", region: "Region", deviation: "Deviation (standard errors)" },
} as const;
