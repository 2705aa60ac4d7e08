// The search box over titles. The page works without it: the lists by month hold every title.
(function () {
  "use strict";

  const form = document.querySelector("form.search");
  if (!form) return;
  const box = form.querySelector("input");
  const told = form.querySelector(".result");
  const list = form.querySelector("ul");
  const most = 50;
  const months = form.dataset.months.split(" ").filter(Boolean);
  const rows = new Map(); // month → [[title, folded title, path, date, beside], …]
  let asked = false;

  // "Стара" finds "СТАРА", "cafe" finds "café".
  const fold = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // Each month's file calls this. Scripts, not fetch(): they also load from a folder without a server.
  globalThis.syndicatorTitles = function (month, titles) {
    rows.set(month, titles.map((row) => [row[0], fold(row[0]), row[1], row[2], row[3]]));
    show();
  };

  function load() {
    if (asked) return;
    asked = true;
    for (const month of months) {
      const script = document.createElement("script");
      script.src = "archive/" + month + ".js";
      script.onerror = () => { rows.set(month, []); show(); };
      document.head.append(script);
    }
  }

  function item(row) {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = row[2];
    link.textContent = row[0];
    const about = document.createElement("p");
    const time = document.createElement("time");
    time.dateTime = row[3].slice(0, 10);
    time.textContent = row[3].slice(11);
    about.append(time, " · " + row[4]);
    entry.append(link, about);
    return entry;
  }

  function show() {
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    list.replaceChildren();
    if (!words.length) {
      told.textContent = "";
      return;
    }
    let count = 0;
    for (const month of months) {
      for (const row of rows.get(month) || []) {
        if (!words.every((word) => row[1].includes(word))) continue;
        count += 1;
        if (count <= most) list.append(item(row));
      }
    }
    if (count) told.textContent = form.dataset.found + " " + count;
    else if (rows.size === months.length) told.textContent = form.dataset.nothing;
  }

  let pause;
  box.addEventListener("focus", load);
  box.addEventListener("input", () => { load(); clearTimeout(pause); pause = setTimeout(show, 120); });
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  form.hidden = false;
})();
