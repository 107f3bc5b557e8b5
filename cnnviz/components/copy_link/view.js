// Copies location.href; without a clipboard (plain http from another computer) it offers the text, selected.

export function mount(root) {
  root.innerHTML = `<button type="button"></button>
    <input class="numbers" readonly hidden aria-label="Address of this page"> <span role="status"></span>`;
  const [button, box, status] = [root.querySelector("button"), root.querySelector("input"), root.querySelector("span")];
  button.onclick = async () => {
    const address = globalThis.location.href;
    try {
      await navigator.clipboard.writeText(address);
      status.textContent = "Copied.";
    } catch {
      box.hidden = false;
      box.value = address;
      box.select();
      status.textContent = "Press Ctrl+C (⌘C on a Mac) to copy.";
    }
  };
  return {
    /** @param {import("../shared/types").ViewArguments<import("../shared/types").CopyLinkData>} args */
    update({ data }) {
      button.textContent = data.label;
      status.textContent = "";
      box.hidden = true;
    },
    destroy() {},
  };
}
