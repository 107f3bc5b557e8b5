// The elements of the kernel editor, and its tools: id, label, hint.

export const MOST = 15; // rows and columns that can be edited, unless a view allows fewer

export const TOOLS = [
  ["flipX", "Flip ↔", "Mirror left and right"],
  ["flipY", "Flip ↕", "Mirror top and bottom"],
  ["transpose", "Transpose", "Swap rows and columns"],
  ["rotate", "Rotate 90°", "Turn by 90° clockwise"],
  ["negate", "Negate", "Change every sign"],
  ["divide", "÷ sum", "Divide every weight by their sum"],
  ["clear", "Clear", "Set every weight to 0"],
  ["undo", "Undo", "Take the last change back"],
];
export const SLICES = [["all", "all"], ["0", "R"], ["1", "G"], ["2", "B"]];

export const HTML = `
  <div class="weights">
  <div class="head"><strong class="name"></strong><span class="size numbers"></span></div>
  <div class="slices" role="radiogroup" aria-label="Which slice of the kernel is shown" hidden></div>
  <div class="grid-scroll"><div class="grid" role="grid" aria-label="Kernel weights"></div></div>
  <label class="slide"><span class="which"></span><input type="range" class="slider"></label>
  <p class="sum numbers"></p>
  </div>
  <details class="more"><summary>Size and tools</summary>
  <div class="shape">
    <label>rows <input class="rows numbers" type="number" min="1" max="${MOST}" step="1"></label>
    <span aria-hidden="true">×</span>
    <label>columns <input class="cols numbers" type="number" min="1" max="${MOST}" step="1"></label>
  </div>
  <div class="tools"></div>
  <label class="text">Type or paste a kernel
    <textarea class="numbers" rows="2" spellcheck="false" placeholder="1 0 -1; 2 0 -2; 1 0 -1"></textarea></label>
    <button type="button" class="use">Use this kernel</button>
  </details>
  <p class="complaint" role="status"></p>`;
