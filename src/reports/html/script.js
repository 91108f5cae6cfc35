(function () {
  "use strict";
  var box = document.getElementById("search"), hits = document.getElementById("hits");
  var rows = Array.prototype.slice.call(document.querySelectorAll("main tbody tr"));
  function fold(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss").replace(/[aou]e/g, function (m) { return m[0]; });
  }
  var texts = null;
  box.parentElement.hidden = false;
  box.addEventListener("input", function () {
    texts = texts || rows.map(function (row) { return fold(row.textContent); });
    var wanted = fold(box.value.trim()), count = 0;
    rows.forEach(function (row, number) {
      var shown = !wanted || texts[number].indexOf(wanted) >= 0;
      row.hidden = !shown;
      if (shown) { count += 1; }
    });
    document.querySelectorAll("details").forEach(function (part) { part.open = Boolean(wanted); });
    hits.textContent = wanted ? String(count) : "";
  });
  var months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  function value(cell, right) {
    var text = cell ? cell.textContent : "";
    var day = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text), english = /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})$/.exec(text);
    if (day) { return day[3] + day[2] + day[1]; }
    if (english) { return english[3] + String(100 + months.indexOf(english[2]) / 3).slice(1) + ("0" + english[1]).slice(-2); }
    if (!right) { return fold(text); }
    return Number(text.replace(/[^0-9,.-]/g, "").replace(/[.,](?=\d{3}(\D|$))/g, "").replace(",", ".")) || 0;
  }
  document.querySelectorAll("main thead th").forEach(function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var column = head.cellIndex, body = head.closest("table").tBodies[0];
      var up = head.getAttribute("aria-sort") !== "ascending", right = head.classList.contains("right");
      head.parentElement.querySelectorAll("th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      Array.prototype.slice.call(body.rows).sort(function (a, b) {
        var x = value(a.cells[column], right), y = value(b.cells[column], right);
        return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
      }).forEach(function (row) { body.appendChild(row); });
    });
  });
})();
