// What is chosen and what the pointer is over; draws the photo, the units, the cut-out and the row of layers from it.
import { Stage } from "../shared/canvas/stage.js";
import { readTheme } from "../shared/canvas/theme.js";
import { findAll } from "../shared/controls/dom.js";
import { whenPicture } from "../shared/canvas/store.js";
import { Player } from "../shared/controls/player.js";
import { Reporter } from "../shared/controls/report.js";
import { Transport } from "../shared/controls/transport.js";
import { Speaker } from "../shared/text/speak.js";
import { Grid } from "./grid.js";
import { between, box, boxAround, centre, chain, cone, countOf, gaps, inputRecord, legal, middle, projective, unitAt } from "./maths.js";
import { Patch } from "./patch.js";
import { Photo } from "./photo.js";
import { PointerKeys } from "./pointer_keys.js";
import { Puzzle } from "./puzzle.js";
import { Strip } from "./strip.js";
import { growthWords, pixelWords, unitWords } from "./words.js";

const HTML = `
<div class="strip"></div>
<div class="main">
  <div class="photo"></div>
  <div class="side">
    <div class="puzzle" hidden></div>
    <div class="figures">
      <figure class="units"><figcaption></figcaption><div class="pane"></div></figure>
      <figure class="patch"><figcaption></figcaption><div class="pane"></div></figure>
    </div>
    <p class="lead"></p><p class="rest"></p>
<div class="bar">
  <div class="transport" role="group" aria-label="How the field grows, layer by layer"></div>
  <div class="tools" role="group" aria-label="What is shown">
    <button type="button" data-tool="pixel" aria-pressed="false">From a pixel</button>
    <button type="button" data-tool="nested" aria-pressed="false">All layers</button>
    <button type="button" data-tool="sharp" aria-pressed="false">Sharp photo</button>
    <button type="button" data-tool="guess" aria-pressed="false">Guess first</button>
  </div>
</div>
  </div>
</div>
<p class="visually-hidden spoken" aria-live="polite"></p>`;
const TITLES = {
  pixel: "Point at a pixel and see the units that see it", nested: "The fields of all layers, inside each other",
  sharp: "The photo in its own resolution instead of the network's", guess: "Hide the field and ask how large it is",
};
const BESIDE = 700; // CSS pixels from which the units stand beside the photo

export class Field {
  /** @type {import("../shared/types").FieldPhotoData} */ data = null; // what Python sent last
  /** @type {[number, number]} */ shape = null; // of the network's input
  /** @type {import("../shared/types").FieldLayerJson[]} */ records = []; // of the input and of each layer
  /** @type {import("../shared/types").FieldSelectionJson} */ state = null; // what is chosen
  /** @type {import("../shared/canvas/theme.js").Theme} */ style = null;
  /** @type {any} */ own = null; // the photo in its own resolution, and in the network's
  /** @type {any} */ small = null;
  /** @type {(() => void)[]} */ stops = []; // of the photos that are waited for
  sideRoom = 0; // CSS pixels for the units and the cut-out
  laidFor = -1; // the layer that the room was laid out for
  painted = 0;

  constructor(root) {
    root.innerHTML = HTML;
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.reporter = new Reporter();
    this.speaker = new Speaker(this.find(".spoken"));
    this.photo = new Photo(this.find(".photo"), "Photo. Arrow keys move the unit, or the pixel; with Shift farther; Home goes to the middle.");
    this.grid = new Grid(this.find(".units .pane"), "Units of the layer. Arrow keys move the unit, with Shift farther; Home goes to the middle.");
    this.patch = new Patch(this.find(".patch .pane"));
    this.strip = new Strip(this.find(".strip"), (layer) => this.change({ layer }));
    this.puzzle = new Puzzle(this.find(".puzzle"), { onAnswer: () => this.reveal(), onSkip: () => this.change({ guess: false }) });
    this.player = new Player({ onFrame: () => this.stage.ask("marks"), onRest: () => {} });
    this.transport = new Transport(this.find(".transport"), this.player);
    this.pointerKeys = new PointerKeys(this);
    for (const tool of findAll(root, "[data-tool]")) {
      tool.title = TITLES[tool.dataset.tool];
      tool.onclick = () => this.change({ [tool.dataset.tool]: !this.state[tool.dataset.tool] });
    }
    this.stage = new Stage(root, { levels: ["layout", "marks"], draw: (due) => this.render(due("layout")) });
  }

  /** @param {import("../shared/types").ViewArguments<import("../shared/types").FieldPhotoData>} args */
  update(args) {
    const { data } = args;
    this.data = data;
    this.style = readTheme(this.root);
    this.reporter.connect(args);
    this.shape = data.input;
    this.records = [{ ...inputRecord(...data.input), name: "input", detail: "", growth: "", reads: null }, ...data.records];
    if (this.reporter.receive("state", data.state)) this.state = structuredClone(data.state);
    this.state.layer = Math.min(this.state.layer, this.records.length - 1);
    this.pointerKeys.forget();
    this.atEnd();
    this.strip.lay(this.records);
    for (const stop of this.stops) stop();
    const take = (name) => (picture) => {
      this[name] = picture;
      this.stage.ask("layout");
    };
    this.stops = [whenPicture(data.digest, take("own")), whenPicture(data.small, take("small"))];
    this.stage.ask("layout");
  }

  // A choice of the visitor: shown at once, told to Python when it has come to rest.
  change(part) {
    const { record, unit } = this;
    this.state = { ...this.state, ...part, guess: part.guess ?? false };
    // Another layer's unit is the one that looks at the same place.
    if ("layer" in part && this.state.unit) this.state.unit = unitAt(this.record, centre(record, unit));
    if ("pixel" in part && part.pixel === true) this.state.pixel = [this.shape[0] >> 1, this.shape[1] >> 1];
    if ("pixel" in part && part.pixel === false) this.state.pixel = null;
    if (!("nested" in part || "sharp" in part)) this.atEnd();
    this.stage.ask("sharp" in part ? "layout" : "marks");
    this.reporter.state("state", this.state, { sent: this.state });
  }

  atEnd() {
    this.player.pause();
    this.player.setTotal(this.state.layer);
    this.player.go(null);
  }

  // The right answer is shown, and how the field grew to it.
  reveal() {
    this.change({ guess: false });
    if (!this.player.still.matches) this.player.play();
  }

  get record() {
    return this.records[this.state.layer];
  }

  get unit() {
    return legal(this.record, this.pointerKeys.unit ?? this.state.unit ?? middle(this.record));
  }

  get pixel() {
    return this.pointerKeys.pixel ?? this.state.pixel;
  }

  render(laidOut) {
    if (!this.small || this.small.digest !== this.data.small) return;
    const whole = laidOut || this.laidFor !== this.state.layer;
    if (whole) this.layOut();
    this.draw();
    if (whole) this.root.dataset.painted = String(++this.painted);
  }

  layOut() {
    const { data, shape } = this, wide = this.root.clientWidth;
    const beside = wide >= BESIDE, room = beside ? Math.min(wide * 0.56, wide - 340) : wide;
    const tall = Math.max(260, Math.min(globalThis.innerHeight - 304, 1000));
    this.photo.lay(shape, this.records, [room, tall]);
    const sharp = this.state.sharp && this.own?.digest === data.digest;
    const [rows, cols] = shape;
    this.photo.paint(sharp ? this.own : this.small, sharp ? data.crop : { top: 0, left: 0, rows, cols }, this.style);
    const side = beside ? wide - this.photo.width - 24 : wide;
    this.sideRoom = Math.min((side - 16) / 2, beside ? this.photo.height * 0.55 : 200);
    this.grid.lay(this.record.output, this.sideRoom);
    this.root.toggleAttribute("data-beside", beside);
    this.laidFor = this.state.layer;
  }

  draw() {
    const { state, style, photo, records, player } = this;
    const { unit, record, pixel } = this, field = box(record, unit);
    const growing = player.step !== null;
    photo.begin();
    if (state.guess && this.data.puzzle) this.drawPuzzle(centre(record, unit));
    else if (pixel) this.drawPixel(pixel);
    else this.drawUnit(unit, growing);
    const shown = !state.guess || !this.data.puzzle;
    const cones = records.map((_, at) => (shown && !pixel && at <= state.layer ? cone(records, state.layer, unit, at) : null));
    this.strip.show(state.layer, growing ? player.step : -1, cones, records);
    this.grid.draw({ unit: pixel ? null : unit, seeing: pixel ? projective(record, pixel) : null, style });
    this.find(".patch").hidden = Boolean(pixel) || !shown;
    if (shown && !pixel) this.cutOut(field);
    this.tools(shown, pixel);
    this.puzzle.show(this.data.puzzle, state.guess);
    this.tell(unit, field, pixel, growing, shown);
  }

  drawUnit(unit, growing) {
    const { photo, player, records, state, style } = this;
    const units = chain(records, state.layer, unit), boxes = units.map((one, at) => box(records[at], one));
    let shown = boxes[state.layer], last = state.layer;
    if (growing) {
      last = player.step;
      shown = between(boxes[Math.max(0, last - 1)], boxes[last], player.share);
    }
    photo.see(shown, style);
    if (!growing || player.share === 1) photo.skip(shown, gaps(records[last].reads), style);
    if (state.nested) {
      const until = boxes.slice(0, last + (growing ? 0 : 1));
      photo.nest(until, until.map((one, at) => `${records[at].name} ${one.bottom - one.top}×${one.right - one.left}`), style);
    }
    photo.cross(centre(records[state.layer], unit), style);
  }

  drawPixel(pixel) {
    const { photo, record, style } = this, ranges = projective(record, pixel);
    if (countOf(ranges)) {
      const [[top, bottom], [left, right]] = ranges;
      for (const one of [[top, left], [bottom - 1, right - 1]]) photo.outline(box(record, one), style.roles.output, [6, 5]);
    }
    photo.pixel(pixel, style);
  }

  drawPuzzle(place) {
    const { photo, style } = this;
    for (const { size, letter } of this.puzzle.text ? this.puzzle.boxes() : []) {
      const outline = boxAround(place, size), [x, y] = photo.rect(photo.visible(outline));
      photo.outline(outline, style.roles.kernel, [7, 5]);
      photo.label(x + 3, y + 3, letter, style);
    }
    photo.cross(place, style);
  }

  cutOut(field) {
    const rows = field.bottom - field.top, cols = field.right - field.left;
    this.find(".patch figcaption").textContent = `What it sees: ${rows}×${cols}`;
    this.patch.draw(field, this.photo, [this.sideRoom, this.sideRoom], this.style, `The ${rows}×${cols} pixels that the unit sees, enlarged`, gaps(this.record.reads));
  }

  tools(shown, pixel) {
    const pressed = { ...this.state, pixel: Boolean(pixel) };
    for (const tool of findAll(this.root, "[data-tool]")) {
      tool.setAttribute("aria-pressed", String(Boolean(pressed[tool.dataset.tool])));
      if (tool.dataset.tool === "guess") tool.hidden = !this.data.puzzle;
    }
    this.find(".transport").hidden = !shown || Boolean(pixel) || this.state.layer === 0;
    this.transport.show(false);
    const [rows, cols] = this.record.output;
    this.find(".units figcaption").textContent = `${this.record.name}: ${rows}×${cols} units`;
  }

  tell(unit, field, pixel, growing, shown) {
    const { record, records, player } = this;
    let said = { lead: "Which box does this unit see?", rest: "The cross is the centre of its field." };
    if (shown && pixel) said = pixelWords(record, pixel, projective(record, pixel));
    else if (shown && growing) said = growthWords(records, player.step);
    else if (shown) said = unitWords(record, unit, field, this.shape, centre(record, unit));
    this.find(".lead").textContent = said.lead;
    this.find(".rest").textContent = said.rest;
    this.speaker.say(`${said.lead} ${said.rest}`);
  }

  destroy() {
    this.stage.destroy();
    this.player.destroy();
    this.reporter.stop();
    this.speaker.stop();
    for (const stop of this.stops) stop();
  }
}
