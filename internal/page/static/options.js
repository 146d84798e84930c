// What kind of derivative is asked for: order, layout, vec, structured.

import { h, morph } from "./dom.js";
import { t } from "./i18n.js";

export class Options {
  /**
   * @param {HTMLElement} root
   * @param {(change: Partial<import("./state.js").State>) => void} change
   */
  constructor(root, change) {
    this.root = root;
    this.change = change;
    this.key = "";
  }

  /** @param {import("./state.js").State} state @param {string[]} chosen */
  show(state, chosen) {
    const key = JSON.stringify([state.order, state.mixed, state.layout, state.vec, state.structured, chosen, document.documentElement.lang]);
    if (key === this.key) return;
    this.key = key;
    const order = state.mixed ? "mixed" : String(state.order);
    morph(this.root, [
      this.segments("order", ["1", "2", ...(state.order > 2 ? [String(state.order)] : []), "mixed"], order, (v) => this.change(v === "mixed" ? { mixed: true, order: 1 } : { mixed: false, order: Number(v) })),
      ...(state.mixed ? [this.sequence(chosen)] : []),
      this.segments("layout", ["denominator", "numerator"], state.layout, (v) => this.change({ layout: /** @type {any} */ (v) })),
      this.segments("vec", ["columns", "rows"], state.vec, (v) => this.change({ vec: /** @type {any} */ (v) })),
      this.structured(state.structured),
    ]);
  }

  /** @param {string} name @param {string[]} values @param {string} value @param {(v: string) => void} choose */
  segments(name, values, value, choose) {
    return h("fieldset", { class: "option", "data-key": name }, h("legend", {}, t(`options.${name}`)),
      h("div", { class: "segments" }, ...values.map((v) =>
        h("label", { "data-key": v }, h("input", { type: "radio", name, value: v, checked: v === value, onchange: () => choose(v) }), h("span", {}, t(`options.${name}.${v}`))))));
  }

  /** @param {boolean} on */
  structured(on) {
    const box = h("input", { type: "checkbox", id: "structured", checked: on, onchange: (/** @type {any} */ e) => this.change({ structured: e.currentTarget.checked }) });
    return h("div", { class: "option", "data-key": "structured" }, h("span", { class: "legend", "aria-hidden": "true" }, t("options.structured")),
      h("label", { class: "check" }, box, h("span", { class: "hidden" }, `${t("options.structured")}: `), h("span", {}, t("options.structured.long"))));
  }

  /** The variables of a mixed derivative; pressing one moves it forward. @param {string[]} chosen */
  sequence(chosen) {
    const items = chosen.length < 2 ? [h("span", { class: "soft" }, t("options.sequence.need"))] : chosen.flatMap((name, i) => [
      i > 0 ? h("span", { "aria-hidden": "true" }, "→") : null,
      h("button", {
        type: "button", class: "chip", "data-sequence": name, "data-key": name,
        "aria-label": t("options.sequence.move", { name, place: i + 1, count: chosen.length }),
        onclick: () => {
          const to = [...chosen];
          const j = (i - 1 + to.length) % to.length;
          [to[i], to[j]] = [to[j], to[i]];
          this.change({ wrt: to });
        },
      }, h("code", {}, name)),
    ]);
    return h("div", { class: "option", role: "group", "data-key": "sequence", "aria-label": t("options.sequence") }, h("span", { class: "legend", "aria-hidden": "true" }, t("options.sequence")), h("div", { class: "sequence" }, ...items));
  }
}
