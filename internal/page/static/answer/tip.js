// One bubble for explanations: it opens when its button is pointed at, reached by the
// keyboard or tapped, stays while the mouse is over it, and closes with Escape.

import { h } from "./dom.js";

/** @type {HTMLElement | null} */
let bubble = null;
/** @type {HTMLElement | null} */
let owner = null;
let pinned = false;
let timer = 0;

function make() {
  if (bubble) return bubble;
  bubble = h("div", { class: "a-tip", id: "answer-tip", role: "tooltip", popover: "manual", testid: "rule-tip" });
  bubble.addEventListener("pointerenter", () => clearTimeout(timer));
  bubble.addEventListener("pointerleave", () => later());
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !owner) return;
    e.preventDefault();
    e.stopPropagation();
    close();
  }, true);
  document.addEventListener("pointerdown", (e) => {
    const at = /** @type {Node} */ (e.target);
    if (owner && !owner.contains(at) && !bubble?.contains(at)) close();
  });
  addEventListener("scroll", (e) => {
    if (owner && e.target !== bubble) place();
  }, { capture: true, passive: true });
  addEventListener("resize", close);
  return bubble;
}

function later() {
  clearTimeout(timer);
  if (!pinned) timer = window.setTimeout(close, 180);
}

/** Closes the bubble. */
export function close() {
  clearTimeout(timer);
  if (!owner || !bubble) return;
  owner.removeAttribute("aria-describedby");
  owner.classList.remove("is-open");
  owner = null;
  pinned = false;
  if (bubble.matches(":popover-open")) bubble.hidePopover();
}

function open(button, build) {
  const b = make();
  clearTimeout(timer);
  if (owner === button) return;
  close();
  owner = button;
  b.replaceChildren(build());
  (button.closest("dialog[open]") ?? document.body).append(b);
  b.showPopover();
  button.setAttribute("aria-describedby", b.id);
  button.classList.add("is-open");
  place();
}

function place() {
  if (!owner || !bubble) return;
  const at = owner.getClientRects()[0] ?? owner.getBoundingClientRect();
  if (at.bottom < 0 || at.top > innerHeight) return close();
  const { offsetWidth: w, offsetHeight: hgt } = bubble;
  const gap = 8;
  const left = Math.max(gap, Math.min(at.left + at.width / 2 - w / 2, innerWidth - w - gap));
  const below = at.bottom + gap + hgt <= innerHeight || at.top - gap - hgt < 0;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${below ? at.bottom + gap : at.top - gap - hgt}px`;
}

/**
 * A button in a line of text, with an explanation.
 * @param {any} label
 * @param {() => Node} build what the bubble shows; called each time it opens
 * @param {Record<string, any>} [attrs]
 * @returns {HTMLElement}
 */
export function tipButton(label, build, attrs = {}) {
  // A real button would not break across rows with the text that it stands in.
  const button = h("span", { role: "button", tabindex: "0", ...attrs, class: "a-rule " + (attrs.class ?? "") }, label);
  button.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" && e.key !== " ") return;
    e.preventDefault();
    e.stopPropagation();
    button.click();
  });
  button.addEventListener("pointerenter", (e) => {
    if (e.pointerType !== "mouse") return;
    clearTimeout(timer);
    timer = window.setTimeout(() => open(button, build), 60);
  });
  button.addEventListener("pointerleave", (e) => {
    if (e.pointerType === "mouse") later();
  });
  button.addEventListener("focus", () => {
    if (button.matches(":focus-visible")) open(button, build);
  });
  button.addEventListener("blur", () => {
    if (owner === button) close();
  });
  button.addEventListener("click", () => {
    clearTimeout(timer);
    if (owner === button && pinned) close();
    else {
      open(button, build);
      pinned = true;
    }
  });
  return button;
}
