// The problems of the input as a list below the editor, for screen readers and for those who
// do not find the underline.

import { h } from "./dom.js";
import { said, t } from "./i18n.js";
import { explain } from "./editor.js";

/** @typedef {import("./transport.js").Problem} Problem */

/** A problem and those that came with it. @param {Problem} p @returns {Problem[]} */
export const all = (p) => [p, ...(p.more ?? [])];

/** How many problems are listed; the others follow from the first ones mostly. */
const most = 5;

export class Problems {
  /**
   * @param {HTMLElement} root
   * @param {object} actions
   * @param {(p: Problem) => void} actions.goTo
   * @param {() => void} actions.retry
   * @param {() => void} actions.readLatex
   * @param {() => void} actions.reset  what was declared by clicking
   */
  constructor(root, actions) {
    this.root = root;
    this.actions = actions;
    /** @type {ReturnType<typeof setInterval>|undefined} */
    this.timer = undefined;
    /** @type {(() => void)} */
    this.again = () => {};
  }

  clear() {
    clearInterval(this.timer);
    this.again = () => {};
    if (this.root.firstChild) this.root.replaceChildren();
  }

  relabel() { this.again(); }

  /** Says that the engine is starting. */
  starting() { this.message(() => h("p", { class: "soft" }, t("problems.starting"))); }

  /** @param {number} length @param {number} longest */
  long(length, longest) { this.message(() => h("div", { class: "problem" }, t("problems.long", { length, longest }))); }

  /** @param {() => Node} make */
  message(make) {
    this.clear();
    this.again = () => this.root.replaceChildren(make());
    this.again();
  }

  /**
   * @param {Problem} problem
   * @param {{latex: boolean, declared: string[]}} offers  to read the text as LaTeX; to take back declarations made by
   *   clicking
   */
  show(problem, { latex, declared }) {
    this.clear();
    if (problem.code !== "input") return this.fault(problem);
    this.again = () => {
      const list = all(problem);
      const items = list.slice(0, most).map((p) => this.item(p));
      const more = list.length > most ? h("li", { class: "soft" }, t("problems.count", { count: list.length })) : null;
      const offer = (/** @type {string} */ id, /** @type {() => void} */ onclick, /** @type {string} */ text) => h("button", { type: "button", class: "quiet", id, onclick }, text);
      this.root.replaceChildren(h("ul", {}, ...items, more),
        latex ? offer("read-latex", this.actions.readLatex, t("problems.latex")) : "",
        declared.length > 0 ? offer("reset-all", this.actions.reset, t("problems.reset", { names: declared.join(", ") })) : "");
    };
    this.again();
  }

  /** @param {Problem} p */
  item(p) {
    const text = explain(p);
    const line = p.line ?? 1, column = p.column ?? 1;
    const place = p.in
      ? h("span", { class: "place" }, t("problems.in", { name: p.in }))
      : h("button", { type: "button", class: "place", title: t("problems.go", { line, column }), onclick: () => this.actions.goTo(p) }, t("problems.at", { line, column }));
    return h("li", { "data-problem": p.in ?? "" }, place, text);
  }

  /** What is not the input's fault. @param {Problem} p */
  fault(p) {
    let left = Math.ceil(p.retryAfter ?? 0);
    const words = () => {
      if (p.code === "network") return t("problems.network", { message: said(p, "message") });
      if (p.code === "limit") return p.retryAfter ? t("problems.busy") : t("problems.limit", { message: said(p, "message") });
      if (p.code === "internal") return t("problems.internal", { message: said(p, "message") });
      return said(p, "message");
    };
    this.again = () => this.root.replaceChildren(h("div", { class: "problem", "data-problem": p.code },
      h("div", {}, words()),
      h("button", { type: "button", class: "quiet", id: "retry", onclick: () => this.actions.retry() }, left > 0 ? t("problems.retrying", { seconds: left }) : t("problems.retry"))));
    this.again();
    if (left > 0) {
      this.timer = setInterval(() => {
        left--;
        const button = this.root.querySelector("button");
        if (left > 0) return void (button && (button.textContent = t("problems.retrying", { seconds: left })));
        clearInterval(this.timer);
        this.actions.retry();
      }, 1000);
    }
  }
}
