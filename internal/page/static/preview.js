// The formula as it is understood, set while it is typed.

import { h, tex } from "./dom.js";
import { hasText, t } from "./i18n.js";

/** A shape in words: "scalar", "vector(n)". @param {string} shape */
export function shapeText(shape) {
  const [, kind, rest] = /^(\w+)(.*)$/s.exec(shape) ?? ["", "", shape];
  return hasText(`kind.${kind}`) ? t(`kind.${kind}`) + rest : shape;
}

/**
 * Sets definitions and expression, one line each. Lines that stay the same are left alone, so
 * that nothing flickers and a keystroke costs one formula.
 */
export class Preview {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {HTMLElement[]} */
    this.lines = [];
    this.relabel();
  }

  /** @param {import("./state.js").Inspection|null} inspection */
  show(inspection) {
    this.inspection = inspection;
    this.root.classList.remove("stale");
    if (!inspection) {
      this.lines = [];
      this.root.replaceChildren(h("p", { class: "soft" }, t("preview.empty")));
      return;
    }
    const formulas = [...inspection.definitions, inspection.expression];
    const lines = formulas.map((f, i) => {
      const last = i === formulas.length - 1;
      const latex = f.symbol_latex ? `${f.symbol_latex} = ${f.latex}` : f.latex;
      const old = this.lines[i];
      if (old?.dataset.latex === latex && old.classList.contains("expression") === last) {
        old.lastElementChild?.replaceChildren(shapeText(f.shape));
        return old;
      }
      const formula = h("div", { class: "formula", tabindex: "-1" });
      tex(formula, latex, { display: true });
      const line = h("div", { class: last ? "line expression" : "line", "data-line": f.symbol ?? "" }, formula, h("span", { class: "shape" }, shapeText(f.shape)));
      line.dataset.latex = latex;
      return line;
    });
    if (lines.length !== this.lines.length || lines.some((l, i) => l !== this.lines[i])) this.root.replaceChildren(...lines);
    this.lines = lines;
    for (const l of lines) {
      // A formula that is wider than its box is scrolled; then the keyboard must reach it.
      const f = /** @type {HTMLElement} */ (l.firstElementChild);
      f.tabIndex = f.scrollWidth > f.clientWidth + 1 ? 0 : -1;
    }
  }

  /** The text has a problem: what is shown belongs to an earlier one. */
  stale() { this.root.classList.toggle("stale", this.lines.length > 0); }

  relabel() {
    const stale = this.root.classList.contains("stale");
    this.show(this.inspection ?? null);
    if (stale) this.stale();
  }
}
