// A button that opens a menu, by mouse, tap or keyboard; and how results leave the page.

import { h, icon, icons, newId } from "./dom.js";

/**
 * @typedef {object} Item
 * @property {string} id  stable, for tests
 * @property {string} label
 * @property {() => void | Promise<void>} run
 * @property {boolean} [rule]  a line above it
 */

/**
 * @param {string} label
 * @param {() => Item[]} items made anew each time the menu opens
 * @param {{testid: string, icon?: string, class?: string, title?: string}} o
 * @returns {HTMLElement}
 */
export function menuButton(label, items, o) {
  const id = newId("answer-menu");
  const list = h("div", { class: "a-menu", id, role: "menu", popover: "auto", "aria-label": label, testid: o.testid + "-menu" });
  const button = h("button", { type: "button", class: "a-button " + (o.class ?? ""), "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id,
    title: o.title, testid: o.testid }, icon(o.icon ?? icons.copy), h("span", null, label), icon(icons.down));
  const root = h("span", { class: "a-menu-root" }, button, list);
  const entries = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=menuitem]")]);

  function open(last) {
    list.replaceChildren(...items().flatMap((item) => {
      const e = h("button", { type: "button", role: "menuitem", tabindex: "-1", testid: `${o.testid}-${item.id}` }, item.label);
      e.addEventListener("click", async () => {
        list.hidePopover();
        button.focus();
        await item.run();
      });
      return item.rule ? [h("div", { role: "separator" }), e] : [e];
    }));
    list.showPopover();
    const at = button.getBoundingClientRect();
    const { offsetWidth: w, offsetHeight: height } = list;
    const below = at.bottom + height + 12 < innerHeight || at.top < height;
    list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - w - 8))}px`;
    list.style.top = `${below ? at.bottom + 4 : at.top - height - 4}px`;
    entries().at(last ? -1 : 0)?.focus({ preventScroll: true });
  }
  // The pointer that closes a menu by itself must not open it again.
  let shown = false;
  button.addEventListener("pointerdown", () => { shown = list.matches(":popover-open"); });
  button.addEventListener("click", (e) => {
    if (e.detail > 0 && shown) list.hidePopover();
    else open(false);
    shown = false;
  });
  button.addEventListener("keydown", (e) => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    e.preventDefault();
    open(e.key === "ArrowUp");
  });
  list.addEventListener("toggle", (e) => button.setAttribute("aria-expanded", String(/** @type {any} */ (e).newState === "open")));
  list.addEventListener("keydown", (e) => {
    const all = entries();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[e.key];
    if (to !== undefined) {
      e.preventDefault();
      all[to].focus();
    } else if (e.key === "Escape" || e.key === "Tab") {
      if (e.key === "Escape") e.preventDefault();
      list.hidePopover();
      button.focus();
    }
  });
  addEventListener("scroll", (e) => {
    if (e.target !== list && list.matches(":popover-open")) list.hidePopover();
  }, { capture: true, passive: true });
  return root;
}

/**
 * Hands a file to the browser.
 * @param {string} name
 * @param {string | Blob} data
 * @param {string} [type]
 */
export function download(name, data, type = "text/plain;charset=utf-8") {
  const url = URL.createObjectURL(data instanceof Blob ? data : new Blob([data], { type }));
  const a = h("a", { href: url, download: name });
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
