// The keyboard: undo everywhere in the editor, the rest on the line of a layer.
import { clampIndex } from "../shared/maths/clamp.js";

export const HELP =
  "Keys on a layer: up and down arrows select; Enter opens and closes its settings; Alt with up or down moves it, " +
  "Alt with right puts it into a block beside it, Alt with left takes it out; D duplicates; A adds one behind it; " +
  "Delete removes; Control Z undoes, Control Shift Z redoes.";

const typing = (node) => node.matches?.("input") && node.value !== (node.getAttribute("aria-valuenow") ?? "");

export function onKey(event, view) {
  const { key } = event, command = event.ctrlKey || event.metaKey;
  if (command && !event.altKey && (key.toLowerCase() === "z" || key.toLowerCase() === "y") && !view.readOnly) {
    if (typing(event.target)) return;
    take(event, () => view.undo(event.shiftKey || key.toLowerCase() === "y"));
    return;
  }
  const line = event.target.closest(".line");
  if (line) onLine(event, view, view.uidOf(line));
  else if (key === "Escape" && event.target.closest(".settings")) take(event, () => view.select(view.selected, { open: false }));
  else if (event.target.matches(".plus") && (key === "ArrowDown" || key === "ArrowUp")) take(event, () => event.target.click());
}

function take(event, act) {
  event.preventDefault();
  event.stopPropagation();
  act();
}

function onLine(event, view, uid) {
  const { key } = event;
  if (event.ctrlKey || event.metaKey) return;
  const act = event.altKey ? moving(key, view, uid) : (walking(key, view, uid) ?? editing(key, view, uid));
  if (act) take(event, act);
}

// What a key does on a line, to be done; null where it means nothing there.

const changes = (view, uid) => uid !== "input" && !view.readOnly;

function moving(key, view, uid) {
  const arrow = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(key);
  return arrow && changes(view, uid) ? () => view.edits.step(uid, key) : null;
}

function walking(key, view, uid) {
  const order = view.order(), at = order.indexOf(uid);
  const goals = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: order.length - 1 };
  if (key in goals) return () => view.select(order[clampIndex(goals[key], order.length)]);
  return key === "Escape" && view.open ? () => view.select(uid, { open: false }) : null;
}

function editing(key, view, uid) {
  if (view.readOnly) return null;
  if (key.toLowerCase() === "a" || key === "+") return () => addBehind(view, uid);
  if (!changes(view, uid)) return null;
  if (key === "Delete" || key === "Backspace") return () => view.edits.remove(uid);
  return key.toLowerCase() === "d" ? () => view.edits.duplicate(uid) : null;
}

function addBehind(view, uid) {
  const place = view.index.get(uid);
  view.menu.open(place?.parent ?? null, place ? place.index + 1 : 0);
}
