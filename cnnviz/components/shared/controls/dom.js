// Small helpers for building elements.

/**
 * An element. An attribute that is false, null or undefined is left out; true is empty.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * Sets text only where it differs: a live region would be read again.
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * The elements that a selector means, as what the caller knows them to be.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {any[]}
 */
export const findAll = (root, selector) => [...root.querySelectorAll(selector)];
