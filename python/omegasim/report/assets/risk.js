// R, excursions and costs.
const POINTS = 1500;

function drawHistogram(name, split) {
  return (element, c) => {
    const { start, width, counts } = report[name];
    if (!counts.length) return empty(element, c, report.columns.net.length ? "no trade was stopped out" : "no trades");
    const x = counts.map((_, i) => start + (i + 0.5) * width);
    const colour = x.map((at) => at > split ? (name === "realised" ? c.down : c.up) : name === "realised" ? c.accent : c.down);
    return Plotly.react(element, [{ type: "bar", x, y: counts, width: counts.map(() => width * 0.92), marker: { color: colour },
      customdata: x.map((at) => [(at - width / 2).toFixed(2), (at + width / 2).toFixed(2)]),
      hovertemplate: "%{customdata[0]} to %{customdata[1]} R: %{y} trades<extra></extra>" }],
    layout(c, { hovermode: "closest", bargap: 0, xaxis: axis(c, { title: { text: name === "realised" ? "loss of stopped trades / risk asked for" : "R" } }),
      yaxis: axis(c, { title: { text: "trades" }, ...whole(Math.max(...counts)) }) }), CONFIG);
  };
}

function drawCumulative(element, c) {
  const r = report.columns.r_multiple, sums = new Float64Array(r.length + 1);
  if (!r.length) return empty(element, c, "no trades");
  for (let i = 0; i < r.length; i++) sums[i + 1] = sums[i] + r[i];
  const x = Float64Array.from(sums, (_, i) => i);
  return Plotly.react(element, [{ type: "scatter", mode: "lines", ...thinned(x, sums, 0, x.length, 700), fill: "tozeroy",
    fillcolor: faded(c.accent, 0.12), line: { color: c.accent, width: 1.6 }, hovertemplate: "%{y:.2f} R<extra></extra>" }],
  layout(c, { xaxis: axis(c, { title: { text: "trades" }, ...whole(r.length) }), yaxis: axis(c, { title: { text: "R" } }) }), CONFIG);
}

function drawExcursion(name) {
  return (element, c) => {
    const t = report.columns, count = t.net.length, step = Math.max(1, Math.ceil(count / POINTS)), rows = [];
    if (!count) return empty(element, c, "no trades");
    for (let row = 0; row < count; row += step) rows.push(row);
    const unit = rows.some((row) => t.risk_per_trade[row] > 0) ? "R" : report.currency;
    const by = (row) => unit === "R" ? t.risk_per_trade[row] || NaN : 1;
    const group = (label, colour, kept) => {
      const some = rows.filter(kept);
      return { type: "scatter", mode: "markers", name: label, x: some.map((row) => t[name][row] / by(row)), y: some.map((row) => t.result[row] / by(row)),
        customdata: some, text: some.map((row) => `#${t.ticket[row]}`), hovertemplate: `%{text}: ${name.toUpperCase()} %{x:.2f}, result %{y:.2f}<extra></extra>`,
        marker: { color: faded(colour, 0.55), size: 6 } };
    };
    const shown = step > 1 ? ` (every ${step}th trade)` : "";
    const done = Plotly.react(element, [group("won", c.up, (row) => t.net[row] > 0), group("lost", c.down, (row) => t.net[row] <= 0)],
      layout(c, { hovermode: "closest", xaxis: axis(c, { title: { text: `${name.toUpperCase()} in ${unit}${shown}` } }),
        yaxis: axis(c, { title: { text: `result in ${unit}` } }) }), CONFIG);
    if (!element.dataset.clicked) { element.dataset.clicked = "yes"; element.on("plotly_click", (click) => chosen(click.points[0].customdata)); }
    return done;
  };
}

function drawCosts(element, c) {
  const steps = report.costs;
  const measure = steps.map(([name]) => name === "gross" ? "absolute" : name === "net" ? "total" : "relative");
  return Plotly.react(element, [{ type: "waterfall", x: steps.map(([name]) => name), y: steps.map(([, money]) => money), measure,
    text: steps.map(([, money, r]) => `${amount(money)}<br>${amount(r)} R`), textposition: narrow() ? "none" : "outside", cliponaxis: false, textfont: { color: c.text },
    hovertemplate: `%{x}: %{text}<extra></extra>`, connector: { line: { color: c.line } }, increasing: { marker: { color: c.up } },
    decreasing: { marker: { color: c.down } }, totals: { marker: { color: c.accent } } }],
  layout(c, { hovermode: "closest", margin: { l: 8, r: 12, t: 44, b: 36 }, yaxis: axis(c, { title: { text: report.currency }, tickformat: ",.2~f" }) }), CONFIG);
}

function startRisk() {
  chart("histogram", drawHistogram("histogram", 0));
  chart("realised", drawHistogram("realised", 1));
  chart("cumulative", drawCumulative);
  chart("mae", drawExcursion("mae"));
  chart("mfe", drawExcursion("mfe"));
  chart("costs", drawCosts);
}
