// The small controls of tool bars.

import { h } from "./dom.js";

/**
 * One of a few values, as a group of buttons of which one is pressed.
 * @param {object} o
 * @param {string} o.name  for tests
 * @param {string} o.label
 * @param {[value: string, label: string][]} o.options
 * @param {string} o.value
 * @param {(value: string) => void} o.set
 */
export function segmented(o) {
  const all = o.options.map(([value, label]) => h("button", { type: "button", role: "radio", "aria-checked": String(value === o.value),
    tabindex: value === o.value ? "0" : "-1", "data-value": value, testid: `${o.name}-${value || "auto"}` }, label));
  const group = h("div", { class: "a-segmented", role: "radiogroup", "aria-label": o.label, title: o.label, testid: o.name }, ...all);
  const pick = (b, focus) => {
    for (const e of all) {
      e.setAttribute("aria-checked", String(e === b));
      e.tabIndex = e === b ? 0 : -1;
    }
    if (focus) b.focus();
    o.set(b.dataset.value);
  };
  group.addEventListener("click", (e) => {
    const b = /** @type {HTMLElement} */ (e.target).closest("button");
    if (b && b.getAttribute("aria-checked") !== "true") pick(b, false);
  });
  group.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const at = all.indexOf(/** @type {any} */ (document.activeElement));
    pick(all[(at + step + all.length) % all.length], true);
  });
  return group;
}

/**
 * A switch with a label.
 * @param {{name: string, label: string, value: boolean, set: (on: boolean) => void, title?: string}} o
 */
export function toggle(o) {
  const box = h("input", { type: "checkbox", testid: o.name, onchange: () => o.set(box.checked) });
  box.checked = o.value;
  return h("label", { class: "a-toggle", title: o.title }, box, h("span", null, o.label));
}

/**
 * A line of text that takes effect when it is left or with Enter.
 * @param {{name: string, label: string, value: string, set: (s: string) => void, placeholder?: string, size?: number, mode?: string}} o
 */
export function textField(o) {
  const box = h("input", { type: "text", testid: o.name, placeholder: o.placeholder, size: o.size ?? 12, spellcheck: "false", autocomplete: "off",
    autocapitalize: "off", inputmode: o.mode });
  box.value = o.value;
  let sent = o.value;
  const send = () => {
    if (box.value.trim() === sent) return;
    sent = box.value.trim();
    o.set(sent);
  };
  box.addEventListener("change", send);
  box.addEventListener("keydown", (e) => {
    if (e.key === "Enter") send();
  });
  return h("label", { class: "a-field" }, h("span", null, o.label), box);
}

/**
 * A choice from a list.
 * @param {{name: string, label: string, options: [string, string][], value: string, set: (s: string) => void}} o
 */
export function select(o) {
  const box = h("select", { testid: o.name, onchange: () => o.set(box.value) }, o.options.map(([value, label]) => h("option", { value }, label)));
  box.value = o.value;
  return h("label", { class: "a-field" }, h("span", null, o.label), box);
}
