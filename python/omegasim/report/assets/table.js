// The table of trades: found, sorted, a page of rows at a time.
const PAGE = 25;
const listed = { rows: [], page: 0, by: null, down: false, marked: null };
const COLUMNS = [
  ["ticket", "#", (t, r) => String(t.ticket[r])], ["symbol", "symbol", (t, r) => word(t.symbol, r)],
  ["direction", "side", (t, r) => word(t.direction, r)], ["volume", "lots", (t, r) => lots(t.volume[r])],
  ["entry_time", "entry", (t, r) => stamp(t.entry_time[r])], ["exit_time", "exit", (t, r) => stamp(t.exit_time[r])],
  ["entry_price", "price in", (t, r) => amount(t.entry_price[r], report.decimals[word(t.symbol, r)] ?? 5)],
  ["exit_price", "price out", (t, r) => amount(t.exit_price[r], report.decimals[word(t.symbol, r)] ?? 5)],
  ["reason", "reason", (t, r) => word(t.reason, r).replaceAll("_", " ")], ["net", "net", (t, r) => amount(t.net[r])],
  ["r_multiple", "R", (t, r) => amount(t.r_multiple[r])], ["tag", "tag", (t, r) => word(t.tag, r)],
];
const KINDS_OF_TRADE = {
  all: () => true, wins: (t, r) => t.net[r] > 0, losses: (t, r) => t.net[r] < 0,
  long: (t, r) => word(t.direction, r) === "long", short: (t, r) => word(t.direction, r) === "short",
  ambiguous: (t, r) => t.ambiguous[r] === 1, gap: (t, r) => t.gap[r] === 1,
};

// Words are looked through once, then rows compare numbers.
function finder(text) {
  const t = report.columns, wanted = text.trim().toLowerCase();
  if (!wanted) return () => true;
  const hits = ["symbol", "direction", "reason", "tag", "order_type"].map((name) => {
    const found = t[name].words.map((one) => one.replaceAll("_", " ").toLowerCase().includes(wanted) || one.toLowerCase().includes(wanted));
    return (row) => found[t[name].index[row]];
  });
  const ticket = wanted.replace(/^#/, "");
  return (row) => String(t.ticket[row]) === ticket || hits.some((hit) => hit(row));
}

function find() {
  const t = report.columns, count = t.net.length;
  const kind = KINDS_OF_TRADE[document.getElementById("show").value], fits = finder(document.getElementById("find").value);
  listed.rows = [];
  let net = 0;
  for (let row = 0; row < count; row++) if (kind(t, row) && fits(row)) { listed.rows.push(row); net += t.net[row]; }
  if (listed.by) {
    const column = t[listed.by], sign = listed.down ? -1 : 1;
    const ranks = column.words && rankOf(column.words);
    const key = ranks ? (row) => ranks[column.index[row]] : (row) => column[row];
    listed.rows.sort((a, b) => sign * (key(a) - key(b)) || a - b);
  }
  listed.page = 0;
  document.getElementById("found").textContent = count
    ? `${listed.rows.length.toLocaleString("en")} of ${count.toLocaleString("en")} trades, net ${amount(net)} ${report.currency}` : "no trades";
  showPage();
}

function rankOf(words) {
  const order = words.map((_, i) => i).sort((a, b) => words[a] < words[b] ? -1 : 1), ranks = [];
  order.forEach((place, rank) => { ranks[place] = rank; });
  return ranks;
}

function headRow() {
  return element("tr", COLUMNS.map(([name, label]) => {
    const button = Object.assign(element("button", label + (listed.by === name ? (listed.down ? " ↓" : " ↑") : "")), { type: "button" });
    button.addEventListener("click", () => { listed.down = listed.by === name && !listed.down; listed.by = name; find(); });
    return element("th", [button]);
  }));
}

function tradeRow(row) {
  const t = report.columns;
  const cells = COLUMNS.map(([name, , shown]) => element("td", shown(t, row), name === "net" || name === "r_multiple" ? tone(t.net[row]) : ""));
  const line = element("tr", cells, row === listed.marked ? "marked" : "");
  line.tabIndex = 0;
  line.dataset.row = row;
  line.addEventListener("click", () => chosen(row));
  line.addEventListener("keydown", (key) => { if (key.key === "Enter") chosen(row); });
  return line;
}

function showPage() {
  const pages = Math.max(1, Math.ceil(listed.rows.length / PAGE));
  const rows = listed.rows.slice(listed.page * PAGE, (listed.page + 1) * PAGE);
  document.getElementById("trade-table").replaceChildren(
    element("table", [element("thead", [headRow()]), element("tbody", rows.map(tradeRow))], "trades"));
  const turn = (label, to, off) => {
    const button = Object.assign(element("button", label), { type: "button", disabled: off });
    button.addEventListener("click", () => { listed.page = to; showPage(); });
    return button;
  };
  document.getElementById("pager").replaceChildren(turn("first", 0, listed.page === 0), turn("back", listed.page - 1, listed.page === 0),
    element("span", `page ${listed.page + 1} of ${pages.toLocaleString("en")}`),
    turn("next", listed.page + 1, listed.page >= pages - 1), turn("last", pages - 1, listed.page >= pages - 1));
}

function shownRow(row) {
  listed.marked = row;
  for (const line of document.querySelectorAll("#trade-table tr[data-row]")) line.classList.toggle("marked", +line.dataset.row === row);
}

function startTable() {
  if (!document.getElementById("trade-table")) return;
  document.getElementById("find").addEventListener("input", find);
  document.getElementById("show").addEventListener("change", find);
  for (const link of document.querySelectorAll("[data-trade]")) link.addEventListener("click", () => chosen(+link.dataset.trade));
  find();
}
