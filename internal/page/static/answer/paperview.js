// Worked mathematics on the page: the blocks and lines of a paper (internal/paper), as
// package handout writes them, with rules that explain themselves.

import { h, icon, icons, watched } from "./dom.js";
import { spans, tex, widthOf } from "./tex.js";
import { tipButton } from "./tip.js";
import { figure, figureTex, filled } from "./words.js";

/** @typedef {{en: string, zh: string}} Words */
/** @typedef {{text: string, latex: string, latex_with_shapes?: string}} Formula */
/** @typedef {{formula?: Formula, words?: Words}} Fact */
/** @typedef {{id: string, name: Words, rule?: Formula, value?: Formula, needs?: Fact[]}} Note */
/** @typedef {{lhs?: Formula, sign?: string, rhs?: Formula, notes?: Note[], result?: boolean, error: number, checked: boolean}} Line */
/** @typedef {{id: string, heading?: Words, intro?: Words[], lines?: Line[], after?: Words[]}} Block */
/** @typedef {{title: Words, given?: {formula: Formula, words?: Words, remark?: Words}[], blocks: Block[], inline?: Record<string, string>}} Paper */

/**
 * @typedef {object} Look
 * @property {"en"|"zh"} lang  of the words
 * @property {boolean} [shapes]  under the factors
 * @property {boolean} [figures]  of each line's check
 * @property {boolean} [given]  what is given, at the top
 * @property {boolean} [end]  the rules, for print, and the largest error
 * @property {import("./index.js").Page["t"]} t
 */

const signs = { "=": "=", "≈": "\\approx", "≠": "\\ne", "≤": "\\le", "≥": "\\ge", "≡": "\\equiv", "∈": "\\in", "⇒": "\\Rightarrow",
  "⇔": "\\Leftrightarrow", "→": "\\to", "∝": "\\propto", "⪰": "\\succeq", "⪯": "\\preceq", "≻": "\\succ", "≺": "\\prec" };

const marks = {
  en: { given: "Given", comma: ", ", and: "; ", colon: ": ", open: " [\u2060", close: "\u2060]", rules: "Rules used" },
  zh: { given: "已知", comma: "，", and: "；", colon: "：", open: " [\u2060", close: "\u2060]", rules: "所用法则" },
};

const checked = {
  en: "Each line was compared with numbers at random points; the largest relative error is {error}.",
  zh: "每一行都在随机点上用数值核对过，最大相对误差为 {error}。",
};

/** @param {Formula | undefined} f @param {Look} look */
const latexOf = (f, look) => (look.shapes && f?.latex_with_shapes) || f?.latex || "";

/** The language of words as HTML wants it. @param {string} lang */
export const htmlLang = (lang) => (lang === "zh" ? "zh-CN" : "en");

/**
 * @param {Paper} paper
 * @param {Look} look
 * @returns {HTMLElement}
 */
export function renderPaper(paper, look) {
  const root = h("div", { class: "a-paper", lang: htmlLang(look.lang), testid: "paper" });
  if (look.given !== false && paper.given?.length) root.append(given(paper, look));
  for (const b of paper.blocks) root.append(block(paper, b, look));
  if (look.end !== false) {
    const rules = rulesOf(paper);
    if (rules.length) {
      root.append(h("section", { class: "a-rules", testid: "paper-rules" }, h("h3", null, marks[look.lang].rules),
        h("ul", null, rules.map((n) => h("li", null, spans(n.name[look.lang], paper.inline), marks[look.lang].colon, tex(n.rule?.latex ?? "", n.rule))))));
    }
    const worst = deviation(paper);
    if (worst !== null) root.append(h("p", { class: "a-paper-end", testid: "paper-check" }, filled(checked[look.lang], { error: () => figureTex(worst) })));
  }
  return root;
}

/** The title, as nodes. @param {Paper} paper @param {"en"|"zh"} lang */
export const titleOf = (paper, lang) => spans(paper.title[lang], paper.inline);

/** The largest relative error of the lines that were checked, or null. @param {Paper} paper */
export function deviation(paper) {
  const all = paper.blocks.flatMap((b) => b.lines ?? []).filter((l) => l.checked).map((l) => l.error);
  return all.length ? Math.max(...all) : null;
}

/** The rules with a formula, each once. @param {Paper} paper @returns {Note[]} */
function rulesOf(paper) {
  const seen = new Set();
  return paper.blocks.flatMap((b) => b.lines ?? []).flatMap((l) => l.notes ?? []).filter((n) => n.rule?.text && !seen.has(n.id) && seen.add(n.id));
}

/** What is given. @param {Paper} paper @param {Look} look */
export function given(paper, look) {
  const m = marks[look.lang];
  const item = (g) => {
    const words = g.words?.[look.lang];
    const remark = g.remark?.[look.lang];
    return h("li", { class: g.formula.text.includes(" = ") ? "is-definition" : "" }, tex(latexOf(g.formula, look), g.formula),
      (words || remark) && h("span", { class: "a-remark" }, " ", spans(words ?? "", paper.inline), words && remark ? m.comma : "", spans(remark ?? "", paper.inline)));
  };
  return h("section", { class: "a-given", testid: "paper-given" }, h("h3", null, m.given), h("ul", null, paper.given.map(item)));
}

function paragraphs(list, paper, look) {
  return (list ?? []).map((w) => h("p", null, spans(w[look.lang], paper.inline)));
}

/**
 * @param {Paper} paper
 * @param {Block} b
 * @param {Look} look
 */
export function block(paper, b, look) {
  const heading = b.heading?.[look.lang];
  return h("section", { class: "a-block", "data-block": b.id, testid: "paper-block" },
    heading && h("h3", null, spans(heading, paper.inline)),
    paragraphs(b.intro, paper, look),
    b.lines?.length && h("ol", { class: "a-lines" + (look.figures ? " has-figures" : ""), role: "list" }, b.lines.map((l) => line(paper, l, look, b.id))),
    paragraphs(b.after, paper, look));
}

/** A left-hand side wider than this stands on a row of its own where there is little room, and everywhere. */
const wide = 12;
const vast = 34;

function line(paper, l, look, id) {
  const li = h("li", { class: l.result ? "is-result" : "", testid: l.result ? "paper-result" : "paper-line" });
  if (!l.rhs?.text) {
    li.classList.add("is-statement");
    const latex = latexOf(l.lhs, look);
    // Matrices side by side: each stays with its name.
    const parts = id === "instance" ? latex.split(",\\quad ") : [latex];
    li.append(watched(h("div", { class: "a-statement" }, parts.length > 1 ? parts.map((p) => h("span", { class: "a-part" }, tex(p))) : tex(latex, { text: l.lhs?.text, breaks: true }))));
  } else {
    const width = widthOf(latexOf(l.lhs, look));
    li.classList.toggle("is-wide", width > wide);
    li.classList.toggle("is-vast", width > vast);
    if (l.lhs?.text) li.append(h("div", { class: "a-lhs" }, tex(latexOf(l.lhs, look), { text: l.lhs.text, display: true, breaks: width > wide })));
    const sign = l.sign || "=";
    li.append(h("div", { class: "a-sign" }, tex(`{}${signs[sign] ?? sign}{}`, { text: sign })));
    li.append(watched(h("div", { class: "a-rhs" }, tex(latexOf(l.rhs, look), { text: l.rhs.text, display: true, breaks: true }))));
  }
  if (l.notes?.length) li.append(h("div", { class: "a-note" }, notes(paper, l, look)));
  if (l.checked) {
    const said = look.t("answer.paper.line", { error: figure(l.error) });
    li.append(h("div", { class: "a-check", title: said, testid: "line-check" }, icon(icons.check),
      h("span", { class: "a-figure" }, look.figures ? figure(l.error) : ""), h("span", { class: "a-hidden" }, said)));
  }
  return li;
}

// The notes of a line as one sentence; one that is the same as another is said once.
function notes(paper, l, look) {
  const m = marks[look.lang];
  /** @type {any[]} */
  const out = [];
  (l.notes ?? []).forEach((n, i, all) => {
    if (!n.needs?.length && !n.value?.text && all.slice(0, i).some((o) => o.name[look.lang] === n.name[look.lang] && o.rule?.text === n.rule?.text)) return;
    if (out.length) out.push(m.and);
    const name = spans(n.name[look.lang], paper.inline);
    out.push(n.rule?.text ? tipButton(name, () => explanation(paper, n, look), { "data-rule": n.id, testid: "rule" }) : name);
    if (n.value?.text) out.push(m.colon, watched(h("span", { class: "a-scroll a-inset" }, tex(n.value.latex, n.value))));
    if (n.needs?.length) out.push(h("span", { class: "a-fact" }, m.open, facts(paper, n, look), m.close));
  });
  return out;
}

function facts(paper, n, look) {
  const m = marks[look.lang];
  return (n.needs ?? []).map((f, i) => [i ? m.comma : "", f.formula?.text ? tex(f.formula.latex, f.formula) : "",
    f.formula?.text && f.words?.[look.lang] ? m.comma : "", spans(f.words?.[look.lang] ?? "", paper.inline)]);
}

/** What a rule says: its name, formula, and what it asks for. */
function explanation(paper, n, look) {
  return h("div", { lang: htmlLang(look.lang) },
    h("div", { class: "a-tip-name" }, spans(n.name[look.lang], paper.inline)),
    h("div", { class: "a-tip-formula" }, tex(n.rule?.latex ?? "", { text: n.rule?.text, display: true })),
    n.needs?.length && h("div", { class: "a-tip-needs" }, look.t("answer.paper.uses"), facts(paper, n, look)),
    h("code", null, n.id));
}
