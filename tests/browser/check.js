// Opens a report in Chromium: nothing of it breaks its own content policy, the search finds, and
// axe-core has no complaint. Usage: node check.js REPORT WORD
const fs = require("fs");
const puppeteer = require("puppeteer-core");

const [report, word] = process.argv.slice(2);
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const complaints = [];
  const page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) complaints.push("asks the network for something");
  });
  await page.goto("file://" + report);
  const all = await page.$$eval("main tbody tr", (rows) => rows.length);
  await page.type("#search", word);
  const shown = await page.$$eval("main tbody tr:not([hidden])", (rows) => rows.length);
  if (!(shown > 0 && shown < all)) complaints.push(`the search shows ${shown} of ${all} rows`);
  await page.click("main thead th button");
  if (!(await page.$("th[aria-sort]"))) complaints.push("a click on a heading does not sort");
  for (const scheme of ["light", "dark"]) {
    const other = await browser.newPage();
    await other.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await other.setBypassCSP(true);
    await other.goto("file://" + report);
    await other.evaluate(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const result = await other.evaluate((only) => axe.run(document, { runOnly: only }), rules);
    for (const violation of result.violations) {
      complaints.push(`${scheme}: ${violation.id} (${violation.impact}), ${violation.nodes.length} times: ${violation.nodes[0].html.slice(0, 120)}`);
    }
  }
  await browser.close();
  if (complaints.length > 0) {
    console.error(complaints.join("\n"));
    process.exit(1);
  }
  console.log(`${report}: no complaint`);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
