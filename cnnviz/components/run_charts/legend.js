// The legend is a row of switches, each with a piece of its line. It is only made anew when the runs are others.

const PARTS = [
  ["raw", "each batch"],
  ["smooth", "training"],
  ["validation", "validation"],
];

// A piece of the line as it is drawn.
function sample(run, part) {
  const colour = run ? "var(--st-text-color)" : part === "validation" ? "var(--cv-output)" : "var(--st-primary-color)";
  const width = { raw: 1.5, smooth: 3.5, validation: 1.8, rate: 1.5 }[part];
  const dash = run && part !== "raw" ? ' stroke-dasharray="7 4"' : "";
  const tone = part === "rate" ? "var(--st-text-color)" : colour;
  const faint = part === "raw" || part === "rate" ? ' opacity="0.6"' : "";
  const path = part === "raw" ? "M1 9 5 4 9 11 13 3 17 10 21 5 25 9" : "M1 8H27";
  const mark = run
    ? `<rect x="10" y="4" width="8" height="8" fill="var(--st-background-color)" stroke="${tone}" stroke-width="1.5"/>`
    : `<circle cx="14" cy="8" r="4" fill="${tone}"/>`;
  return `<svg width="28" height="16" aria-hidden="true"><path d="${path}" fill="none" stroke="${tone}"
    stroke-width="${width}"${dash}${faint}/>${part === "validation" ? mark : ""}</svg>`;
}

export class Legend {
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.off = new Set();
  }

  shown(run, part) {
    return !this.off.has(part === "rate" ? "rate" : `${run} ${part}`);
  }

  show(runs) {
    const made = JSON.stringify(runs.map((run) => [run.label, run.window]));
    if (made === this.made) return;
    this.made = made;
    this.root.replaceChildren();
    runs.forEach((run, i) => {
      const row = document.createElement("div");
      row.className = "run";
      if (runs.length > 1) row.append(Object.assign(document.createElement("strong"), { textContent: run.label }));
      for (const [part, title] of PARTS) {
        const words = part === "smooth" ? `${title}, mean of ${run.window}` : title;
        const button = this.add(`${i} ${part}`, words, sample(i, part));
        if (runs.length > 1) button.setAttribute("aria-label", `${run.label}: ${words}`);
        row.append(button);
      }
      if (i === runs.length - 1) row.append(this.add("rate", "rate", sample(0, "rate")));
      this.root.append(row);
    });
  }

  add(id, words, picture) {
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML = `${picture}<span></span>`;
    button.lastChild.textContent = words;
    button.setAttribute("aria-pressed", String(!this.off.has(id)));
    button.onclick = () => {
      if (!this.off.delete(id)) this.off.add(id);
      button.setAttribute("aria-pressed", String(!this.off.has(id)));
      this.changed();
    };
    return button;
  }
}
