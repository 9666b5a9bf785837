// Light or dark, before anything is painted.
const root = document.documentElement.dataset;
try { root.kept = localStorage.getItem("omegasim-theme") ?? ""; } catch { /* a page from a file may keep nothing */ }
root.theme = root.kept || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
