// plotly's script stands in the page as text. As a file of its own it is compiled beside the work on the page, and it
// runs when it is ready.
function outOfPage(text) {
  const url = URL.createObjectURL(new Blob(atOnce(text), { type: "text/javascript" }));
  return new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: url, onload: done, onerror: failed });
    document.head.append(script);
  });
}

// A function in brackets is compiled at once, others are looked through first and compiled when they are called.
function atOnce(text) {
  const start = text.slice(0, 2000).indexOf(', () => {\n"use strict"') + 2;
  const end = text.endsWith("}));") ? text.length - 3 : 0;
  return start < 2 || !end ? [text] : [text.slice(0, start), "(", text.slice(start, end), ")", text.slice(end)];
}

function inPage(text) {
  document.head.append(Object.assign(document.createElement("script"), { text }));
}

async function loaded() {
  window.PlotlyConfig = { MathJaxConfig: "local" };
  const text = document.getElementById("plotly").textContent;
  try { await outOfPage(text); } catch { /* a browser that runs no such file */ }
  if (!window.Plotly) inPage(text);
}

window.omegasimCharts = loaded();
