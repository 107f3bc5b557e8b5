// The keyboard: undo everywhere in the editor, the rest on the line of a layer.
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
  const { key } = event, layer = uid !== "input" && !view.readOnly;
  if (event.ctrlKey || event.metaKey) return;
  if (event.altKey) {
    if (layer && ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(key)) take(event, () => view.edits.step(uid, key));
    return;
  }
  const order = view.order(), at = order.indexOf(uid);
  const goals = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: order.length - 1 };
  if (key in goals) {
    const to = order[Math.min(Math.max(goals[key], 0), order.length - 1)];
    take(event, () => view.select(to));
  } else if (key === "Escape" && view.open) take(event, () => view.select(uid, { open: false }));
  else if (view.readOnly) return;
  else if ((key === "Delete" || key === "Backspace") && layer) take(event, () => view.edits.remove(uid));
  else if (key.toLowerCase() === "d" && layer) take(event, () => view.edits.duplicate(uid));
  else if (key.toLowerCase() === "a" || key === "+") {
    const place = view.index.get(uid);
    take(event, () => view.menu.open(place?.parent ?? null, place ? place.index + 1 : 0));
  }
}
