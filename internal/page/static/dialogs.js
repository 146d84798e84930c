// The dialogs: examples, history, help. A dialog gives the focus back to what opened it, and
// closes by Escape, its button or a click beside it; the browser does most of that.

import { byId, h, roving, storage, tex } from "./dom.js";
import { lang, t } from "./i18n.js";
import { sane } from "./state.js";
import { operatorList } from "./language.js";
import { isAbort } from "./transport.js";

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
 * An example, as "examples" gives it.
 * @typedef {object} Example
 * @property {string} id
 * @property {string} topic
 * @property {{en: string, zh: string}} title
 * @property {{en: string, zh: string}} [about]  what there is to learn from it
 * @property {string} expr
 * @property {Record<string, string>} [vars]
 * @property {string[]} wrt
 * @property {number} [order]
 * @property {boolean} [mixed]
 * @property {string} [layout]
 * @property {string} [vec]
 * @property {boolean} [structured]
 * @property {string} [latex]  the last line of the program as people write it
 * @property {string[]} [subject_to]  constraints of its stationary point
 * @property {string} [source]
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
    // Formulas are set when they come into sight: there are hundreds.
    this.sight = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        const e = /** @type {HTMLElement} */ (target);
        if (!isIntersecting) continue;
        this.sight.unobserve(e);
        tex(e, e.dataset.latex ?? "");
      }
    }, { root: this.list, rootMargin: "200px" });
    // From the search, the arrow and Enter reach the first that matches.
    this.search.addEventListener("keydown", (/** @type {KeyboardEvent} */ e) => {
      const first = /** @type {HTMLElement|null} */ (this.list.querySelector("button"));
      if (e.key === "ArrowDown" && first) { e.preventDefault(); first.focus(); }
      if (e.key === "Enter" && this.search.value && first) { e.preventDefault(); first.click(); }
    });
    roving(this.list, () => this.buttons());
  }

  /** @returns {HTMLElement[]} */
  buttons() { return [...this.list.querySelectorAll("button")]; }

  /** The example of that id, if there is one. @param {string} id */
  async find(id) {
    this.data ??= await this.load();
    return this.data.examples.find((e) => e.id === id);
  }

  async open() {
    open(this.dialog);
    this.search.focus();
    this.search.select();
    try {
      this.data ??= await this.load();
      this.fill();
    } catch (e) {
      if (isAbort(e)) return;
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
        matches([e.title.en, e.title.zh, e.about?.en, e.about?.zh, e.expr, e.latex, topic.title.en, topic.title.zh].join(" "), search));
      count += found.length;
      if (found.length === 0) return null;
      return h("section", {}, h("h3", {}, topic.title[lang()]), h("ul", { class: "entries" }, ...found.map((e) => h("li", {}, this.entry(e)))));
    });
    this.sight.disconnect();
    this.list.replaceChildren(...sections.filter((s) => s !== null));
    if (count === 0) this.list.append(h("p", { class: "soft" }, t("examples.none")));
    byId("examples-count").textContent = t("examples.count", { count });
    for (const e of this.list.querySelectorAll("[data-latex]")) this.sight.observe(e);
    // One of them is in the tab order.
    const all = this.buttons();
    for (const b of all) b.tabIndex = b === all[0] ? 0 : -1;
  }

  /** @param {Example} e */
  entry(e) {
    const button = h("button", {
      type: "button", "data-example": e.id,
      onclick: () => { this.dialog.close(); this.choose(stateOf(e)); },
      onfocus: () => { for (const b of this.buttons()) b.tabIndex = b === button ? 0 : -1; },
    }, h("span", { class: "entry-title" }, e.title[lang()]),
    e.latex ? h("span", { class: "entry-formula", "data-latex": e.latex }) : h("code", {}, brief(e.expr)),
    e.about ? h("span", { class: "entry-about" }, e.about[lang()]) : null);
    return button;
  }
}

/** A program on one line, without its declarations where something else is left. @param {string} expr */
function brief(expr) {
  const lines = expr.split(/[\n;]/).map((l) => l.replace(/[#%].*/, "").trim()).filter(Boolean);
  const rest = lines.filter((l) => !/^[^=(]*:(?!=)/.test(l));
  return (rest.length > 0 ? rest : lines).join("; ");
}

/** The input that an example is; its LaTeX is none. @param {Example} e @returns {import("./state.js").State} */
export function stateOf(e) {
  const { order, mixed, layout, vec, structured, vars, wrt } = e;
  const given = Object.fromEntries(Object.entries({ order, mixed, layout, vec, structured, vars, wrt }).filter(([, v]) => v !== undefined));
  const extra = e.subject_to ? { subject: e.subject_to.join("\n") } : {};
  return sane({ ...given, text: e.expr, extra });
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
  /** @param {"http"|"worker"} info  where the engine is */
  constructor(info) {
    this.info = info;
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
      h("h3", {}, t("help.operators")), search, list,
      h("p", { class: "soft small", id: "where" }, t(this.info === "http" ? "app.server" : "app.local")));
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
