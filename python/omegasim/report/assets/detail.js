// The chosen trade: what it was and what happened to it. Texts of a run are set as text, never as markup.
const stamp = (ms) => new Date(ms).toISOString().replace("T", " ").replace(/(:00)?\.000Z$|Z$/, "");
const amount = (value, digits = 2) => Number.isNaN(value) ? "–"
  : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
const lots = (value) => Number.isNaN(value) ? "–" : value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const tone = (value) => value > 0 ? "up" : value < 0 ? "down" : "";

function element(tag, content, name = "") {
  const one = document.createElement(tag);
  if (name) one.className = name;
  if (content instanceof Array) one.append(...content); else one.textContent = content;
  return one;
}

function tradeFacts(row) {
  const t = report.columns, digits = report.decimals[word(t.symbol, row)] ?? 5;
  const money = (name) => `${amount(t[name][row])} ${report.currency}`;
  const level = (name) => t[name][row] > 0 ? amount(t[name][row], digits) : "–";
  return [["order", word(t.order_type, row)], ["volume", `${lots(t.volume[row])} lots`], ["signal", stamp(t.signal_time[row])],
    ["entry", `${stamp(t.entry_time[row])} at ${level("entry_price")}`], ["exit", `${stamp(t.exit_time[row])} at ${level("exit_price")}`],
    ["initial stop", level("initial_stop_loss")], ["last stop", level("stop_loss")], ["target", level("take_profit")],
    ["risk", money("risk")], ["risk asked", money("risk_per_trade")], ["result", money("result")], ["commission", money("commission")],
    ["swap", money("swap")], ["net", money("net")], ["R", amount(t.r_multiple[row], 3)], ["MAE", money("mae")], ["MFE", money("mfe")],
    ["slippage in, out", `${amount(t.slippage_entry[row], digits)}, ${amount(t.slippage_exit[row], digits)}`],
    ["magic", String(t.magic[row])], ["tag", word(t.tag, row) || "–"]];
}

async function eventRows(ticket, digits) {
  report.journal ??= unpackedTable(report.events);
  const e = await report.journal, rows = [];
  for (let i = 0; i < e.ticket.length; i++) if (e.ticket[i] === ticket) {
    const cells = [stamp(e.time[i]), word(e.kind, i), word(e.reason, i).replaceAll("_", " "), amount(e.price[i], digits),
      lots(e.volume[i]), amount(e.amount[i]), ...(e.rate ? [Number.isNaN(e.rate[i]) ? "–" : String(e.rate[i])] : []), amount(e.balance[i])];
    rows.push(element("tr", cells.map((cell) => element("td", cell))));
  }
  return rows;
}

async function chosen(row, scroll = true) {
  const t = report.columns, box = document.getElementById("detail"), symbol = word(t.symbol, row);
  price.chosen = row;
  if (price.symbol !== symbol) {
    showSymbol(symbol);
    const select = document.getElementById("symbol");
    if (select) select.value = symbol;
  }
  price.view = aroundTrade(row);
  const title = element("h3", `Trade #${t.ticket[row]}: ${symbol} ${word(t.direction, row)}, ${word(t.reason, row).replaceAll("_", " ")}`);
  const flags = [["ambiguous", "its bar leaves open what came first"], ["gap", "its exit jumped the level"]].filter(([name]) => t[name][row]);
  const facts = element("dl", tradeFacts(row).map(([name, value]) => element("div", [element("dt", name), element("dd", value)])));
  const heads = element("tr", ["time", "event", "reason", "price", "volume", "amount", ...(report.events.rate ? ["rate"] : []), "balance"].map((one) => element("th", one)));
  const body = element("tbody", await eventRows(t.ticket[row], report.decimals[symbol] ?? 5));
  const close = Object.assign(element("button", "close", "link"), { type: "button" });
  close.addEventListener("click", () => { box.hidden = true; price.chosen = null; shownRow(null); });
  box.replaceChildren(close, title, ...flags.map(([name, said]) => element("p", `${name}: ${said}`, "flag")), facts,
    element("h4", "What happened"), element("div", [element("table", [element("thead", [heads]), body], "events")], "scroll"));
  if (report.events.dropped) box.append(element("p", "This run has very many events: moved stops are left out here.", "note"));
  box.hidden = false;
  shownRow(row);
  if (scroll) document.getElementById("trades").scrollIntoView({ block: "start", behavior: "instant" });
  await again("chart-prices");
}
