// Mounts a view without Streamlit: for the tests' blank page, and for tools/view_page.py.

// Turns the sources of modules (path → text, each after those that it imports) into live modules.
globalThis.loadModules = async (sources) => {
  const urls = {};
  const resolve = (from, name) => {
    const parts = from.split("/").slice(0, -1);
    for (const part of name.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== ".") parts.push(part);
    }
    return parts.join("/");
  };
  for (const [path, source] of Object.entries(sources)) {
    const linked = source.replace(/^(import\s[^;]*?from\s+")(\.[^"]+)(";)/gms,
      (_, head, name, tail) => head + urls[resolve(path, name)] + tail);
    urls[path] = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
  }
  globalThis.urls = urls;
  globalThis.engine = await import(urls["shared/maths/engine.js"]);
  globalThis.colour = await import(urls["shared/maths/colour.js"]);
  globalThis.floats = (text, Kind = Float32Array) =>
    new Kind(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  globalThis.text = (array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    let out = "";
    for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(out);
  };
  globalThis.kernelOf = (k) => ({ ...k, slices: k.slices.map((s) => Float64Array.from(s)) });
  globalThis.caseOf = (c) => {
    const kernel = kernelOf(c.kernel);
    const settings = { ...c, padding: engine.padAmounts(c.padding, kernel, c.dilation) };
    const picture = { width: c.w, height: c.h, rgb: floats(c.picture, Uint8Array) };
    const planes = engine.planesOf(picture, c.channels);
    return { planes, w: c.w, h: c.h, kernel, settings };
  };
};

// Mounts the view `name` with its styles; what it reports is appended to `sent`. `remount(data)` updates it.
globalThis.mountView = async ({ name, data, css, pictures, theme = "light", into = document.body }) => {
  const root = `<div class="cnnviz-root" data-view="${name}" data-theme="${theme}"></div>`;
  into.innerHTML = `<style>${css}</style>${root}`;
  const { putPicture } = await import(urls["shared/canvas/store.js"]);
  for (const one of pictures) putPicture({ ...one, rgb: floats(one.rgb, Uint8Array) });
  const { mount } = await import(urls[`${name}/view.js`]);
  globalThis.sent = [];
  const say = (...what) => sent.push(what);
  const args = (data) => ({ data, setTriggerValue: say, setStateValue: say });
  globalThis.view?.destroy();
  globalThis.view = mount(into.querySelector(".cnnviz-root"), args(data));
  globalThis.remount = (data) => view.update(args(data));
  view.update(args(data));
};
