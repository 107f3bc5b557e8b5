// Cards glide from where they were to where they are, unless the visitor wants no motion.
const GLIDE = { duration: 170, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" };
const MOST = 150; // cards; beyond that only the result is shown

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Where every card is, by uid; null where nothing will move.
export function tops(cards) {
  if (still() || cards.size > MOST) return null;
  return new Map([...cards].map(([uid, { card }]) => [uid, card.root.getBoundingClientRect().top]));
}

export function glide(before, cards) {
  if (!before) return;
  const shifts = new Map();
  for (const [uid, { card }] of cards) {
    if (before.has(uid)) shifts.set(card.root, before.get(uid) - card.root.getBoundingClientRect().top);
  }
  for (const [root, shift] of shifts) {
    const block = root.parentElement.closest(".card"); // it takes its own layers along
    const own = shift - (shifts.get(block) ?? 0);
    if (Math.abs(own) > 1) root.animate([{ translate: `0 ${own}px` }, { translate: "0 0" }], GLIDE);
  }
}
