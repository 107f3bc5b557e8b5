// The layers in a row, each one's output as a sheet to scale: a choice of one, as radio buttons. On each sheet up to
// the chosen one stands what its unit is made of there.

const LARGEST = 56; // CSS pixels of the largest sheet's longer side
const LEAST = 3;

export class Strip {
  // onChoose(index of the record)
  constructor(host, onChoose) {
    this.host = host;
    this.onChoose = onChoose;
    host.setAttribute("role", "radiogroup");
    host.setAttribute("aria-label", "Layer whose units are looked at");
  }

  lay(records) {
    const text = JSON.stringify(records.map(({ name, output }) => [name, output]));
    if (text === this.text) return;
    this.text = text;
    const most = Math.max(...records.flatMap(({ output }) => output));
    this.buttons = records.map((record, at) => this.button(record, at, LARGEST / most));
    this.host.replaceChildren(...this.buttons);
    this.chosen = null;
  }

  button({ name, detail, output }, at, scale) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "radio");
    const [tall, wide] = output.map((n) => Math.max(LEAST, n * scale));
    button.innerHTML = `<span class="room"><span class="sheet"><span class="cone"></span></span></span><b></b><span class="detail"></span><span class="numbers"></span>`;
    const sheet = button.querySelector(".sheet");
    Object.assign(sheet.style, { width: `${wide}px`, height: `${tall}px` });
    button.querySelector(".room").style.height = `${LARGEST}px`;
    button.querySelector("b").textContent = name;
    button.querySelector(".detail").textContent = detail;
    button.querySelector(".numbers").textContent = `${output[0]}×${output[1]}`;
    button.onclick = () => this.onChoose(at);
    button.onkeydown = (event) => this.key(event, at);
    return button;
  }

  key(event, at) {
    const last = this.buttons.length - 1;
    const to = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(to, 0), last);
    this.onChoose(next);
    this.buttons[next].focus({ preventScroll: true });
    this.bring(next);
  }

  // cones: for each record [[first, last], [first, last]] or null
  show(chosen, lit, cones, records) {
    this.buttons.forEach((button, at) => {
      const checked = String(at === chosen);
      if (button.getAttribute("aria-checked") !== checked) {
        button.setAttribute("aria-checked", checked);
        button.tabIndex = at === chosen ? 0 : -1;
      }
      button.toggleAttribute("data-lit", at === lit);
      this.cone(button.querySelector(".cone"), cones[at], records[at].output);
    });
    if (this.chosen !== chosen) this.bring(chosen);
    this.chosen = chosen;
  }

  cone(element, ranges, [rows, cols]) {
    const shown = Boolean(ranges && ranges[0][1] > ranges[0][0] && ranges[1][1] > ranges[1][0]);
    element.hidden = !shown;
    if (!shown) return;
    const [[top, bottom], [left, right]] = ranges;
    Object.assign(element.style, {
      top: `${(100 * top) / rows}%`, left: `${(100 * left) / cols}%`,
      height: `${(100 * (bottom - top)) / rows}%`, width: `${(100 * (right - left)) / cols}%`,
    });
  }

  // Scrolls the row, never the page.
  bring(at) {
    const { host } = this, button = this.buttons[at];
    const from = button.offsetLeft - host.offsetLeft, to = from + button.offsetWidth;
    if (from < host.scrollLeft) host.scrollLeft = from - 20;
    else if (to > host.scrollLeft + host.clientWidth) host.scrollLeft = to - host.clientWidth + 20;
  }
}
