// The colours and the type of the page, as every canvas draws with them.

/**
 * @typedef {object} Theme
 * @property {boolean} dark
 * @property {string} ink text
 * @property {string} muted text of less weight
 * @property {string} ground what the page is drawn on
 * @property {string} soft a surface that stands out from the ground a little
 * @property {string} grid lines behind a chart
 * @property {string} line borders of cells
 * @property {string} primary the page's own colour
 * @property {string} hatch lines over what is not part of a picture
 * @property {string} veil lies over what is not part of a picture, below the lines
 * @property {string} seam lines between the cells of a picture
 * @property {string} alarm a value that is no number
 * @property {string} font
 * @property {string} mono
 * @property {{input: string, kernel: string, output: string, gradient: string}} roles
 */

// What Streamlit does not tell, and what stands in for it in a page without Streamlit.
const LIGHT = {
  ink: "#14171f", ground: "#ffffff", soft: "#f2f4f8", grid: "#cfd5e0", primary: "#5b3cc4", muted: "#525b6b",
  line: "#aab3c2", hatch: "#5d687c", veil: "rgba(255, 255, 255, 0.68)", seam: "rgba(255, 255, 255, 0.6)",
  alarm: "#b3261e",
};
const DARK = {
  ink: "#eceff5", ground: "#10131a", soft: "#1a1f2b", grid: "#39414f", primary: "#a995f2", muted: "#aeb6c6",
  line: "#5a6478", hatch: "#8793ab", veil: "rgba(16, 19, 26, 0.68)", seam: "rgba(16, 19, 26, 0.55)",
  alarm: "#ff8f7d",
};

/**
 * Read anew with every update of a view: a visitor may change the theme at any time.
 * @param {HTMLElement} root an element of class cnnviz-root, whose data-theme says "light" or "dark"
 * @returns {Theme}
 */
export function readTheme(root) {
  const style = getComputedStyle(root), dark = root.dataset.theme === "dark", own = dark ? DARK : LIGHT;
  /** @param {string} name */
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    ...own, dark,
    ink: of("--st-text-color") || own.ink, ground: of("--st-background-color") || own.ground,
    soft: of("--st-secondary-background-color") || own.soft, grid: of("--st-border-color") || own.grid,
    primary: of("--st-primary-color") || own.primary,
    font: style.fontFamily, mono: of("--st-code-font") || "monospace",
    roles: { input: of("--cv-input"), kernel: of("--cv-kernel"), output: of("--cv-output"), gradient: of("--cv-gradient") },
  };
}
