// Where the gradient is zero: the lines to the solution, its kind, and what it rests on.

import { h } from "./dom.js";
import { badge, nothing, Pane } from "./pane.js";
import { renderPaper } from "./paperview.js";
import { tex } from "./tex.js";
import { bodyTex, figureTex, filled, setIn, setMarked } from "./words.js";

/**
 * @param {(name: string, value: string) => void} setExtra
 */
export function solveTab(setExtra) {
  const lines = (ctx) => (ctx.state.extra.subject ?? "").split(/\n/).map((s) => s.trim()).filter(Boolean);
  const box = h("textarea", { rows: 1, spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder: "A*x = b", testid: "solve-subject" });
  const label = h("span");
  const help = h("span", { class: "a-soft" });
  const bar = h("div", { class: "a-bar" }, h("label", { class: "a-field is-wide" }, label, box, help));
  const root = h("div", null, bar);
  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    setExtra("subject", box.value);
  };
  box.addEventListener("input", () => {
    box.rows = Math.min(6, box.value.split("\n").length);
    clearTimeout(timer);
    timer = window.setTimeout(send, 500);
  });
  box.addEventListener("change", send);

  const pane = new Pane({
    id: "solve",
    mistake: "answer.error.solve",
    ask: (ctx) => {
      if (ctx.shape !== "scalar" && !ctx.equation) return null;
      const { order, mixed, structured, vec, ...body } = ctx.request;
      const subject = ctx.equation ? [] : lines(ctx);
      return { method: "solve", body: subject.length ? { ...body, subject_to: subject } : body };
    },
    looks: (ctx) => ctx.paperLang,
    render: (data, ctx) => (data ? report(data, ctx) : nothing(ctx.t("answer.solve.scalar"), "solve-none")),
  });
  root.append(pane.root);
  return {
    root, pane,
    /** @param {import("./pane.js").Context} ctx */
    refresh(ctx) {
      const { t, state } = ctx;
      bar.hidden = ctx.equation;
      label.textContent = t("answer.solve.subject");
      help.textContent = t("answer.solve.subject.help");
      if (document.activeElement !== box && box.value !== (state.extra.subject ?? "")) {
        box.value = state.extra.subject ?? "";
        box.rows = Math.min(6, box.value.split("\n").length);
      }
      return pane.refresh(ctx);
    },
  };
}

function report(data, ctx) {
  const { t, lang } = ctx;
  const good = data.outcome === "solved" || data.outcome === "eigenvectors" || data.outcome === "every point";
  const kind = (data.kind?.tex ?? data.kind?.text)?.[lang];
  const formulas = known(data);
  const paper = data.paper && { ...data.paper, blocks: data.paper.blocks.map((b) => ({ ...b, after: closing(b.after, good ? data.kind?.tex ?? data.kind?.text : null, formulas) })) };
  return [
    h("section", { class: "a-verdict", testid: "solve-outcome", "data-outcome": data.outcome },
      h("h3", null, good ? badge(true, ctx.equation && data.outcome === "solved" ? t("answer.solution") : t(`answer.solve.${slug(data.outcome)}`)) : t(`answer.solve.${slug(data.outcome)}`)),
      good && data.solutions.length > 0 && h("div", { class: "a-solutions" }, data.solutions.map((s) => h("div", { class: "a-scroll a-solution", testid: "solution", "data-unknown": s.unknown },
        tex(`${s.symbol_latex} ${s.several ? "\\in" : "="} ${bodyTex(s.latex)}`, { text: `${s.symbol} = ${s.text}`, display: true, breaks: true })))),
      good && kind && h("p", { class: "a-kind", testid: "solve-kind", "data-point": data.kind.point }, setMarked(asSentence(kind, lang), formulas))),
    paper && renderPaper(paper, { lang: ctx.paperLang, t, given: false, end: false }),
    data.check && h("p", { class: "a-soft", testid: "solve-check" }, filled(t("answer.solve.check", { count: data.check.sizes?.filter(Boolean).length || data.check.points, error: "{error}" }), { error: () => figureTex(data.check.max_error) })),
  ];
}

/** The formulas that the words of a solution may mention. */
function known(data) {
  const sides = data.lines.flatMap((l) => {
    const text = l.text.split(" = ");
    const latex = l.latex.split(" = ");
    return text.length === 2 && latex.length === 2 ? [{ text: l.text, latex: l.latex }, { text: text[0], latex: latex[0] }, { text: text[1], latex: latex[1] }] : [];
  });
  const names = [data, ...data.variables, ...(data.multipliers ?? [])].filter((v) => v.name);
  return [...sides.filter((f) => f.text.length > 1), ...names.map((v) => ({ text: v.name, latex: v.name_latex }))];
}

/** What stands below the lines as sentences, without what is said above them. */
function closing(after, said, formulas) {
  /** @type {{en: string, zh: string}[]} */
  const out = [];
  for (const w of after ?? []) {
    if (said && w.en === said.en) continue;
    const last = out.at(-1);
    if (last && /^and that /.test(w.en)) {
      out[out.length - 1] = { en: `${last.en.replace(/\.$/, "")}, ${w.en}.`, zh: `${last.zh.replace(/。$/, "")}，${w.zh}。` };
    } else {
      out.push({ en: asSentence(inTex(w.en, formulas), "en"), zh: asSentence(inTex(w.zh, formulas), "zh") });
    }
  }
  return out;
}

/** Marks the known formulas in words that have none marked. */
function inTex(words, formulas) {
  if (words.includes("$")) return words;
  return setIn(words, formulas).map((p) => (typeof p === "string" ? p : `$${p.dataset.latex}$`)).join("");
}

/** @param {string} s @param {string} lang */
function asSentence(s, lang) {
  const start = /^[a-z]{2}/.test(s) ? s[0].toUpperCase() + s.slice(1) : s;
  return /[.。]$/.test(start) ? start : start + (lang === "zh" ? "。" : ".");
}

const slug = (s) => s.replace(/ /g, "-");
