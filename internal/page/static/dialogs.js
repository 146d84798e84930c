// The dialogs: examples, history, help. A dialog gives the focus back to what opened it, and
// closes by Escape, its button or a click beside it; the browser does most of that.

import { byId, h, roving, storage } from "./dom.js";
import { lang, t } from "./i18n.js";
import { sane } from "./state.js";
import { operatorList } from "./language.js";

/** @param {HTMLDialogElement} dialog */
function open(dialog) {
  for (const d of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (d).close();
  dialog.showModal();
}

/** Makes the dialog close by its button and by a click beside it. @param {HTMLDialogElement} dialog */
function closable(dialog) {
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
}

/** Whether all words of a search stand in a text. @param {string} text @param {string} search */
const matches = (text, search) => {
  const low = text.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((w) => low.includes(w));
};

/**
 * An example, as "examples" gives it; what else it has is input of the same name as in a
 * state.
 * @typedef {object} Example
 * @property {string} id
 * @property {string} topic
 * @property {{en: string, zh: string}} title
 * @property {string} expr
 * @property {Record<string, string>} [vars]
 * @property {string|string[]} [wrt]
 * @property {number} [order]
 */

export class Examples {
  /**
   * @param {() => Promise<{topics: {id: string, title: {en: string, zh: string}}[], examples: Example[]}>} load
   * @param {(state: import("./state.js").State) => void} choose
   */
  constructor(load, choose) {
    this.dialog = byId("examples");
    this.search = byId("examples-search");
    this.list = byId("examples-list");
    this.load = load;
    this.choose = choose;
    /** @type {Awaited<ReturnType<typeof load>>|undefined} */
    this.data = undefined;
    closable(this.dialog);
    this.search.addEventListener("input", () => this.fill());
    // From the search, the arrow and Enter reach the first that matches.
    this.search.addEventListener("keydown", (/** @type {KeyboardEvent} */ e) => {
      const first = /** @type {HTMLElement|null} */ (this.list.querySelector("button"));
      if (e.key === "ArrowDown" && first) { e.preventDefault(); first.focus(); }
      if (e.key === "Enter" && this.search.value && first) { e.preventDefault(); first.click(); }
    });
    roving(this.list, () => [...this.list.querySelectorAll("button")]);
  }

  async open() {
    open(this.dialog);
    this.search.focus();
    this.search.select();
    try {
      this.data ??= await this.load();
      this.fill();
    } catch (e) {
      this.list.replaceChildren(h("p", { class: "problem" }, t("examples.failed", { message: /** @type {Error} */ (e).message })));
    }
  }

  fill() {
    const { data } = this;
    if (!data) return;
    const search = this.search.value.trim();
    let count = 0;
    const sections = data.topics.map((topic) => {
      const found = data.examples.filter((e) => e.topic === topic.id &&
        matches([e.title.en, e.title.zh, e.expr, topic.title.en, topic.title.zh].join(" "), search));
      count += found.length;
      if (found.length === 0) return null;
      return h("section", {}, h("h3", {}, topic.title[lang()]), h("ul", { class: "entries" }, ...found.map((e) =>
        h("li", {}, h("button", { type: "button", "data-example": e.id, onclick: () => { this.dialog.close(); this.choose(stateOf(e)); } },
          h("span", { class: "entry-title" }, e.title[lang()]), h("code", {}, brief(e.expr)))))));
    });
    this.list.replaceChildren(...sections.filter((s) => s !== null));
    if (count === 0) this.list.append(h("p", { class: "soft" }, t("examples.none")));
    byId("examples-count").textContent = t("examples.count", { count });
  }
}

/** A program on one line, without its declarations where something else is left. @param {string} expr */
function brief(expr) {
  const lines = expr.split(/[\n;]/).map((l) => l.replace(/[#%].*/, "").trim()).filter(Boolean);
  const rest = lines.filter((l) => !/^[^=(]*:(?!=)/.test(l));
  return (rest.length > 0 ? rest : lines).join("; ");
}

/**
 * The input that an example is. Its LaTeX says how others write it and is no input.
 * @param {any} e
 * @returns {import("./state.js").State}
 */
export function stateOf(e) {
  const { expr, wrt, latex: _latex, subject_to: subject, ...rest } = e;
  const extra = subject?.length > 0 ? { subject: subject.join("\n") } : {};
  return sane({ ...rest, text: expr, wrt: typeof wrt === "string" ? [wrt] : wrt ?? [], extra });
}

/**
 * @typedef {object} Entry  of the history
 * @property {import("./state.js").State} state
 * @property {string} title
 * @property {number} at  milliseconds since 1970
 * @property {boolean} [pinned]
 */

const historyKey = "nabla.history";
const historyLength = 200;

export class History {
  /**
   * @param {(state: import("./state.js").State) => void} choose
   * @param {(text: string) => void} announce
   */
  constructor(choose, announce) {
    this.dialog = byId("history");
    this.search = byId("history-search");
    this.list = byId("history-list");
    this.choose = choose;
    this.announce = announce;
    closable(this.dialog);
    this.search.addEventListener("input", () => this.fill());
    byId("history-clear").addEventListener("click", () => this.write(this.read().filter((e) => e.pinned)));
  }

  /** @returns {Entry[]} newest first; what cannot be read is left out */
  read() {
    try {
      const list = JSON.parse(storage.get(historyKey) ?? "[]");
      if (!Array.isArray(list)) return [];
      return list.flatMap((e) => {
        try {
          return [{ state: sane(e.state), title: String(e.title).slice(0, 200), at: Number(e.at) || 0, pinned: e.pinned === true }];
        } catch {
          return [];
        }
      });
    } catch {
      return [];
    }
  }

  /** @param {Entry[]} list */
  write(list) {
    let free = historyLength;
    const kept = list.filter((e) => e.pinned || free-- > 0);
    this.kept = storage.set(historyKey, JSON.stringify(kept));
    if (this.dialog.open) {
      this.fill();
      this.announce(t("history.deleted"));
    }
  }

  /** Keeps an input; an earlier one with the same program goes. @param {import("./state.js").State} state @param {string} title */
  add(state, title) {
    const key = (/** @type {import("./state.js").State} */ s) => JSON.stringify([s.text, s.latex, s.vars, s.wrt, s.order, s.mixed]);
    const list = this.read();
    const old = list.find((e) => key(e.state) === key(state));
    this.write([{ state, title, at: Date.now(), pinned: old?.pinned ?? false }, ...list.filter((e) => e !== old)]);
  }

  open() {
    open(this.dialog);
    this.search.value = "";
    this.fill();
    this.search.focus();
  }

  fill() {
    const list = this.read();
    const search = this.search.value.trim();
    const found = list.filter((e) => matches(`${e.title} ${e.state.text} ${e.state.latex}`, search)).sort((a, b) => Number(b.pinned) - Number(a.pinned));
    byId("history-clear").hidden = !list.some((e) => !e.pinned);
    if (found.length === 0) {
      const text = this.kept === false ? "history.full" : list.length === 0 ? "history.none" : "history.nomatch";
      this.list.replaceChildren(h("p", { class: "soft" }, t(text)));
      return;
    }
    const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    this.list.replaceChildren(h("ul", { class: "entries" }, ...found.map((e, i) => {
      const change = (/** @type {(l: Entry[], at: number) => Entry[]} */ f) => {
        const now = this.read();
        this.write(f(now, now.findIndex((o) => o.at === e.at && o.title === e.title)));
      };
      return h("li", { class: e.pinned ? "pinned" : undefined },
        h("button", { type: "button", "data-history": String(i), onclick: () => { this.dialog.close(); this.choose(e.state); } },
          h("code", {}, e.title), h("span", { class: "soft small" }, when.format(e.at))),
        h("button", {
          type: "button", class: "icon", "aria-pressed": String(e.pinned), "aria-label": t(e.pinned ? "history.unpin" : "history.pin", { title: e.title }),
          onclick: () => change((l, at) => l.map((o, j) => (j === at ? { ...o, pinned: !o.pinned } : o))),
        }, e.pinned ? "★" : "☆"),
        h("button", { type: "button", class: "icon", "aria-label": t("history.delete", { title: e.title }), onclick: () => change((l, at) => l.filter((_, j) => j !== at)) }, "×"));
    })));
  }
}

/** The keys that the help lists: what is pressed, and the text that says what it does. */
const keys = [
  ["Ctrl Enter", "run"], ["Ctrl Space", "complete"], ["Tab", "leave"], ["Escape", "close"], ["F8", "next"], ["Ctrl Z, Ctrl Y", "undo"],
  ["Alt E", "editor"], ["Alt X", "examples"], ["Alt H", "history"], ["?", "help"],
];

const samples = [
  ["X: matrix(m, n)", "declare"], ["r = X*w - y", "define"], ["A*B, x.*y, X'", "ops"], ["‖X w − y‖²", "paper"],
  ["x[i]: vector(n), i = 1..N; Σ_i x[i]ᵀ w", "family"], ["# …", "comment"],
];

export class Help {
  constructor() {
    this.dialog = byId("help");
    this.body = byId("help-body");
    closable(this.dialog);
  }

  open() {
    open(this.dialog);
    this.fill();
  }

  fill() {
    const search = h("input", { type: "search", id: "help-search", "aria-label": t("help.operators.search"), placeholder: t("help.operators.search"), autocomplete: "off", oninput: () => this.operators(search.value, list) });
    const list = h("dl", { class: "operators" });
    this.body.replaceChildren(
      h("h3", {}, t("help.keys")),
      h("dl", { class: "keys" }, ...keys.flatMap(([key, name]) => [
        h("dt", {}, ...key.split(", ").flatMap((k, i) => [i > 0 ? ", " : "", ...k.split(" ").flatMap((p, j) => [j > 0 ? "+" : "", h("kbd", {}, p)])])), h("dd", {}, t(`help.key.${name}`))])),
      h("h3", {}, t("help.language")),
      h("dl", { class: "samples" }, ...samples.flatMap(([code, name]) => [h("dt", {}, h("code", {}, code)), h("dd", {}, t(`help.language.${name}`))])),
      h("h3", {}, t("help.operators")), search, list);
    this.operators("", list);
  }

  /** @param {string} search @param {HTMLElement} list */
  operators(search, list) {
    const found = operatorList().filter((o) => matches([o.usage, ...(o.aliases ?? []), o.doc, o.family].join(" "), search));
    list.replaceChildren(...found.flatMap((o) => [
      h("dt", {}, h("code", {}, o.usage)),
      h("dd", {}, o.doc, o.shapes ? h("span", { class: "soft small" }, ` ${o.shapes}`) : null),
    ]));
    if (found.length === 0) list.append(h("dd", { class: "soft" }, t("help.operators.none")));
  }
}
