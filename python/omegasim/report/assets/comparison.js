// Runs over each other.
const SHADES = ["#3b82f6", "#f59e0b", "#10b981", "#ec4899", "#8b5cf6", "#ef4444", "#14b8a6", "#a3a3a3"];

async function drawOverlay(element, c) {
  report.overlaid ??= await Promise.all(report.runs.map(async (run) => ({ name: run.name, ...await unpackedTable(run.equity) })));
  const view = element.dataset.watched ? inView(element) : null;
  const traces = report.overlaid.map((run, i) => {
    const from = view ? Math.max(0, rowAt(run.time, view[0]) - 1) : 0;
    const to = view ? Math.min(run.time.length, rowAt(run.time, view[1]) + 2) : run.time.length;
    return { type: "scatter", mode: "lines", name: run.name.replaceAll("<", "&lt;"), ...thinned(run.time, run.equity, from, to, 700),
      line: { color: SHADES[i % SHADES.length], width: 1.5, dash: i < SHADES.length ? "solid" : "dot" }, hovertemplate: "%{y:,.2f}" };
  });
  if (!traces.some((one) => one.x.length)) return empty(element, c, "no equity tables");
  await Plotly.react(element, traces, layout(c, { showlegend: true, legend: ABOVE,
    margin: { l: 8, r: 12, t: 30, b: 8 }, xaxis: axis(c, { type: "date" }), yaxis: axis(c, { tickformat: ",.2~f" }) }), CONFIG);
  onView(element, () => again("chart-overlay"));
  return undefined;
}
