// Equity above, drawdown below; every change of view draws the rows in it anew.
const equityBy = { by: "time", data: null };

function withDrawdown(x, equity, balance, initial) {
  const drawdown = new Float64Array(x.length);
  let peak = initial;
  for (let i = 0; i < x.length; i++) { peak = Math.max(peak, equity[i]); drawdown[i] = equity[i] - peak; }
  return { x, equity, balance, drawdown };
}

function equityData() {
  equityBy.data ??= unpackedEquity();
  return equityBy.data;
}

async function unpackedEquity() {
  const table = await unpackedTable(report.equity);
  const time = withDrawdown(table.time, table.equity, table.balance, report.initial);
  const net = report.columns.net;
  const count = net.length ? net.length + 1 : 0;
  const number = Float64Array.from({ length: count }, (_, i) => i);
  const balance = new Float64Array(count).fill(report.initial);
  for (let i = 1; i < count; i++) balance[i] = balance[i - 1] + net[i - 1];
  return { time, trade: withDrawdown(number, balance, null, report.initial) };
}

function equityTraces(rows, view, c) {
  const from = view ? Math.max(0, rowAt(rows.x, view[0]) - 1) : 0;
  const to = view ? Math.min(rows.x.length, rowAt(rows.x, view[1]) + 2) : rows.x.length;
  const most = narrow() ? 350 : 900;
  const line = (name, y, more) => ({ type: "scatter", mode: to - from < 3 ? "lines+markers" : "lines", name,
    ...thinned(rows.x, y, from, to, most), ...more });
  const traces = [line("equity", rows.equity, { line: { color: c.accent, width: 1.6 }, hovertemplate: "%{y:,.2f}" })];
  if (rows.balance) traces.push(line("balance", rows.balance,
    { line: { color: c.muted, width: 1, shape: "hv", dash: "dot" }, hovertemplate: "%{y:,.2f}" }));
  traces.push(line("drawdown", rows.drawdown, { yaxis: "y2", showlegend: false, fill: "tozeroy", fillcolor: faded(c.down, 0.22),
    line: { color: c.down, width: 1 }, hovertemplate: "%{y:,.2f}" }));
  return traces;
}

// Of a single moment the axis shows the minutes around it.
const around = (times) => times.length === 1 ? { range: [times[0] - 60000, times[0] + 60000] } : {};

async function drawEquity(element, c) {
  const data = await equityData();
  const byTime = equityBy.by === "time";
  const rows = data[equityBy.by];
  if (!rows.x.length) return empty(element, c, byTime ? "no equity table" : "no trades");
  const shape = layout(c, {
    uirevision: equityBy.by, showlegend: true, legend: ABOVE, margin: margin(element),
    xaxis: axis(c, { type: byTime ? "date" : "linear", anchor: "y2", title: byTime ? undefined : { text: "trades" },
      ...(byTime ? around(rows.x) : whole(rows.x.length - 1)) }),
    yaxis: axis(c, { domain: [0.34, 1], tickformat: ",.2~f", title: { text: report.currency } }),
    yaxis2: axis(c, { domain: [0, 0.28], tickformat: ",.2~f", title: { text: "drawdown" } }),
  });
  await Plotly.react(element, equityTraces(rows, element.dataset.watched && element.dataset.by === equityBy.by ? inView(element) : null, c), shape, CONFIG);
  element.dataset.by = equityBy.by;
  onView(element, () => {
    const traces = equityTraces(data[equityBy.by], inView(element), colours());
    Plotly.restyle(element, { x: traces.map((one) => one.x), y: traces.map((one) => one.y) });
  });
}

function startEquity() {
  for (const button of document.querySelectorAll("[data-by]")) button.addEventListener("click", () => {
    equityBy.by = button.dataset.by;
    for (const one of document.querySelectorAll("[data-by]")) one.setAttribute("aria-pressed", one === button);
    again("chart-equity");
  });
  chart("equity", drawEquity);
  equityData();
}
