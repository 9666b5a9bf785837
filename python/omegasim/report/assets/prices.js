// Bid as candles, ask as a line, and the trades: entry, exit, stop and target.
const LINES = 150, MARKS = 400;
const price = { symbol: null, view: null, chosen: null, rows: [] };

function tradesInView(view) {
  const t = report.columns;
  return price.rows.filter((row) => t.exit_time[row] >= view[0] && t.entry_time[row] <= view[1]);
}

// Where a trade is over: one that ends in the bar of its entry lasts as long as the bar.
function endOf(row) {
  const t = report.columns;
  return Math.max(t.exit_time[row], t.entry_time[row] + barLength());
}

function barLength() {
  const times = report.quotes[price.symbol]?.table?.time.subarray(0, 100) ?? [];
  const steps = Array.from(times, (time, i) => time - times[i - 1]).filter((step) => step > 0);
  return steps.length ? Math.min(...steps) : 60000;
}

function segments(rows, level) {
  const t = report.columns, x = [], y = [];
  for (const row of rows) if (t[level][row] > 0) {
    x.push(t.entry_time[row], endOf(row), null);
    y.push(t[level][row], t[level][row], null);
  }
  return { x, y };
}

function marks(rows, c) {
  const t = report.columns, traces = [];
  const digits = report.decimals[price.symbol] ?? 5;
  const spread = (column) => rows.map((row) => t[column][row]);
  const sides = rows.map((row) => word(t.direction, row) === "long");
  const won = rows.map((row) => t.net[row] > 0 ? c.up : t.net[row] < 0 ? c.down : c.muted);
  if (rows.length <= LINES) {
    const paths = { x: [], y: [] };
    for (const row of rows) { paths.x.push(t.entry_time[row], t.exit_time[row], null); paths.y.push(t.entry_price[row], t.exit_price[row], null); }
    const line = (name, at, look) => traces.push({ type: "scatter", mode: "lines", name, ...at, line: look, hoverinfo: "skip" });
    line("trade", paths, { color: c.muted, width: 1, dash: "dot" });
    line("stop", segments(rows, "stop_loss"), { color: c.down, width: 1.4 });
    line("target", segments(rows, "take_profit"), { color: c.up, width: 1.4 });
  }
  const label = (row) => `#${t.ticket[row]} ${word(t.direction, row)} ${t.net[row].toFixed(2)} ${report.currency}`;
  traces.push({ type: "scatter", mode: "markers", name: "entry", x: spread("entry_time"), y: spread("entry_price"),
    text: rows.map(label), customdata: rows, hovertemplate: `entry %{text}<br>%{y:.${digits}f}<extra></extra>`,
    marker: { symbol: sides.map((long) => long ? "triangle-up" : "triangle-down"), size: 10, color: c.accent, line: { color: c.card, width: 1 } } });
  traces.push({ type: "scatter", mode: "markers", name: "exit", x: spread("exit_time"), y: spread("exit_price"),
    text: rows.map((row) => `${label(row)}, ${word(t.reason, row).replaceAll("_", " ")}`), customdata: rows,
    hovertemplate: `exit %{text}<br>%{y:.${digits}f}<extra></extra>`,
    marker: { symbol: "x", size: 8, color: won, line: { color: c.card, width: 1 } } });
  return traces;
}

async function priceTraces(view, c) {
  const packed = await quotesOf(price.symbol);
  const traces = [], said = [];
  const margin = (view[1] - view[0]) * 0.02;
  if (packed) {
    const drawn = candles(packed, [view[0] - margin, view[1] + margin], narrow() ? 110 : 320);
    const digits = packed.decimals;
    const lone = drawn.x.length === 1;
    // A candle is as wide as the way to the next one: without a next one it has no width.
    if (lone) for (const [name, one] of [["x", drawn.x[0] + 60000], ["open", null], ["high", null], ["low", null], ["close", null]]) drawn[name].push(one);
    traces.push({ type: "candlestick", name: "bid", x: drawn.x, open: drawn.open, high: drawn.high, low: drawn.low, close: drawn.close,
      increasing: { line: { color: c.up, width: 1 } }, decreasing: { line: { color: c.down, width: 1 } },
      text: drawn.x.slice(0, lone ? 1 : undefined).map((_, i) => ["open", "high", "low", "close"].map((name) => `${name} ${drawn[name][i].toFixed(digits)}`).join("<br>")),
      hoverinfo: "x+text" });
    if (drawn.ask.length) traces.push({ type: "scatter", mode: lone ? "markers" : "lines", name: "ask", x: drawn.x, y: drawn.ask,
      line: { color: c.warn, width: 1 }, hovertemplate: `ask %{y:.${digits}f}<extra></extra>` });
    said.push(drawn.step === 1 ? "One candle is one bar" : `One candle is ${drawn.step.toLocaleString("en")} bars`,
      `bid as candles, ${drawn.ask.length ? "ask at the close as a line" : "no ask in the data"}`);
  }
  let rows = tradesInView(view);
  const all = rows.length;
  if (all > LINES) said.push("zoom in for stop and target lines");
  if (all > MARKS) {
    const step = Math.ceil(all / MARKS);
    rows = rows.filter((_, i) => i % step === 0);
    said.push(`${rows.length.toLocaleString("en")} of ${all.toLocaleString("en")} trades in view are marked`);
  } else said.push(`${all.toLocaleString("en")} ${all === 1 ? "trade" : "trades"} in view`);
  document.getElementById("price-note").textContent = `${said.join("; ")}.`;
  return [...traces, ...marks(rows, c)];
}

function wholeRange() {
  const t = report.columns;
  let [from, to] = report.range;
  if (from === null) [from, to] = [t.entry_time[0] ?? 0, t.exit_time.at(-1) ?? 1];
  const edge = Math.max((to - from) * 0.01, 60000);
  return [from - edge, to + edge];
}

async function drawPrices(element, c) {
  price.view ??= wholeRange();
  if (!price.rows.length && !report.quotes[price.symbol]) return empty(element, c, "no trades and no market data");
  const traces = await priceTraces(price.view, c);
  const box = price.chosen === null ? [] : [{ type: "rect", xref: "x", yref: "paper", y0: 0, y1: 1, line: { width: 0 },
    x0: report.columns.entry_time[price.chosen], x1: endOf(price.chosen), fillcolor: faded(c.accent, 0.12), layer: "below" }];
  await Plotly.react(element, traces, layout(c, { hovermode: "closest", shapes: box, uirevision: String(price.view),
    showlegend: !narrow(), legend: ABOVE, margin: margin(element),
    xaxis: axis(c, { type: "date", range: price.view.map((at) => new Date(at).toISOString().slice(0, 23)), rangeslider: { visible: false } }),
    yaxis: axis(c, { tickformat: `.${report.decimals[price.symbol] ?? 5}f`, autorange: true }) }), CONFIG);
  if (element.dataset.clicked) return undefined;
  element.dataset.clicked = "yes";
  onView(element, () => {
    const now = inView(element) ?? wholeRange();
    if (now[0] === price.view[0] && now[1] === price.view[1]) return;
    price.view = now;
    again("chart-prices");
  });
  element.on("plotly_click", (click) => { const row = click.points[0].customdata; if (typeof row === "number") chosen(row, false); });
  return undefined;
}

function showSymbol(symbol) {
  const { words, index } = report.columns.symbol;
  price.symbol = symbol;
  const at = words.indexOf(symbol);
  price.rows = [];
  index.forEach((one, row) => { if (one === at) price.rows.push(row); });
}

// Bars around a trade: three times its length, at least an hour.
function aroundTrade(row) {
  const t = report.columns, long = Math.max(t.exit_time[row] - t.entry_time[row], 20 * 60000);
  return [t.entry_time[row] - long, t.exit_time[row] + long];
}

function startPrices() {
  const bar = document.getElementById("price-bar");
  if (!bar) return;
  const symbols = [...new Set([...Object.keys(report.quotes), ...report.columns.symbol.words])].filter(Boolean);
  const redraw = () => again("chart-prices");
  const select = document.createElement("select");
  select.id = "symbol"; select.setAttribute("aria-label", "Symbol");
  select.append(...symbols.map((one) => new Option(one, one)));
  select.addEventListener("change", () => { showSymbol(select.value); redraw(); });
  if (symbols.length > 1) bar.append(select);
  const group = document.createElement("span");
  group.className = "choice";
  for (const [label, days] of [["day", 1], ["week", 7], ["month", 30], ["all", null]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", () => {
      const [from, to] = price.view ?? wholeRange(), middle = (from + to) / 2;
      price.view = days ? [middle - days * 43200000, middle + days * 43200000] : wholeRange();
      redraw();
    });
    group.append(button);
  }
  bar.append(group);
  showSymbol(symbols[0] ?? "");
  chart("prices", drawPrices);
  quotesOf(price.symbol);
}
