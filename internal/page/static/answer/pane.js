// A part of the answer that asks the engine for itself: it keeps the old answer, dimmed,
// until the new one is there, and shows what went wrong in its own place.

import { said } from "../i18n.js";
import { isAbort } from "../transport.js";
import { h, icon, icons } from "./dom.js";

/**
 * What every part of the answer knows.
 * @typedef {object} Context
 * @property {import("./index.js").Page} page
 * @property {import("./index.js").Page["t"]} t
 * @property {import("../state.js").State} state
 * @property {import("../state.js").Inspection} inspection
 * @property {any} request  the common fields
 * @property {boolean} equation  the input is an equation, to be solved; it has no derivative
 * @property {string} shape  of the expression: "scalar", "vector(n)", …
 * @property {"en"|"zh"} lang  of the page
 * @property {"en"|"zh"} paperLang  of derivations
 */

/** Milliseconds before an answer that has not come is shown as old, or as being made. */
const patience = 140;

export class Pane {
  /**
   * @param {object} o
   * @param {string} o.id
   * @param {(ctx: Context) => {method: string, body: object} | null} o.ask  the call; null: render(null)
   * @param {(data: any, ctx: Context, pane: Pane) => any} o.render  nodes for the body
   * @param {(ctx: Context) => string} [o.looks]  what else the rendering depends on
   * @param {string} [o.mistake]  the key of what is said above a mistake in the question
   */
  constructor(o) {
    this.o = o;
    this.body = h("div", { class: "a-body", testid: `${o.id}-body` });
    this.root = h("div", { class: "a-pane", testid: o.id, "aria-live": "off" }, this.body);
    this.asked = "";
    this.drawn = "";
    this.data = null;
    /** What went wrong with the question, if anything. @type {any} */
    this.failed = null;
    this.serial = 0;
    this.asking = 0; // the serial of the question that has no answer yet
  }

  /** Forgets the answer, so that refresh asks again. */
  forget() {
    this.asked = "";
    this.failed = null;
  }

  /**
   * Brings the part up to date: asks only if the question is new, draws only if something
   * changed. Resolves when it is drawn; never rejects.
   * @param {Context} ctx
   */
  async refresh(ctx) {
    this.ctx = ctx;
    const call = this.o.ask(ctx);
    const asked = JSON.stringify(call);
    // A mistake is one the next time too; what was busy may not be.
    if (asked !== this.asked || (this.failed && !isMistake(this.failed))) {
      this.asked = asked;
      this.failed = null;
      const serial = ++this.serial;
      if (call === null) {
        this.data = null;
        this.asking = 0;
        this.busy(false);
      } else {
        this.asking = serial;
        const timer = setTimeout(() => this.busy(true), patience);
        try {
          const data = await ctx.page.call(call.method, call.body, { kind: this.o.id });
          if (serial !== this.serial) return;
          this.data = data;
        } catch (e) {
          if (serial !== this.serial) return;
          if (isAbort(e)) {
            this.forget();
            return;
          }
          this.data = null;
          this.failed = e;
        } finally {
          clearTimeout(timer);
          if (serial === this.serial) {
            this.asking = 0;
            this.busy(false);
          }
        }
      }
      this.drawn = "";
    } else if (this.asking) return;
    this.draw();
  }

  /** Draws what is there, if that is not on the page yet. */
  draw() {
    const ctx = /** @type {Context} */ (this.ctx);
    if (this.data === null && !this.failed && this.o.ask(ctx) !== null) return;
    const looks = `${this.asked}\n${ctx.lang}\n${this.o.looks?.(ctx) ?? ""}`;
    if (this.drawn === looks) return;
    this.drawn = looks;
    if (this.failed) {
      this.body.replaceChildren(errorBox(this.failed, ctx, () => {
        this.forget();
        this.refresh(/** @type {Context} */ (this.ctx));
      }, this.o.mistake));
      return;
    }
    this.body.replaceChildren(...[this.o.render(this.data, ctx, this)].flat(9).filter((n) => n !== null && n !== false && n !== undefined));
  }

  busy(on) {
    this.root.classList.toggle("is-busy", on);
    this.root.toggleAttribute("aria-busy", on);
    if (on && this.body.childElementCount === 0) this.body.append(h("div", { class: "a-skeleton" }, h("i"), h("i"), h("i")));
  }
}

/** Whether it is the question that is wrong. @param {any} e */
const isMistake = (e) => e?.problem?.code === "input" || e?.problem?.code === "request";

/**
 * What went wrong, in words, with a hint and a way to try again.
 * @param {any} e a CallError, or anything else that was thrown
 * @param {Context} ctx
 * @param {() => void} again
 * @param {string} [mistake] the key of a title for a mistake in the question
 */
export function errorBox(e, ctx, again, mistake = "answer.error.input") {
  const { t } = ctx;
  const p = e?.problem ?? { code: "internal", message: String(e?.message ?? e) };
  const title = t({ limit: "answer.error.limit", network: "answer.error.network", internal: "answer.error.internal" }[p.code] ?? mistake);
  const mine = isMistake({ problem: p });
  return h("div", { class: "a-error" + (mine ? " is-mild" : ""), role: "group", testid: "answer-error", "data-code": p.code },
    h("p", { class: "a-error-title" }, title),
    [p, ...(p.more ?? [])].map((x) => [
      h("p", { class: "a-error-text" }, said(x, "message", ctx.lang)),
      place(x) && h("pre", { class: "a-error-place", tabindex: "0" }, place(x)),
      x.hint && h("p", { class: "a-error-hint" }, t("answer.error.hint", { hint: said(x, "hint", ctx.lang) })),
      (said(x, "notes", ctx.lang) ?? []).map((n) => h("p", { class: "a-error-hint" }, n)),
    ]),
    !mine && p.retryAfter && h("p", { class: "a-error-hint" }, t("answer.error.after", { seconds: p.retryAfter })),
    !mine && h("button", { type: "button", class: "a-button", testid: "answer-retry", onclick: again }, t("answer.error.retry")));
}

/** The line of a mistake with a caret below it, of the whole text. */
function place(x) {
  const lines = (x.rendered ?? "").split("\n");
  const caret = lines.findIndex((l) => /^\s*\^+\s*$/.test(l));
  return caret > 0 ? `${lines[caret - 1]}\n${lines[caret]}` : "";
}

/** A short remark where there is nothing to show. @param {any} text @param {string} [testid] */
export function nothing(text, testid) {
  return h("p", { class: "a-nothing", testid }, text);
}

/** A badge with a mark. @param {boolean} good @param {any} text */
export function badge(good, text) {
  return h("span", { class: "a-badge " + (good ? "is-good" : "is-bad") }, icon(good ? icons.check : icons.cross), text);
}
