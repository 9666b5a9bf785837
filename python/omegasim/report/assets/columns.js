// Columns come as deflated whole numbers, bytes of one place together; see columns.py.
const KINDS = { 1: Int8Array, 2: Int16Array, 4: Int32Array, 8: Float64Array };

function unpackedBytes(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

async function inflated(text) {
  const stream = new Blob([unpackedBytes(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpacked(column) {
  if (column.words) {
    const index = await unpacked(column.index);
    return { words: column.words, index, length: index.length };
  }
  const { rows, width } = column;
  const planes = await inflated(column.bytes);
  const plain = new Uint8Array(rows * width);
  for (let place = 0; place < width; place++)
    for (let i = 0; i < rows; i++) plain[i * width + place] = planes[place * rows + i];
  const steps = new KINDS[width](plain.buffer);
  const values = new Float64Array(rows);
  let sum = column.start;
  for (let i = 0; i < rows; i++) {
    sum = column.delta ? sum + steps[i] : steps[i];
    values[i] = sum / column.scale;
  }
  if (column.missing) (await inflated(column.missing)).forEach((gone, i) => { if (gone) values[i] = NaN; });
  return values;
}

async function unpackedTable(table) {
  const out = {};
  const names = Object.keys(table).filter((name) => table[name] && typeof table[name] === "object");
  await Promise.all(names.map(async (name) => { out[name] = await unpacked(table[name]); }));
  return out;
}

const word = (column, row) => column.words[column.index[row]];

// The first row that is not before x.
function rowAt(values, x) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < x) low = middle + 1; else high = middle;
  }
  return low;
}

// Least and greatest of every stretch, in their order: a line through them looks like the line through all.
function thinned(x, y, from, to, most) {
  const xs = [], ys = [];
  const step = Math.max(1, Math.ceil((to - from) / most));
  if (step < 3) {
    for (let i = from; i < to; i++) { xs.push(x[i]); ys.push(y[i]); }
    return { x: xs, y: ys };
  }
  for (let start = from; start < to; start += step) {
    const end = Math.min(to, start + step);
    let low = start, high = start;
    for (let i = start; i < end; i++) { if (y[i] < y[low]) low = i; if (y[i] > y[high]) high = i; }
    for (const i of [...new Set([start, Math.min(low, high), Math.max(low, high), end - 1])]) { xs.push(x[i]); ys.push(y[i]); }
  }
  return { x: xs, y: ys };
}
