(function () {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const data = JSON.parse(byId("data").textContent);
  const { words, texts, kinds, rows, months } = data;
  const german = data.lang === "de";
  const CREDITED = 0, PAGE = 100;

  // Texts: folded as the program folds them (umlauts, accents, ß), case numbers without leading zeros.
  function fold(text) {
    const plain = text.toLowerCase().replace(/ß/g, "ss").replace(/[æœø]/g, (c) => (c === "æ" ? "a" : "o"))
      .replace(/ł/g, "l").replace(/[đð]/g, "d").replace(/ı/g, "i").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    return plain.split(/[^a-z0-9]+/).filter(Boolean).map((word) => word.replace(/([aou])e/g, "$1"));
  }
  const key = (text) => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  const caseKey = (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean).map((part) => key(part).replace(/^0+(?=.)/, "")).join("");

  // Amounts (cents) and days as they are shown and spoken.
  function amount(cents) {
    if (cents === null || cents === undefined) { return ""; }
    const digits = String(Math.abs(cents)).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, german ? "." : ",");
    return (cents < 0 ? "-" : "") + whole + (german ? "," : ".") + digits.slice(-2);
  }
  function euros(cents) {
    const text = amount(cents).replace(/[.,]00$/, "");
    return text + " " + (text === "1" ? words.euro : words.euros);
  }
  function day(iso) {
    if (!iso) { return ""; }
    const [year, month, date] = iso.split("-");
    return german ? date + "." + month + "." + year : Number(date) + " " + months[month - 1].slice(0, 3) + " " + year;
  }
  function today() {
    const now = new Date();
    return data.asOf || [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  }

  // A payment as the data have it.
  function payment(number) {
    const [kind, caseId, name, cents, iban, payee, facility, places, more] = rows[number];
    return { number, kind: kinds[kind], caseId, name, cents, payee: texts[payee], facility: texts[facility], places, more: more || {},
      iban: !iban ? "" : iban.length === 4 ? data.masked + iban : iban };
  }
  function sentence(own) {
    const late = own.kind.until && own.kind.after && today() > own.kind.until;
    const payee = own.kind.home ? own.facility || own.payee : own.payee || own.name;
    const values = { name: own.name, payee, amount: euros(own.cents) };
    return texts[late ? own.kind.after : own.kind.before].replace(/\{(name|payee|amount)\}/g, (all, slot) => values[slot]);
  }

  // Finding: the strongest way that finds anybody counts; a choice is the clerk's.
  const CASE = 0, END = 1, IBAN_END = 2, NAME = 3, START = 4, SIMILAR = 5, NOT = 9;
  const BEFORE = new Set(["frau", "fr", "herr", "herrn", "hr", "familie", "fam", "dr", "prof", "mrs", "mr", "ms", "miss", "dipl"]);
  let index = null;
  function indexed() {
    index = index || rows.map((row) => ({
      case: caseKey(row[1]), ref: key(row[1]), iban: key(row[4]),
      names: [row[2], texts[row[5]], texts[row[6]]].filter(Boolean).map(fold),
    }));
    return index;
  }
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) { return most + 1; }
    let twoAgo = [], before = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i += 1) {
      const now = [i];
      for (let j = 1; j <= b.length; j += 1) {
        const same = a[i - 1] === b[j - 1];
        now[j] = Math.min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) { now[j] = Math.min(now[j], twoAgo[j - 2] + 1); }
      }
      twoAgo = before;
      before = now;
    }
    return before[b.length];
  }
  const slips = (word) => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);
  function sought(text) {
    const tail = key(text).replace(/^IBAN/, ""), digits = tail.replace(/\D/g, "").length;
    const folded = digits ? [] : fold(text), named = folded.filter((word) => !BEFORE.has(word));
    return { case: caseKey(text), tail: tail.length >= 4 && digits >= 4 ? tail : "", words: named.length ? named : folded };
  }
  function rank(own, wanted) {
    if (own.case && own.case === wanted.case) { return CASE; }
    if (wanted.tail) {
      const last = own.iban.slice(-4), country = wanted.tail.match(/^[A-Z]{2}/);
      if (own.ref.endsWith(wanted.tail) || (own.iban && own.iban.endsWith(wanted.tail))) { return END; }
      if (own.iban && own.iban.length <= 6 && wanted.tail.endsWith(last) && (!country || country[0] === (own.iban.length === 6 ? own.iban : data.masked).slice(0, 2))) { return IBAN_END; }
    }
    if (!wanted.words.length) { return NOT; }
    let best = NOT;
    for (const name of own.names) {
      const fits = (test) => wanted.words.every((word) => name.some((other) => test(other, word)));
      if (fits((other, word) => other === word)) { return NAME; }
      if (fits((other, word) => word.length >= 3 && other.startsWith(word))) { best = Math.min(best, START); }
    }
    return best;
  }
  // Each word of the names is compared once, however many people bear it.
  function alike(word) {
    const vocabulary = new Set(indexed().flatMap((own) => own.names.flat()));
    return new Set(Array.from(vocabulary).filter((other) => distance(other, word, slips(word)) <= slips(word)));
  }
  const filters = ["status", "benefit", "actor", "office"].map((id) => ({ id, box: byId("by-" + id) })).filter((own) => own.box);
  const passes = (kind) => filters.every(({ id, box }) => box.value === "" || String(kind[id]) === box.value);
  function find(text) {
    const wanted = sought(text), passing = kinds.map(passes);
    let numbers = [], by = NOT;
    if (!text) {
      rows.forEach((row, number) => { if (passing[row[0]]) { numbers.push(number); } });
      return { by: CASE, numbers };
    }
    if (!wanted.case) { return { by, numbers }; }
    indexed().forEach((own, number) => {
      if (!passing[rows[number][0]]) { return; }
      const found = rank(own, wanted);
      if (found < by) { by = found; numbers = []; }
      if (found === by && by !== NOT) { numbers.push(number); }
    });
    if (by === NOT && wanted.words.length && wanted.words.every((word) => word.length >= 4)) {
      const known = wanted.words.map(alike);
      const isAlike = (own) => own.names.some((name) => known.every((some) => name.some((other) => some.has(other))));
      indexed().forEach((own, number) => { if (passing[rows[number][0]] && isAlike(own)) { numbers.push(number); } });
      if (numbers.length) { by = SIMILAR; }
    }
    return { by, numbers };
  }
  const person = (number) => rows[number][2] + "\0" + (caseKey(rows[number][1]) || texts[rows[number][5]] + "\0" + rows[number][4]);
  function paymentsOf(number) {
    const wanted = person(number), found = [];
    rows.forEach((row, other) => { if (row[2] === rows[number][2] && person(other) === wanted) { found.push(payment(other)); } });
    return found.sort((a, b) => (a.kind.due < b.kind.due ? -1 : a.kind.due > b.kind.due ? 1 : a.number - b.number));
  }

  // What is shown. Texts of files become text nodes only.
  function make(name, text, attributes) {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) { made.textContent = text; }
    Object.entries(attributes || {}).forEach(([attribute, value]) => made.setAttribute(attribute, value));
    return made;
  }
  const box = byId("search"), hits = byId("hits"), card = byId("card"), list = byId("list");
  let opener = null;
  function place(places, at) { return texts[places[at]] + ":" + places[at + 1]; }
  function facts(own) {
    const { kind, more } = own, shown = make("dl"), open = kind.status !== CREDITED && kind.actor;
    const add = (name, value) => { if (value) { shown.append(make("dt", name), make("dd", value)); } };
    const euro = (cents) => (cents === null || cents === undefined ? "" : amount(cents) + " €");
    add(words.case, own.caseId);
    add(words.benefit, texts[kind.benefit]);
    add(words.for, own.payee ? own.name : "");
    add(words.to, own.payee || own.name);
    add(words.facility, own.facility);
    add("IBAN", own.iban);
    add(words.sum, euro(own.cents));
    add(words.paid, euro(kind.paid));
    add(words.state, data.status[kind.status] + " – " + texts[kind.reason] + " (" + kind.evidence + ")");
    add(words.differs, texts[more.differs || 0]);
    (more.why || []).forEach((line) => add(words.why, texts[line[0]] + (line.length > 1 ? " [" + place(line, 1) + "]" : "")));
    add(words.due, day(kind.due));
    add(words.booked, day(kind.booked));
    if (!open) {
      add(words.expected, day(kind.credited));
      add(words.latest, day(kind.latest));
    }
    add(words.actor, texts[kind.actor]);
    add(words.todo, texts[kind.action]);
    add(words.decided, texts[more.decided || 0]);
    add(words.call, texts[kind.call]);
    add(words.list, place(own.places, 0));
    for (let at = 2; at < own.places.length; at += 2) {
      const what = more.bank ? texts[more.bank[at / 2 - 1]] : amount(-own.cents) + " € " + day(kind.booked);
      add(words.bank, place(own.places, at) + " (" + what + ")");
    }
    return shown;
  }
  function showCard(number) {
    const payments = paymentsOf(number), first = payments[0], head = make("h3", undefined, { id: "card-name", tabindex: "-1" });
    head.textContent = words.card + " " + (first.name || first.payee || first.caseId);
    const body = make("article", undefined, { "aria-labelledby": "card-name" });
    const close = make("button", words.close, { type: "button" });
    close.addEventListener("click", closeCard);
    body.append(head);
    payments.forEach((own) => {
      const said = make("blockquote", undefined, { class: kindClass(own.kind) });
      said.append(make("p", words.say, { class: "label" }), make("p", sentence(own), { class: "say" }));
      body.append(said, facts(own));
    });
    body.append(close);
    card.replaceChildren(body);
    return head;
  }
  function closeCard() {
    card.replaceChildren();
    (opener && opener.isConnected ? opener : box).focus();
    opener = null;
  }
  const kindClass = (kind) => ["credited", "delayed", "follow-up"][kind.status];
  function opens(number, text) {
    const button = make("button", text, { type: "button", class: "open" });
    button.dataset.payment = number;
    return button;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.open");
    if (!button) { return; }
    opener = button;
    showCard(Number(button.dataset.payment)).focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { return; }
    if (card.contains(document.activeElement)) { closeCard(); } else if (byId("desk").contains(document.activeElement)) { box.focus(); box.select(); }
  });

  // The list of hits, sorted by what a column means.
  const columns = [
    [words.case, (own) => own.caseId, (own) => fold(own.caseId).join(" ")],
    [words.name, (own) => own.name || own.payee, (own) => fold(own.name || own.payee).join(" ")],
    [words.state, (own) => data.status[own.kind.status], (own) => own.kind.status],
    [words.reason, (own) => texts[own.kind.reason], (own) => texts[own.kind.reason]],
    [words.amount, (own) => amount(own.cents), (own) => (own.cents === null ? -1 : own.cents)],
    [words.on, (own) => day(own.kind.credited), (own) => own.kind.credited || "9"],
    [words.benefit, (own) => texts[own.kind.benefit], (own) => texts[own.kind.benefit]],
    [words.office, (own) => texts[own.kind.office], (own) => texts[own.kind.office]],
  ].filter(([name]) => name !== words.office || kinds.some((kind) => kind.office));
  let sorted = { column: -1, up: true }, shownCount = PAGE;
  function showList(found) {
    if (!found.numbers.length) { list.replaceChildren(); return; }
    let order = found.numbers;
    if (sorted.column >= 0) {
      const value = columns[sorted.column][2], keyed = order.map((number) => [value(payment(number)), number]);
      const up = sorted.up ? 1 : -1;
      order = keyed.sort((a, b) => (a[0] < b[0] ? -up : a[0] > b[0] ? up : a[1] - b[1])).map((own) => own[1]);
    }
    const table = make("table", undefined, { class: "r4" }), head = make("tr"), body = make("tbody");
    table.append(make("caption", words.hits), make("thead"), body);
    table.tHead.append(head);
    columns.forEach(([name], column) => {
      const cell = make("th", undefined, { scope: "col" }), button = make("button", name, { type: "button" });
      if (sorted.column === column) { cell.setAttribute("aria-sort", sorted.up ? "ascending" : "descending"); }
      button.addEventListener("click", () => {
        sorted = { column, up: sorted.column === column ? !sorted.up : true };
        showList(found);
        all("th button", list)[column].focus();
      });
      cell.append(button);
      head.append(cell);
    });
    order.slice(0, shownCount).forEach((number) => {
      const own = payment(number), row = make("tr", undefined, { class: kindClass(own.kind) });
      columns.forEach(([, text], column) => {
        const cell = make("td");
        if (column === 1) { cell.append(opens(number, text(own) || "?")); } else { cell.textContent = text(own); }
        row.append(cell);
      });
      body.append(row);
    });
    const region = make("div", undefined, { class: "wide", role: "region", "aria-label": words.hits, tabindex: "0" });
    region.append(table);
    list.replaceChildren(region);
    if (order.length > shownCount) {
      const more = make("button", words.more + " (" + shownCount + " / " + order.length + ")", { type: "button" });
      more.addEventListener("click", () => {
        const next = shownCount;
        shownCount += 10 * PAGE;
        showList(found);
        const row = all("tbody tr", list)[next];
        if (row) { row.querySelector("button").focus(); }
      });
      list.append(more);
    }
  }

  // The tables that stand on the page: rows without a hit are hidden, parts without one folded.
  const line = (row, number) => ({ row, number, text: null });
  const parts = all("section.part > details").map((part) => ({
    part, open: part.open,
    rows: all("tbody", part).flatMap((body) => {
      const first = Number(body.parentElement.dataset.first || -Infinity);
      return Array.from(body.rows).map((row, at) => line(row, first >= 0 ? first + at : -1));
    }).concat(all("ul > li", part).map((row) => line(row, -1))),
    groups: all(".group", part),
  }));
  function showParts(text, isActive, found) {
    const hit = new Set(found.numbers), wanted = fold(text).join(" ");
    parts.forEach((own) => {
      let any = false;
      own.rows.forEach((line) => {
        let shown = true;
        if (isActive && line.number >= 0) { shown = hit.has(line.number); }
        if (isActive && line.number < 0 && text) {
          line.text = line.text || fold(line.row.textContent).join(" ");
          shown = wanted !== "" && line.text.includes(wanted);
        }
        line.row.hidden = !shown;
        any = any || (shown && (line.number >= 0 || Boolean(text)));
      });
      own.groups.forEach((group) => { group.hidden = isActive && all("tbody tr", group).every((row) => row.hidden); });
      own.part.open = isActive ? any : own.open;
    });
    return parts.reduce((count, own) => count + own.rows.filter((line) => !line.row.hidden).length, 0);
  }
  function tell(text, found) {
    const { numbers, by } = found, persons = new Set();
    let sum = 0;
    numbers.forEach((number) => { persons.add(person(number)); sum += rows[number][3] || 0; });
    const counted = (count, one, several) => count + " " + (count === 1 ? one : several);
    const said = [];
    if (!numbers.length) {
      said.push(text && key(text).length < 3 ? words.short : text ? words.none + " " + words.nobody : words.none);
    } else {
      said.push(counted(persons.size, words.person, words.persons) + ", " + counted(numbers.length, words.payment, words.payments) + ", " + words.together + " " + amount(sum) + " €.");
      if (by === SIMILAR) { said.push(words.similar); }
      if (by === IBAN_END) { said.push(words.end); }
      if (text && persons.size > 1) { said.push(words.choose); }
    }
    hits.textContent = said.join(" ");
    return persons.size;
  }
  function update() {
    const text = box.value.trim(), isActive = Boolean(text) || filters.some((own) => own.box.value !== "");
    shownCount = PAGE;
    const found = isActive ? find(text) : { by: NOT, numbers: [] };
    const inTables = showParts(text, isActive, found);
    card.replaceChildren();
    opener = null;
    if (!isActive) { hits.textContent = ""; list.replaceChildren(); return; }
    if (!rows.length) { hits.textContent = words.hits + ": " + inTables; return; }
    const persons = tell(text, found);
    showList(found);
    if (text && persons === 1 && found.by !== SIMILAR) { showCard(found.numbers[0]); }
  }

  // Filters get their choices from the payments.
  filters.forEach(({ id, box: select }) => {
    const name = (kind) => (id === "status" ? data.status[kind.status] : texts[kind[id]]);
    const known = new Map();
    kinds.forEach((kind) => { if (name(kind)) { known.set(String(kind[id]), name(kind)); } });
    const sortedNames = Array.from(known).sort((a, b) => (id === "status" ? a[0] - b[0] : a[1] < b[1] ? -1 : 1));
    sortedNames.forEach(([value, text]) => select.append(make("option", text, { value })));
    select.closest("p").hidden = known.size < 2;
    select.addEventListener("change", update);
  });
  const form = byId("ask");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = list.querySelector("button.open"), head = byId("card-name");
    if (head) { opener = box; head.focus(); } else if (first) { first.focus(); }
  });
  form.addEventListener("reset", () => setTimeout(() => { update(); box.focus(); }, 0));
  box.addEventListener("input", update);
  box.addEventListener("focus", indexed, { once: true });
  byId("desk").hidden = false;

  // Names of rows that are payments open their card; the credited ones are in the data only.
  parts.forEach((own) => own.rows.filter((line) => line.number >= 0).forEach(({ row, number }) => {
    const cell = row.cells[1].textContent ? row.cells[1] : row.cells[0];
    const button = opens(number, cell.textContent || "?");
    cell.replaceChildren(button);
  }));
  const credited = byId("credited");
  if (credited && byId("by-status")) {
    const button = make("button", words.show, { type: "button" });
    button.addEventListener("click", () => { byId("by-status").value = String(CREDITED); update(); box.focus(); });
    credited.closest("details").append(button);
  }

  // Tables of the page sort by a click on a heading: days as days, amounts as amounts.
  const monthNames = months.map((name) => name.slice(0, 3));
  function value(cell, isRight) {
    const text = cell ? cell.textContent : "";
    const date = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text), english = /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})$/.exec(text);
    if (date) { return date[3] + date[2] + date[1]; }
    if (english && monthNames.includes(english[2])) { return english[3] + String(101 + monthNames.indexOf(english[2])).slice(1) + english[1].padStart(2, "0"); }
    if (!isRight) { return fold(text).join(" "); }
    const decimal = german ? /\./g : /,/g;
    return Number(text.replace(decimal, "").replace(",", ".").replace(/[^0-9.-]/g, "")) || 0;
  }
  all("section.part thead th").forEach((head) => {
    const button = make("button", head.textContent, { type: "button" });
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const table = head.closest("table"), body = table.tBodies[0], column = head.cellIndex;
      const up = head.getAttribute("aria-sort") !== "ascending", isRight = table.classList.contains("r" + column);
      all("th", table.tHead).forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const keyed = Array.from(body.rows).map((row) => [value(row.cells[column], isRight), row]);
      keyed.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (up ? 1 : -1));
      body.append(...keyed.map((own) => own[1]));
    });
  });
})();
