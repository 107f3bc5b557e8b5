// The icons of the editor.
import { element } from "../shared/controls/dom.js";

const ICONS = {
  up: '<path d="M8 13V3M3.5 7.5 8 3l4.5 4.5"/>',
  down: '<path d="M8 3v10M3.5 8.5 8 13l4.5-4.5"/>',
  copy: '<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"/>',
  remove: '<path d="M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9M6.8 7v4M9.2 7v4"/>',
  undo: '<path d="M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8h-3"/>',
  redo: '<path d="m10.5 3 3 3-3 3M13.5 6h-7a4 4 0 0 0 0 8h3"/>',
  plus: '<path d="M8 3v10M3 8h10"/>',
  minus: '<path d="M3 8h10"/>',
  grip: '<path class="dots" d="M5.5 3.5h.01M10.5 3.5h.01M5.5 8h.01M10.5 8h.01M5.5 12.5h.01M10.5 12.5h.01"/>',
  problem: '<path d="M8 1.8 15 14H1zM8 6v4M8 12h.01"/>',
  notice: '<circle cx="8" cy="8" r="6.4"/><path d="M8 7.2v4M8 4.7h.01"/>',
};

export const icon = (name) => `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${ICONS[name]}</svg>`;

export function iconButton(name, title, attributes = {}) {
  const button = element("button", { type: "button", class: "tool", title, "aria-label": title, ...attributes });
  button.innerHTML = icon(name);
  return button;
}
