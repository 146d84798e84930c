// A derivation line by line, large, for a projector: the keys of a presenter move through
// it.

import { h, icon, icons } from "./dom.js";
import { close as closeTip } from "./tip.js";
import { htmlLang, renderPaper, titleOf } from "./paperview.js";

const forward = new Set([" ", "ArrowRight", "ArrowDown", "PageDown", "Enter", "n"]);
const back = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace", "p"]);

/**
 * @param {import("./paperview.js").Paper} paper
 * @param {import("./paperview.js").Look} look
 */
export function present(paper, look) {
  const { t } = look;
  const view = renderPaper(paper, { ...look, end: false });
  const stage = h("div", { class: "a-stage", tabindex: "0", testid: "present-stage" },
    h("h2", { class: "a-stage-title", lang: htmlLang(look.lang) }, titleOf(paper, look.lang)), view);
  const steps = /** @type {HTMLElement[]} */ ([...view.querySelectorAll(".a-lines > li")]);
  // With a line comes what stands above it in its block; with the last what stands below.
  const company = steps.map((li) => {
    const block = /** @type {HTMLElement} */ (li.closest(".a-block"));
    const list = /** @type {HTMLElement} */ (li.parentElement);
    const with_ = [li];
    const children = [...block.children];
    if (li === list.firstElementChild) with_.push(.../** @type {any} */ (children.slice(0, children.indexOf(list))));
    if (li === list.lastElementChild) with_.push(.../** @type {any} */ (children.slice(children.indexOf(list) + 1)));
    return with_;
  });
  const loose = /** @type {HTMLElement[]} */ ([...view.querySelectorAll(".a-block")].filter((b) => !b.querySelector(".a-lines")));

  const count = h("span", { class: "a-count", "aria-live": "polite", testid: "present-count" });
  const bar = h("progress", { max: steps.length, value: 0, "aria-label": t("answer.present.progress") });
  const button = (d, label, testid, run) => h("button", { type: "button", class: "a-button is-icon", "aria-label": label, title: label, testid, onclick: run }, icon(d));
  const prev = button(icons.prev, t("answer.present.prev"), "present-prev", () => go(at - 1));
  const next = button(icons.next, t("answer.present.next"), "present-next", () => go(at + 1));
  const dialog = /** @type {HTMLDialogElement & HTMLElement} */ (h("dialog", { class: "a-present", "aria-label": t("answer.present.title"), testid: "present" },
    stage,
    h("div", { class: "a-present-bar" }, prev, count, next, bar, h("span", { class: "a-present-help" }, t("answer.present.help")),
      button(icons.minus, t("answer.present.smaller"), "present-smaller", () => scale(-1)),
      button(icons.plus, t("answer.present.larger"), "present-larger", () => scale(1)),
      document.fullscreenEnabled && button(icons.full, t("answer.present.full"), "present-full", full),
      button(icons.cross, t("answer.present.close"), "present-close", () => dialog.close()))));

  let at = 0;
  let size = Number(localStorage.getItem("nabla.present")) || 0;
  function scale(by) {
    size = Math.max(-3, Math.min(6, size + by));
    stage.style.setProperty("--scale", String(1.2 ** size));
    localStorage.setItem("nabla.present", String(size));
  }
  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else dialog.requestFullscreen().catch(() => {});
  }
  function go(to) {
    closeTip();
    at = Math.max(0, Math.min(steps.length, to));
    steps.forEach((li, i) => {
      for (const e of company[i]) e.classList.toggle("is-to-come", i >= at);
      li.classList.toggle("is-now", i === at - 1);
    });
    for (const b of loose) b.classList.toggle("is-to-come", at < steps.length);
    count.textContent = `${at} / ${steps.length}`;
    bar.value = at;
    prev.toggleAttribute("disabled", at === 0);
    next.toggleAttribute("disabled", at === steps.length);
    const now = steps[at - 1];
    if (now) now.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    else stage.scrollTo({ top: 0 });
  }
  dialog.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const target = /** @type {HTMLElement} */ (e.target);
    if ((e.key === " " || e.key === "Enter") && target.closest("button, [role=button]")) return; // presses it
    if (forward.has(e.key)) go(at + 1);
    else if (back.has(e.key)) go(at - 1);
    else if (e.key === "Home") go(0);
    else if (e.key === "End") go(steps.length);
    else if (e.key === "+" || e.key === "=") scale(1);
    else if (e.key === "-") scale(-1);
    else if (e.key === "f") full();
    else return;
    e.preventDefault();
  });
  stage.addEventListener("click", (e) => {
    if (!(/** @type {HTMLElement} */ (e.target).closest("button, [role=button]"))) go(at + 1);
  });
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  dialog.addEventListener("close", () => {
    closeTip();
    if (document.fullscreenElement) document.exitFullscreen();
    dialog.remove();
    opener?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  scale(0);
  go(1);
  stage.focus({ preventScroll: true });
}
