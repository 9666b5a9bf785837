// Charts are drawn when they come near the window, the others when the page has nothing else to do, all of them
// again when the colours change.
const charts = new Map();
const CONFIG = { displaylogo: false, responsive: true, scrollZoom: false,
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]] };

const ABOVE = { orientation: "h", x: 0, y: 1.01, yanchor: "bottom" };
const PATIENCE = 4000;

const after = (time) => new Promise((done) => { setTimeout(done, time); });
const watcher = new IntersectionObserver((seen) => {
  for (const one of seen) if (one.isIntersecting) { watcher.unobserve(one.target); drawn(one.target.id); }
}, { rootMargin: "400px" });

function chart(name, draw) {
  const id = `chart-${name}`;
  const element = document.getElementById(id);
  if (!element) return;
  charts.set(id, { element, draw, drawn: null, next: null });
  watcher.observe(element);
}

// A chart that cannot be drawn says so and stops no other.
async function attempt(one) {
  const still = one.element.querySelector(".still");
  try {
    await window.omegasimCharts;
    await one.draw(one.element, colours());
    one.element.dataset.drawn = "yes";
    still?.remove();
  } catch (fault) {
    console.error(`${one.element.id}: ${fault}`);
    one.element.dataset.failed = "yes";
    one.element.replaceChildren(element("p", `This chart could not be drawn: ${fault}`, "note"), still ?? "");
  }
}

function drawn(id) {
  const one = charts.get(id);
  one.drawn ??= attempt(one);
  return one.drawn;
}

// Anew, once what is being drawn is done; wishes that come before then are one.
function again(id) {
  const one = charts.get(id);
  one.next ??= Promise.resolve(one.drawn).then(() => {
    one.next = null;
    one.drawn = attempt(one);
    return one.drawn;
  });
  return one.next;
}

// One after the other, and past one that takes too long.
async function drawnInTime() {
  for (const [id, one] of charts) if (!one.drawn) {
    await idle();
    await Promise.race([drawn(id), after(PATIENCE)]);
  }
}

function idle() {
  if (!window.requestIdleCallback) return after(200);
  return Promise.race([new Promise((done) => { requestIdleCallback(done, { timeout: 400 }); }), after(600)]);
}

function redrawn() {
  for (const [id, one] of charts) if (one.drawn) again(id);
}

function axis(c, more = {}) {
  return { gridcolor: c.line, zerolinecolor: c.quiet, linecolor: c.line, tickcolor: c.line, automargin: true, ...more };
}

// Of a few things no axis shows halves.
const whole = (most) => most < 8 ? { dtick: 1 } : {};

// With the room that the still picture leaves: plotly draws all a second time where it needs more.
function margin(element) {
  const { left = 8, below = 36 } = element.dataset;
  return { l: +left, r: 12, t: 46, b: +below };
}

function layout(c, more = {}) {
  return { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 12, color: c.muted },
    margin: { l: 56, r: 12, t: 12, b: 50 }, showlegend: false, hovermode: "x unified", dragmode: "zoom",
    hoverlabel: { bgcolor: c.card, bordercolor: c.line, font: { color: c.text } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: c.quiet, activecolor: c.accent }, uirevision: "kept",
    xaxis: axis(c), yaxis: axis(c), ...more };
}

function empty(element, c, said) {
  return Plotly.react(element, [], layout(c, { xaxis: { visible: false }, yaxis: { visible: false },
    annotations: [{ text: said, showarrow: false, font: { color: c.muted, size: 14 } }] }), CONFIG);
}

// The part of the x axis in view, as numbers; null where all of it is.
function inView(element) {
  const axis = element._fullLayout?.xaxis;
  if (!axis || axis.autorange) return null;
  return axis.range.map((end) => typeof end === "number" ? end
    : axis.type === "date" ? Date.parse(`${String(end).replace(" ", "T")}Z`.replace(/^(\d+-\d+-\d+)Z$/, "$1T00:00Z")) : +end);
}

// Call once a chart's view has changed, at most once a frame.
function onView(element, change) {
  if (element.dataset.watched) return;
  element.dataset.watched = "yes";
  let asked = false;
  element.on("plotly_relayout", (what) => {
    if (asked || !Object.keys(what).some((key) => key.startsWith("xaxis"))) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; change(); });
  });
}
