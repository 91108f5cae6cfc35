// How much a report asks of a computer: its size, and the processor time that the page takes to open and to
// search, which other work on the machine does not change. Usage: node measure.js REPORT QUERY...
const fs = require("fs");
const puppeteer = require("puppeteer-core");

const [report, ...queries] = process.argv.slice(2);
(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  const page = await browser.newPage();
  const client = await page.createCDPSession();
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return Math.round(1000 * metrics.find((own) => own.name === "TaskDuration").value);
  };
  await page.goto("file://" + report, { timeout: 0 });
  await page.evaluate(() => document.body.offsetHeight);
  console.log(`${fs.statSync(report).size} bytes; open: ${await busy()} ms`);
  for (const query of queries) {
    const before = await busy();
    const rows = await page.evaluate((asked) => {
      const box = document.getElementById("search");
      box.value = asked;
      box.dispatchEvent(new Event("input"));
      return document.body.offsetHeight && document.querySelectorAll("#list tbody tr").length;
    }, query);
    console.log(`"${query}": ${await busy() - before} ms, ${rows} rows shown`);
  }
  await browser.close();
})();
