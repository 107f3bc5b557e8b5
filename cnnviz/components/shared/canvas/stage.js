// The canvas as every view uses it: one rule for its pixels, and one drawing per frame, however often and by whomever
// it is asked for: the view, a new size, another theme, another screen.

const MOST = 3; // device pixels a CSS pixel: what the finest screens have; beyond it lie only pages zoomed far in

/** Device pixels for each CSS pixel. */
export const pixelRatio = () => Math.min(globalThis.devicePixelRatio || 1, MOST);

/**
 * Gives a canvas this size in CSS pixels, and the device pixels for it; its picture is only lost where they change.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @returns {number} device pixels for each CSS pixel
 */
export function setSize(canvas, width, height) {
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  return setPixels(canvas, width, height);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
function setPixels(canvas, width, height) {
  const ratio = pixelRatio();
  const wide = Math.max(1, Math.round(width * ratio)), tall = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== tall) canvas.height = tall;
  return ratio;
}

/**
 * A context that measures in CSS pixels, empty.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width CSS pixels
 * @param {number} height
 */
function emptied(canvas, width, height) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/**
 * Sizes a canvas to width × height CSS pixels; returns its empty context, which measures in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function sized(canvas, width, height) {
  setSize(canvas, width, height);
  return emptied(canvas, width, height);
}

/**
 * The same for a canvas whose size the style sheet gives; null while there is no room.
 * @param {HTMLCanvasElement} canvas
 */
export function filled(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return null;
  setPixels(canvas, width, height);
  return emptied(canvas, width, height);
}

/**
 * Hard edges where the pixels of a picture are enlarged; where it is shown smaller they would drop pixels.
 * @param {HTMLCanvasElement} canvas
 */
export function sharpen(canvas) {
  canvas.style.imageRendering = canvas.clientWidth * pixelRatio() >= canvas.width ? "pixelated" : "auto";
}

// Levels of a drawing go from all to least: what is asked for includes the levels after it.
export class Stage {
  /**
   * @param {HTMLElement} root of the view: its data-theme is watched
   * @param {object} options
   * @param {(due: (level: string) => boolean) => void} options.draw `due` says which levels are to be drawn
   * @param {readonly string[]} [options.levels]
   * @param {string} [options.resized] the level that another size asks for
   * @param {() => void} [options.onResize] before that is asked for
   * @param {Element} [options.watch] the element whose size is watched
   */
  constructor(root, { draw, levels = ["all"], resized = levels[0], onResize = () => {}, watch = root }) {
    this.root = root;
    this.levels = levels;
    this.paint = draw;
    this.frame = 0;
    this.asked = levels.length; // the index of the first level that is asked for
    const again = () => {
      onResize();
      this.ask(resized);
    };
    this.sizes = new ResizeObserver(again);
    this.sizes.observe(watch);
    this.theme = root.dataset.theme;
    this.themes = new MutationObserver(() => this.themed(again)); // also heard where the theme is set to what it is
    this.themes.observe(root, { attributeFilter: ["data-theme"] });
    this.screen = new AbortController();
    this.watchScreen(again);
  }

  /** @param {() => void} again */
  themed(again) {
    if (this.root.dataset.theme === this.theme) return;
    this.theme = this.root.dataset.theme;
    again();
  }

  /**
   * A window may move to a screen with other pixels: nothing changes its size in CSS pixels then.
   * @param {() => void} again
   */
  watchScreen(again) {
    const here = matchMedia(`(resolution: ${globalThis.devicePixelRatio || 1}dppx)`);
    here.addEventListener("change", () => {
      again();
      this.watchScreen(again);
    }, { once: true, signal: this.screen.signal });
  }

  /**
   * Asks for a drawing in the next frame.
   * @param {string} [level]
   */
  ask(level = this.levels[0]) {
    this.asked = Math.min(this.asked, this.levels.indexOf(level));
    this.frame ||= requestAnimationFrame(() => {
      const from = this.asked;
      this.frame = 0;
      this.asked = this.levels.length;
      if (this.root.isConnected) this.paint((name) => this.levels.indexOf(name) >= from);
    });
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.sizes.disconnect();
    this.themes.disconnect();
    this.screen.abort();
  }
}
