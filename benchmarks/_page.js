// Runs in the measured page before anything else: notes when a change starts, travels, arrives and is painted.
(() => {
  const marks = {}; // of the present change, in ms of performance.now()
  const note = (name) => (marks.t0 === undefined ? 0 : (marks[name] = performance.now()));
  const find = () => {
    for (const host of document.querySelectorAll("*")) {
      const root = host.shadowRoot?.querySelector("div.cnnviz-root[data-view=filter_view]");
      if (root) return root;
    }
    return null;
  };

  const Socket = globalThis.WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        marks.received = (marks.received ?? 0) + (data.byteLength ?? data.size ?? data.length);
        if (marks.sent !== undefined && marks.answered === undefined) note("answered");
      });
    }

    send(data) {
      if (marks.sent === undefined) note("sent");
      super.send(data);
    }
  };

  // What the picture is a picture of: a paint that changes none of it is not the answer to the change.
  const fingerprint = (view) => JSON.stringify([view.data.settings, view.data.token, view.data.display, view.picture.digest]);

  globalThis.bench = {
    view: () => find().filterView,

    // Resolves with the marks when the next input event of this type has led to a new picture on screen.
    arm(type) {
      const root = find(), view = root.filterView, before = fingerprint(view);
      for (const name of Object.keys(marks)) delete marks[name];
      if (!Object.hasOwn(view, "update")) {
        const { update } = view;
        view.update = (args) => {
          if (marks.updated === undefined) note("updated");
          update.call(view, args);
        };
      }
      addEventListener(type, () => (marks.t0 ??= performance.now()), { capture: true, once: true });
      this.answer = new Promise((resolve) => {
        const watch = new MutationObserver(() => {
          if (marks.t0 === undefined || fingerprint(view) === before) return;
          watch.disconnect();
          note("drawn");
          requestAnimationFrame(() => {
            note("painted");
            resolve({ ...marks });
          });
        });
        watch.observe(root, { attributes: true, attributeFilter: ["data-painted"] });
      });
    },

    // Counts frames from now on, and gives the element one pointer event before each, as a browser does with a
    // moving mouse; place(i) is where, on the page. stop() tells how long each frame was and how many had news.
    frames(element, place) {
      const view = find().filterView, times = [];
      let last = null, changed = 0, running = true;
      const painted = view.painted;
      const tick = (now) => {
        if (!running) return;
        times.push(now);
        const at = { ...place(times.length), pointerId: 1, pointerType: "mouse", bubbles: true, composed: true };
        element.dispatchEvent(new PointerEvent("pointermove", at));
        const state = view.painted * 1e8 + (view.hover ? view.hover.y * 1e4 + view.hover.x : 0);
        if (last !== null && state !== last) changed += 1;
        last = state;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
      this.stop = () => {
        running = false;
        return { times, changed, painted: view.painted - painted };
      };
    },
  };
})();
