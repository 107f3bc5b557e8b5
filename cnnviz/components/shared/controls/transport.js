// The bar of buttons that plays the steps.
import { say } from "./dom.js";
import { SPEEDS } from "./player.js";

const HTML = `
  <button type="button" data-go="first" aria-label="To the start" title="Start (Home)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 3h2v10H3zM13 3v10L6 8z"/></svg></button>
  <button type="button" data-go="back" aria-label="One step back" title="One step back (←)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M11 3v10L4 8z"/></svg></button>
  <button type="button" data-go="play" class="play" title="Play (Space)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 2v12l10-6z"/></svg> <span class="word">Play</span></button>
  <button type="button" data-go="next" aria-label="One step on" title="One step on (→)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5 3v10l7-5z"/></svg></button>
  <button type="button" data-go="last" aria-label="To the end" title="End (End)"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M11 3h2v10h-2zM3 3v10l7-5z"/></svg></button>
  <label class="scrub"><span class="visually-hidden">Step</span><input type="range" min="0" value="0" step="1"></label>
  <output class="count numbers"></output>
  <label class="speed">speed <select></select></label>`;

export class Transport {
  constructor(host, player) {
    this.host = host;
    this.player = player;
    host.innerHTML = HTML;
    this.range = host.querySelector("input");
    const select = host.querySelector("select");
    for (const speed of SPEEDS) select.append(new Option(`${speed}/s`, String(speed), false, speed === player.speed));
    select.onchange = () => (player.speed = Number(select.value));
    const moves = { first: () => player.go(0), back: () => player.by(-1), play: () => player.toggle(), next: () => player.by(1), last: () => player.go(null) };
    for (const button of host.querySelectorAll("[data-go]")) {
      button.onclick = () => {
        if (button.dataset.go !== "play") player.pause();
        moves[button.dataset.go]();
      };
    }
    this.range.oninput = () => {
      player.pause();
      player.go(Number(this.range.value), { rest: false });
    };
    this.range.onchange = () => player.go(Number(this.range.value));
  }

  // secret: how many steps there are would give the output's size away.
  show(secret) {
    const { player } = this;
    if (this.range.max !== String(player.total)) this.range.max = String(player.total);
    if (this.range.value !== String(player.done)) this.range.value = String(player.done);
    const text = secret ? "?" : `${player.done} / ${player.total}`;
    const count = this.host.querySelector(".count");
    say(count, text);
    this.range.setAttribute("aria-valuetext", secret ? "hidden" : `step ${player.done} of ${player.total}`);
    const word = player.playing ? "Pause" : "Play";
    const label = this.host.querySelector(".word");
    if (label.textContent !== word) {
      label.textContent = word;
      this.host.querySelector(".play path").setAttribute("d", player.playing ? "M3 2h4v12H3zM9 2h4v12H9z" : "M4 2v12l10-6z");
    }
  }
}
