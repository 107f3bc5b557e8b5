// Turns SOURCES (package path → text) into live ES modules and mounts views into their shadow roots.
// Runs once per page load, however often Streamlit calls the default export.

const IMPORT = /^(import\s[^;]*?from\s+")(\.[^"]+)(";)/gms;

function resolve(from, relative) {
  const parts = from.split("/").slice(0, -1);
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

// A module's address. Made when it is first needed, after those of its imports: each address is a wait for the
// browser's main process, about 2 ms, and a page needs a few of the modules. No two import each other in a
// circle (Python looked), so this ends.
const urls = new Map();
function urlOf(path) {
  if (!urls.has(path)) {
    const linked = SOURCES[path].replace(IMPORT, (_, head, name, tail) => head + urlOf(resolve(path, name)) + tail);
    const text = `${linked}\n//# sourceURL=cnnviz/${path}`;
    urls.set(path, URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  }
  return urls.get(path);
}

// Streamlit has no theme name for scripts: read it from how light the background is.
function theme(root) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
  const rgb = [1, 3, 5].map((at) => parseInt(probe.fillStyle.slice(at, at + 2), 16));
  root.dataset.theme = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 128 ? "dark" : "light";
}

class Library {
  constructor() {
    this.modules = new Map();
    this.live = new WeakMap(); // shadow root → {name, args, root, module}
  }

  module(path) {
    if (!this.modules.has(path)) this.modules.set(path, import(urlOf(path)));
    return this.modules.get(path);
  }

  // A view module exports mount(root, api) → view, where view has update(args) and destroy().
  async mount(name, args) {
    const shadow = args.parentElement;
    let entry = this.live.get(shadow);
    if (entry) {
      entry.args = args;
      if (entry.view) theme(entry.root);
      entry.view?.update(args);
      return;
    }
    entry = { args, view: null, gone: false };
    this.live.set(shadow, entry);
    const module = await this.module(`${name}/view.js`);
    if (entry.gone) return;
    const root = shadow.querySelector(".cnnviz-root");
    this.style(shadow, ["shared/base.css", "shared/roles.css", "shared/controls/kernel_editor.css", `${name}/view.css`]);
    theme(root);
    entry.root = root;
    entry.view = module.mount(root, entry.args);
    entry.view.update(entry.args);
  }

  style(shadow, paths) {
    for (const path of paths) {
      if (!(path in SOURCES) || shadow.querySelector(`style[data-path="${path}"]`)) continue;
      const style = document.createElement("style");
      style.dataset.path = path;
      style.textContent = SOURCES[path];
      shadow.querySelector(".cnnviz-root").before(style);
    }
  }

  // Streamlit may call this more than once for one unmount.
  unmount(shadow) {
    const entry = this.live.get(shadow);
    if (!entry) return;
    entry.gone = true;
    this.live.delete(shadow);
    entry.view?.destroy();
  }
}

export default function () {
  if (globalThis.cnnviz) return;
  globalThis.cnnviz = new Library();
  for (const [name, args] of globalThis.cnnvizWaiting ?? []) globalThis.cnnviz.mount(name, args);
  globalThis.cnnvizWaiting = [];
}
