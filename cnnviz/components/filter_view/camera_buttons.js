// The two buttons of the live camera: on and off, and a still that becomes the picture of the page.
import { Camera } from "./camera.js";

export class CameraButtons {
  /** @param {import("./view.js").FilterView} view */
  constructor(view) {
    this.view = view;
    this.camera = new Camera((frame) => view.setPicture(frame), (sentence) => view.complain(sentence));
    this.toggle = view.find(".camera");
    this.shutter = view.find(".still");
    this.toggle.onclick = () => this.switch();
    this.shutter.onclick = () => this.takeStill();
  }

  get running() {
    return this.camera.running;
  }

  async switch() {
    this.view.complain("");
    if (this.running) {
      this.stop();
      this.view.followPicture();
    } else if (await this.camera.start(this.view.data.liveSize)) this.show(true);
  }

  show(on) {
    this.toggle.setAttribute("aria-pressed", String(on));
    this.toggle.textContent = on ? "Stop the camera" : "Live camera";
    this.shutter.hidden = !on;
  }

  stop() {
    this.camera.stop();
    this.show(false);
  }

  async takeStill() {
    const image = await this.camera.still();
    this.stop();
    this.view.reporter.setTriggerValue("still", image);
  }
}
