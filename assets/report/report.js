"use strict";
// Rows stand in inert JSON; only text nodes are made of them. 100 rows are shown at a time.
const PAGE = 100;
const NUMBER = 0, REPEAT = 1, CUT = 2, NAME = 3, KIND = 4, FINISH = 5, THOUGHT = 6, ANSWER = 7,
  FOUND = 8, EXPECTED = 9, SUBJECT = 10, LEVEL = 11, QUESTION = 12;
const get = id => document.getElementById(id);
const blocks = [...document.querySelectorAll("script.rows")];
const texts = [...document.querySelectorAll("script.texts")];
const rows = [];
blocks.forEach((block, at) => JSON.parse(block.textContent).forEach((row, place) => {
  row.text = [at, place];
  rows.push(row);
}));
const tokens = row => row[THOUGHT] + row[ANSWER];
const label = row => (row[NAME] || String(row[NUMBER])) + (row[REPEAT] ? " ·" + row[REPEAT] : "") +
  (row[CUT] === null ? "" : " cut at " + row[CUT]);
const several = at => new Set(rows.map(row => row[at])).size > 1;
const columns = [
  ["number", "sample", row => row[NUMBER] * 1e6 + row[REPEAT], label],
  ["kind", "verdict", row => row[KIND], row => row[KIND]],
  ["finish", "finish", row => row[FINISH], row => row[FINISH]],
  ["tokens", "tokens", tokens, row => tokens(row).toLocaleString()],
  ["found", "answer", row => row[FOUND], row => row[FOUND]],
  ["expected", "expected", row => row[EXPECTED], row => row[EXPECTED]],
  ...(several(SUBJECT) ? [["part", "subject", row => row[SUBJECT], row => row[SUBJECT]]] : []),
  ...(several(LEVEL) ? [["part", "level", row => row[LEVEL], row => row[LEVEL]]] : []),
  ["question", "question", row => row[QUESTION], row => row[QUESTION]],
];
const filters = [["kind", KIND], ["finish", FINISH], ["subject", SUBJECT], ["level", LEVEL]];
let order = 0, descending = false, found = [], shown = 0;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function heading([className, title], at) {
  const cell = element("th", undefined, className);
  cell.scope = "col";
  const button = element("button", title);
  button.type = "button";
  button.addEventListener("click", () => {
    descending = order === at ? !descending : title === "tokens";
    order = at;
    find();
  });
  cell.append(button);
  return cell;
}

function find() {
  const wanted = get("search").value.toLowerCase();
  const chosen = filters.map(([id, at]) => [at, get(id).value]).filter(([, value]) => value !== "");
  const key = columns[order][2];
  const of = get("of").value;
  found = rows.filter(row => (of === "" || (row[CUT] === null) === (of === "run")) && chosen.every(([at, value]) => row[at] === value) && (!wanted ||
    [NAME, FOUND, EXPECTED, QUESTION].some(at => row[at].toLowerCase().includes(wanted))));
  const way = descending ? -1 : 1;
  found.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return x < y ? -way : x > y ? way : a[NUMBER] - b[NUMBER];
  });
  [...get("samples").tHead.rows[0].cells].forEach((cell, at) => {
    cell.setAttribute("aria-sort", at !== order ? "none" : descending ? "descending" : "ascending");
    cell.firstChild.textContent = columns[at][1] + (at !== order ? "" : descending ? " ▾" : " ▴");
  });
  get("samples").tBodies[0].replaceChildren();
  shown = 0;
  more();
}

function more() {
  const body = get("samples").tBodies[0];
  found.slice(shown, shown + PAGE).forEach(row => body.append(line(row)));
  shown = Math.min(shown + PAGE, found.length);
  get("shown").textContent = shown.toLocaleString() + " shown of " + found.length.toLocaleString() +
    " found, " + rows.length.toLocaleString() + " in all";
  get("more").hidden = shown === found.length;
  get("more").textContent = "Show " + Math.min(PAGE, found.length - shown) + " more";
}

function line(row) {
  const made = element("tr", undefined, "row");
  columns.forEach(([className, , , text], at) => {
    const cell = element("td", at ? text(row) : undefined, at === 1 ? row[KIND] : className);
    if (at === 0) {
      const button = element("button", text(row), "open");
      button.type = "button";
      button.setAttribute("aria-expanded", "false");
      cell.append(button);
    } else cell.title = text(row);
    made.append(cell);
  });
  made.addEventListener("click", () => toggle(made, row));
  return made;
}

function toggle(made, row) {
  const button = made.querySelector("button");
  const open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
  if (open) { made.nextSibling.remove(); return; }
  const below = element("tr"), cell = element("td", undefined, "trace");
  cell.colSpan = columns.length;
  cell.append(...trace(row));
  below.append(cell);
  made.after(below);
}

function trace(row) {
  const [at, place] = row.text;
  const told = JSON.parse(texts[at].textContent)[place];
  if (!told) return [element("p", "This trace is left out: traces fill the size that this page may " +
    "have. It is in samples.jsonl.", "note")];
  const parts = [["Problem", told.problem, ""], ["Error", told.error, ""],
    ["Thought", told.thinking, "thought"], ["Answer", told.answer, ""]];
  const facts = ["expected " + told.expected, "found " + (told.found || "nothing"), told.why,
    row[THOUGHT].toLocaleString() + " + " + row[ANSWER].toLocaleString() + " tokens",
    told.entropy === null ? "" : "mean entropy " + told.entropy.toFixed(2) + " nats", "seed " + told.seed];
  const made = [element("p", facts.filter(Boolean).join(" · "), "note")];
  parts.filter(([, text]) => text).forEach(([title, text, className]) =>
    made.push(element("h3", title), element("pre", text, className)));
  if (told.answer === null && !told.error)
    made.push(element("p", "No answer: the thought never ended.", "note"));
  return made;
}

get("samples").tHead.rows[0].append(...columns.map(heading));
filters.forEach(([id, at]) => {
  const values = [...new Set(rows.map(row => row[at]))].filter(Boolean).sort();
  get(id).append(...values.map(value => element("option", value)));
  get(id).addEventListener("change", find);
  get(id).parentElement.hidden = values.length < 2;
});
get("of").addEventListener("change", find);
get("of").parentElement.hidden = rows.every(row => row[CUT] === null);
let waiting = 0;
get("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 150); });
get("more").addEventListener("click", more);
get("tools").hidden = get("samples").hidden = !rows.length;
find();
