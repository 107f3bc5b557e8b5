// The camera as a live source: frames stay in this page; only a still that the visitor takes leaves it.

const REASONS = {
  NotAllowedError: "The browser did not allow the camera; allow it in the address bar, or upload a photo instead.",
  NotFoundError: "This device has no camera that the browser can see; upload a photo instead.",
  NotReadableError: "Another program is using the camera; close it there, or upload a photo instead.",
};

export class Camera {
  // onFrame({width, height, rgb}) for each new frame; onProblem(sentence)
  constructor(onFrame, onProblem) {
    this.onFrame = onFrame;
    this.onProblem = onProblem;
    this.video = document.createElement("video");
    this.video.playsInline = true;
    this.video.muted = true;
    this.canvas = document.createElement("canvas");
    this.stream = null;
    this.wanted = false;
  }

  get running() {
    return this.stream !== null;
  }

  async start(longest) {
    if (!globalThis.navigator?.mediaDevices?.getUserMedia) {
      this.onProblem(
        "Over plain http from another computer the browser gives no camera; open the app over https or on this machine, or upload a photo instead.",
      );
      return false;
    }
    this.wanted = true;
    this.longest = longest;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false,
      });
      if (!this.wanted) {
        stream.getTracks().forEach((track) => track.stop());
        return false;
      }
      this.stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
    } catch (error) {
      this.stop();
      this.onProblem(REASONS[/** @type {Error} */ (error).name] ?? "The camera could not be started; upload a photo instead.");
      return false;
    }
    this.next();
    return true;
  }

  next() {
    if (!this.running) return;
    const tick = () => {
      if (!this.running) return;
      if (this.video.videoWidth > 0) this.onFrame(this.grab(this.longest));
      this.next();
    };
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(tick);
    else requestAnimationFrame(tick);
  }

  draw(longest) {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, longest / Math.max(videoWidth, videoHeight));
    const width = Math.max(1, Math.round(videoWidth * scale)), height = Math.max(1, Math.round(videoHeight * scale));
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const ctx = this.canvas.getContext("2d", { willReadFrequently: true });
    ctx.drawImage(this.video, 0, 0, width, height);
    return { ctx, width, height };
  }

  grab(longest) {
    const { ctx, width, height } = this.draw(longest);
    const rgba = ctx.getImageData(0, 0, width, height).data;
    const rgb = new Uint8Array(width * height * 3);
    for (let i = 0, j = 0; i < rgba.length; i += 4, j += 3) {
      rgb[j] = rgba[i];
      rgb[j + 1] = rgba[i + 1];
      rgb[j + 2] = rgba[i + 2];
    }
    return { width, height, rgb };
  }

  // The present frame at the camera's own size, as lossless PNG in base64.
  async still() {
    this.draw(Infinity);
    const blob = await new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  }

  stop() {
    this.wanted = false;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }
}
