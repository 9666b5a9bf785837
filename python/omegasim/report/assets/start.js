// Everything begins here.
const report = JSON.parse(document.getElementById("data").textContent);

async function start() {
  themed();
  if (!window.DecompressionStream) {
    document.querySelector("main").prepend(element("p", "This browser is too old to unpack the data of the charts.", "warnings"));
    return;
  }
  if (report.trades) {
    report.columns = await unpackedTable(report.trades);
    startEquity();
    startPrices();
    startTable();
    startRisk();
  }
  chart("overlay", drawOverlay);
  document.documentElement.dataset.ready = "yes";
  drawnInTime();
}

start();
