// Bars joined to as many candles as fit; a million bars take a few milliseconds.
const JOINED = [1, 5, 15, 30, 60, 240, 480, 1440, 2880, 5760, 14400, 43200, 144000];

async function quotesOf(symbol) {
  const packed = report.quotes[symbol];
  if (!packed) return null;
  packed.ready ??= unpackedTable(packed).then((table) => { packed.table = table; });
  await packed.ready;
  return packed;
}

function candles(packed, view, most) {
  const { time, open, high, low, close, ask } = packed.table;
  const from = Math.max(0, rowAt(time, view[0]) - 1), to = Math.min(time.length, rowAt(time, view[1]) + 1);
  const step = JOINED.find((count) => (to - from) / count <= most) ?? Math.ceil((to - from) / most);
  const out = { x: [], open: [], high: [], low: [], close: [], ask: [], step: step * packed.joined };
  // Whole candles begin at multiples of the step, so that moving the view does not change their shapes.
  for (let start = from - (from % step); start < to; start += step) {
    const end = Math.min(time.length, start + step);
    let top = -Infinity, bottom = Infinity;
    for (let i = start; i < end; i++) {
      top = Math.max(top, open[i] + high[i]);
      bottom = Math.min(bottom, open[i] + low[i]);
    }
    out.x.push(time[start]); out.open.push(open[start]); out.high.push(top); out.low.push(bottom);
    out.close.push(open[end - 1] + close[end - 1]);
    if (ask) out.ask.push(open[end - 1] + ask[end - 1]);
  }
  return out;
}
