// The table of variables: what each is, to be changed by clicking, and by which of them is
// differentiated.

import { facts, isSize, kinds, withFact, withKind, withSizes, write } from "./declare.js";
import { h, morph } from "./dom.js";
import { t } from "./i18n.js";
import { shapeText } from "./preview.js";

/** @typedef {import("./state.js").Variable} Variable */
/** @typedef {import("./state.js").Inspection} Inspection */
/** @typedef {import("./declare.js").Type} Type */

/**
 * @typedef {object} Actions
 * @property {(name: string, decl: string|null, size?: {from: string, to: string}) => void} declare  null: as
 *   inferred; size: what changed, where it is a size
 * @property {(names: string[]) => void} by
 */

/** @param {Variable} v @returns {Type} */
const typeOf = (v) => ({ kind: v.kind, sizes: v.sizes ?? [], facts: v.facts ?? [], range: v.range });

export class Variables {
  /** @param {HTMLElement} root @param {Actions} actions */
  constructor(root, actions) {
    this.root = root;
    this.actions = actions;
    /** @type {Set<string>} the variables whose facts are open */
    this.open = new Set();
    this.key = "";
  }

  /**
   * @param {Inspection|null} inspection
   * @param {import("./state.js").State} state
   * @param {string[]} chosen  by which is differentiated
   * @param {Set<string>} wrong  variables with a problem in their declaration
   */
  show(inspection, state, chosen, wrong) {
    this.shown = /** @type {const} */ ([inspection, state, chosen, wrong]);
    const key = JSON.stringify([inspection?.variables, inspection?.definitions, state.vars, chosen, state.wrt, [...wrong], [...this.open], document.documentElement.lang]);
    if (key === this.key) return;
    this.key = key;
    if (!inspection || inspection.variables.length === 0) {
      morph(this.root, [h("p", { class: "soft" }, t("vars.none"))]);
      return;
    }
    this.inspection = inspection;
    this.chosen = chosen;
    this.mixed = state.mixed;
    const head = h("tr", {},
      h("th", { scope: "col", title: t("vars.wrt.long") }, h("span", { "aria-hidden": "true" }, "∂"), h("span", { class: "hidden" }, t("vars.wrt.long"))),
      ...["name", "type", "size", "facts", "from"].map((c) => h("th", { scope: "col" }, t(`vars.${c}`))));
    const rows = inspection.variables.flatMap((v) => this.rows(v, state, wrong.has(v.name)));
    const defined = inspection.definitions.flatMap((d) => (d.symbol ? [this.definition(d.symbol, d.shape)] : []));
    morph(this.root, [h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows, ...defined))]);
  }

  /** Shows the same again, after the language or an open row changed. */
  again() {
    this.key = "";
    if (this.shown) this.show(...this.shown);
  }

  /** @param {string} name */
  box(name) {
    const at = this.chosen?.indexOf(name) ?? -1;
    const box = h("input", {
      type: "checkbox", "aria-label": t("vars.by", { name }), "data-part": "by", checked: at >= 0,
      onchange: (/** @type {any} */ e) => {
        const now = (this.chosen ?? []).filter((n) => n !== name);
        this.actions.by(e.currentTarget.checked ? [...now, name] : now);
        // Where nothing is chosen any more, the page may have chosen the same again.
        this.again();
      },
    });
    return h("td", { class: "by" }, box);
  }

  /** @param {string} name @param {string} shape */
  definition(name, shape) {
    return h("tr", { class: "defined", "data-variable": name, "data-key": `= ${name}` }, this.box(name), h("th", { scope: "row" }, h("code", {}, name)),
      h("td", { colspan: "3", class: "what" }, shapeText(shape)), h("td", { class: "from" }, t("vars.defined")));
  }

  /** @param {Variable} v @param {import("./state.js").State} state @param {boolean} wrong */
  rows(v, state, wrong) {
    const type = typeOf(v), name = v.name;
    const declare = (/** @type {Type} */ to) => this.actions.declare(name, write(to));
    const select = h("select", {
      "aria-label": t("vars.typeof", { name }), "data-part": "type",
      onchange: (/** @type {any} */ e) => declare(withKind(type, e.currentTarget.value, this.used())),
    }, ...kinds.filter((k) => !v.range || k !== "function").map((k) => h("option", { value: k, selected: k === type.kind }, t(`kind.${k}`))));

    const labels = type.kind === "matrix" ? ["vars.rows", "vars.columns"] : ["vars.entries"];
    const sizes = type.sizes.flatMap((s, i) => [i > 0 ? "×" : null, this.size(s, t(labels[i], { name }), `size-${i}`,
      (to) => this.actions.declare(name, write(withSizes(type, type.sizes.map((old, j) => (j === i ? to : old)))), { from: s, to }))]);
    const range = v.range
      ? h("span", { class: "range" }, this.size(v.range, t("vars.range", { name }), "range", (to) => declare({ ...type, range: to }), (s) => /^[^;:\n]{1,80}$/.test(s)))
      : null;

    const some = facts[type.kind]?.length > 0;
    const open = some && this.open.has(name);
    const names = type.facts.map((f) => t(`fact.${f}`)).join(", ");
    const factsButton = some ? h("button", {
      type: "button", class: "facts", "aria-expanded": String(open), "aria-label": `${t("vars.factsof", { name })}: ${names || t("vars.addfact")}`,
      "data-part": "facts",
      onclick: () => {
        if (!this.open.delete(name)) this.open.add(name);
        this.again();
      },
    }, names ? h("span", {}, names) : h("span", { class: "soft" }, t("vars.addfact"))) : null;

    const changed = Object.hasOwn(state.vars, name);
    const origin = changed ? t("vars.declared") : v.inferred ? t("vars.inferred") : t("vars.intext");
    const from = h("td", { class: "from" }, v.unused ? `${origin}, ${t("vars.unused")}` : origin, changed ? " " : null, changed ? h("button", {
      type: "button", class: "quiet", "aria-label": t("vars.reset.label", { name }), "data-part": "reset",
      onclick: () => this.actions.declare(name, null),
    }, t("vars.reset")) : null);

    const classes = [changed && "changed", v.unused && "unused", wrong && "wrong"].filter(Boolean).join(" ");
    const row = h("tr", { "data-variable": name, "data-key": name, class: classes || undefined }, type.kind === "function" ? h("td", { class: "by" }) : this.box(name),
      h("th", { scope: "row" }, h("code", {}, name)), h("td", { class: "what" }, select), h("td", { class: "sizes" }, ...sizes, range), h("td", { class: "facts" }, factsButton), from);
    return open ? [row, this.factsRow(name, type, declare)] : [row];
  }

  /** @param {string} name @param {Type} type @param {(to: Type) => void} declare */
  factsRow(name, type, declare) {
    const boxes = facts[type.kind].map((f) => {
      const box = h("input", { type: "checkbox", checked: type.facts.includes(f), "data-fact": f, onchange: (/** @type {any} */ e) => declare(withFact(type, f, e.currentTarget.checked)) });
      return h("label", { "data-key": f }, box, h("span", {}, t(`fact.${f}`), h("span", { class: "soft small" }, t(`factdoc.${f}`))));
    });
    return h("tr", { class: "more", "data-key": `facts of ${name}` }, h("td", { colspan: "6" }, h("fieldset", {}, h("legend", { class: "hidden" }, t("vars.factsof", { name })), ...boxes)));
  }

  /**
   * A box for a size, taken over when it is left or Enter is pressed.
   * @param {string} value @param {string} label @param {string} part @param {(to: string) => void} take
   * @param {(s: string) => boolean} valid
   */
  size(value, label, part, take, valid = isSize) {
    const fit = (/** @type {HTMLInputElement} */ box) => { box.size = Math.max(1, box.value.length); };
    const box = h("input", {
      type: "text", value, "aria-label": label, "data-part": part, "data-key": part, spellcheck: "false", autocapitalize: "off", autocomplete: "off",
      oninput: (/** @type {any} */ { currentTarget: box }) => { fit(box); box.setCustomValidity(""); },
      onchange: (/** @type {any} */ { currentTarget: box }) => {
        const to = box.value.trim();
        if (to === value) return;
        if (valid(to)) return take(to);
        box.setCustomValidity(t("vars.badsize"));
        box.reportValidity();
      },
      onkeydown: (/** @type {KeyboardEvent} */ e) => {
        const box = /** @type {HTMLInputElement} */ (e.currentTarget);
        if (e.key === "Enter") box.dispatchEvent(new Event("change"));
        if (e.key === "Escape") { box.value = value; fit(box); box.setCustomValidity(""); }
      },
    });
    fit(box);
    return box;
  }

  /** @returns {string[]} names that a new size cannot have */
  used() {
    const all = this.inspection?.variables ?? [];
    return [...new Set(all.flatMap((v) => [v.name, ...(v.sizes ?? []).flatMap((s) => s.match(/[\p{L}_][\p{L}\p{M}\p{N}_]*/gu) ?? []), ...(v.range?.match(/[\p{L}_]+/gu) ?? [])]))];
  }
}
