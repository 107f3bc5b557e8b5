// Small helpers for building elements. An attribute that is false, null or undefined is left out; true is empty.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// Sets text only where it differs: a live region would be read again.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
