// The view's elements.
export const HTML = `
<div class="bar">
  <div class="layout" role="radiogroup" aria-label="Layout">
    <button type="button" role="radio" data-layout="side">Side by side</button>
    <button type="button" role="radio" data-layout="slider">Compare slider</button>
  </div>
  <div class="zoom" role="group" aria-label="Zoom">
    <button type="button" data-zoom="out" aria-label="Zoom out">−</button>
    <output class="numbers factor">1×</output>
    <button type="button" data-zoom="in" aria-label="Zoom in">+</button>
    <button type="button" data-zoom="fit">Fit</button>
  </div>
  <div class="live">
    <button type="button" class="camera" aria-pressed="false">Live camera</button>
    <button type="button" class="still" hidden>Take a still</button>
  </div>
  <p class="problem" role="status"></p>
</div>
<div class="stage">
  <figure class="input"><figcaption><b>Input</b> <span class="about numbers"></span></figcaption><div class="pane"></div></figure>
  <section class="kernel" aria-label="Kernel"><div class="editor"></div>
    <figure class="response"><canvas width="64" height="64"></canvas><figcaption></figcaption></figure></section>
  <figure class="output"><figcaption><b>Output</b> <span class="about numbers"></span></figcaption><div class="pane"></div>
    <div class="legend"><span class="low numbers"></span><canvas width="256" height="1"></canvas><span class="high numbers"></span></div><p class="mapping"></p></figure>
</div>
<div class="inspector"></div>`;
