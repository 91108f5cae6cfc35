// Opens a report in Chromium as a clerk does: search, card, filters, keyboard, narrow, dark, print, and without
// scripts. Nothing of it breaks its own content policy, and axe-core has no complaint.
// Usage: node check.js REPORT WORDS.json; WORDS tells whom to look for and what has to be found.
const fs = require("fs");
const puppeteer = require("puppeteer-core");

const [report, wordsFile] = process.argv.slice(2);
const words = JSON.parse(fs.readFileSync(wordsFile, "utf8"));
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const A4_ACROSS = 1032; // 297 mm less two margins of 12 mm, at 96 dots an inch.

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const complaints = [];
  const expect = (holds, complaint) => { if (!holds) { complaints.push(complaint); } };
  const open = async (prepare) => {
    const page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => { if (message.type() === "error") { complaints.push(message.text()); } });
    page.on("request", (request) => { expect(request.url().startsWith("file:"), "asks the network for something"); });
    if (prepare) { await prepare(page); }
    await page.goto("file://" + report);
    return page;
  };
  const ask = (page, text) => page.evaluate((asked) => {
    const box = document.getElementById("search");
    box.value = asked;
    box.dispatchEvent(new Event("input"));
    return {
      told: document.getElementById("hits").textContent,
      rows: document.querySelectorAll("#list tbody tr").length,
      name: (document.getElementById("card-name") || {}).textContent,
      said: Array.from(document.querySelectorAll("#card .say")).map((own) => own.textContent),
    };
  }, text);

  let page = await open();
  // Search: each way finds the person, and the card says what `lookup` says.
  for (const { query, name, sentence, rows } of words.finds) {
    const found = await ask(page, query);
    if (name) { expect((found.name || "").includes(name), `"${query}" shows the card of ${found.name}, not of ${name}`); }
    if (sentence) { expect(found.said.includes(sentence), `"${query}" says\n  ${found.said.join("\n  ")}\nnot\n  ${sentence}`); }
    if (rows !== undefined) { expect(found.rows === rows, `"${query}" finds ${found.rows}, not ${rows}`); }
  }
  const folded = () => page.$$eval("section.part details", (parts) => parts.filter((part) => !part.open).length);
  await ask(page, "");
  const before = await folded();
  await ask(page, words.finds[0].query);
  expect(await folded() > before, "parts without a hit are not folded");
  await ask(page, "");
  expect(await folded() === before, "parts stay folded after the search");
  // Filters.
  await page.select("#by-status", "2");
  const states = await page.$$eval("#list tbody tr td:nth-child(3)", (cells) => Array.from(new Set(cells.map((cell) => cell.textContent))));
  expect(states.length === 1 && states[0] === words.followUp, `the filter shows ${states.join(", ")}`);
  await page.select("#by-status", "");
  // The keyboard alone: type, Enter goes to the card, Escape back; headings sort with Enter.
  await page.focus("#search");
  await page.keyboard.type(words.finds[0].query);
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement.id) === "card-name", "Enter does not lead to the card");
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement.id) === "search", "Escape does not lead back to the search");
  await ask(page, "");
  await page.focus("section.part thead th button");
  await page.keyboard.press("Enter");
  expect(await page.$("section.part th[aria-sort]"), "a heading does not sort");
  await page.select("#by-status", "0");
  const days = await page.evaluate(() => {
    const heads = Array.from(document.querySelectorAll("#list th"));
    const at = heads.findIndex((head) => /^(am|on)$/.test(head.textContent));
    heads[at].querySelector("button").click();
    return Array.from(document.querySelectorAll("#list tbody tr")).map((row) => row.cells[at].textContent).filter(Boolean);
  });
  const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const iso = (day) => (day.includes(".") ? day.split(".").reverse().join("") : day.split(" ").reverse().map((part, at) => (at === 1 ? String(101 + months.indexOf(part) / 3).slice(1) : part.padStart(2, "0"))).join(""));
  expect(days.length > 0 && days.every((day, at) => at === 0 || iso(days[at - 1]) <= iso(day)), "days do not sort as days");
  // Narrow, and without scripts.
  for (const { javaScript, width } of [{ javaScript: true, width: 320 }, { javaScript: false, width: 320 }, { javaScript: false, width: 1200 }]) {
    page = await open((own) => own.setJavaScriptEnabled(javaScript).then(() => own.setViewport({ width, height: 800 })));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth).catch(() => width);
    expect(wide <= width, `${wide} wide at ${width} (scripts: ${javaScript})`);
    if (!javaScript) {
      const text = await page.$eval("main", (main) => main.textContent);
      expect(text.includes(words.creditedCase), "without scripts the credited payments are not there");
    }
  }
  // Print: A4 across, no column beyond the paper, follow-ups first.
  page = await open((own) => own.setViewport({ width: A4_ACROSS, height: 700 }));
  await page.emulateMediaType("print");
  const cut = await page.evaluate((most) => Array.from(document.querySelectorAll("td, th, p, dd, h1, h2, svg"))
    .filter((own) => own.getClientRects().length && !own.closest("caption") && !own.classList.contains("unseen"))
    .filter((own) => own.getBoundingClientRect().right > most + 1 || (own.scrollWidth > own.clientWidth + 1 && own.matches("td, th")))
    .map((own) => own.textContent.slice(0, 60)), A4_ACROSS);
  expect(cut.length === 0, `cut in print: ${cut.slice(0, 3).join(" | ")}`);
  const heads = await page.$$eval("main h2", (all) => all.filter((own) => own.getClientRects().length).map((own) => [own.getBoundingClientRect().top, own.textContent]));
  heads.sort((a, b) => a[0] - b[0]);
  expect(heads[0][1].startsWith(words.followUpHead), `"${heads[0][1]}" is printed first`);
  const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(/MediaBox\s*\[\s*0 0 84[12][\d.]* 59[45]/.test(pdf), "the print is not A4 across");
  // axe, light and dark, at rest and with a card and hits.
  for (const scheme of ["light", "dark"]) {
    for (const query of ["", words.finds[0].query, words.many]) {
      page = await browser.newPage();
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setBypassCSP(true);
      await page.goto("file://" + report);
      if (query) { await ask(page, query); }
      await page.evaluate(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
      const result = await page.evaluate((only) => axe.run(document, { runOnly: only }), rules);
      for (const violation of result.violations) {
        complaints.push(`${scheme} "${query}": ${violation.id} (${violation.impact}), ${violation.nodes.length} times: ${violation.nodes[0].html.slice(0, 160)}`);
      }
      await page.close();
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
