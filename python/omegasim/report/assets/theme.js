// Colours live in the style sheet; charts read them from there.
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = () => document.documentElement.clientWidth < 640;

function colours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["text", "muted", "line", "card", "accent", "up", "down", "warn", "quiet"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

const faded = (colour, share) => {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${parts.join(",")},${share})`;
};

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  redrawn();
}

function themed() {
  const root = document.documentElement.dataset;
  dark.addEventListener("change", () => { if (!root.kept) setTheme(dark.matches ? "dark" : "light"); });
  document.getElementById("theme").addEventListener("click", () => {
    root.kept = root.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("omegasim-theme", root.kept); } catch { /* as in scheme.js */ }
    setTheme(root.kept);
  });
}
