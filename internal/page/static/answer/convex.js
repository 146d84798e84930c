// Convexity: the verdict, on what it depends, and its certificate step by step, or segments
// that refute it.

import { h } from "./dom.js";
import { badge, nothing, Pane } from "./pane.js";
import { tex } from "./tex.js";
import { matrixTex, number, setIn, setMarked } from "./words.js";

export function convexTab() {
  const pane = new Pane({
    id: "convex",
    ask: (ctx) => {
      if (ctx.shape !== "scalar") return null;
      const { order, mixed, structured, layout, vec, ...body } = ctx.request;
      return { method: "convex", body };
    },
    render: (data, ctx) => (data ? report(data, ctx) : nothing(ctx.t("answer.convex.scalar"), "convex-none")),
  });
  return { root: pane.root, pane, refresh: (ctx) => pane.refresh(ctx) };
}

function report(data, ctx) {
  const { t } = ctx;
  const vars = () => data.wrt.map((n, i) => [i ? ", " : "", tex(data.variables.find((v) => v.name === n)?.name_latex ?? n, { text: n })]);
  const refuted = (data.counterexamples ?? []).map((c) => segment(c, data, ctx));
  const out = [];
  if (data.curvature === "neither" || data.curvature === "unknown") {
    out.push(h("section", { class: "a-verdict", testid: "convex-verdict", "data-curvature": data.curvature },
      h("h3", null, sentence(t(`answer.convex.${data.curvature}`), vars)),
      data.curvature === "unknown" && h("p", { class: "a-soft" }, t("answer.convex.unknown.what")),
      refuted));
  }
  return [...out, ...data.verdicts.map((v) => verdict(v, vars, ctx))];
}

/** A sentence with a place {vars} for nodes. */
function sentence(s, vars) {
  return s.split("{vars}").flatMap((part, i) => (i ? [vars(), part] : [part]));
}

/** What the sentences of certificates write themselves, besides the formulas of the function. */
const generic = [{ text: "t²", latex: "t^2" }, { text: "t³", latex: "t^3" }, { text: "t", latex: "t" }, { text: "H ⪰ 0", latex: "H \\succeq 0" }, { text: "H", latex: "H" }];

function verdict(v, vars, ctx) {
  const { t, lang } = ctx;
  const degree = v.strict ? (v.strong ? "strong" : "strict") : "";
  const conditions = (list) => list.map((c, i) => [i ? t("answer.and") : "", condition(c, lang)]);
  return h("section", { class: "a-verdict", testid: "convex-verdict", "data-curvature": v.curvature },
    h("h3", null, badge(true, sentence(t(`answer.convex.${v.curvature}`), vars)),
      degree && !v.strict_if?.length && h("span", { class: "a-degree" }, t(`answer.convex.${degree}.${v.curvature === "concave" ? "concave" : "convex"}`))),
    h("dl", { class: "a-facts" },
      v.if?.length && row(t("answer.convex.if"), [conditions(v.if), v.if.length === 1 && v.if[0].exact ? t("answer.convex.iff") : ""], "convex-if"),
      v.domain?.length && row(t("answer.convex.domain"), conditions(v.domain), "convex-domain"),
      degree && v.strict_if?.length && row(t(`answer.convex.${degree}.if.${v.curvature === "concave" ? "concave" : "convex"}`), conditions(v.strict_if), "convex-strict-if"),
      row(t("answer.convex.method"), t(`answer.convex.method.${v.method}`), "convex-method")),
    h("ol", { class: "a-proof", testid: "convex-certificate" }, v.certificate.map((l) => h("li", { "data-rule": l.rule }, setMarked(l[`${lang}_tex`] ?? l[lang], generic)))),
    v.chords > 0 && h("p", { class: "a-soft", testid: "convex-check" }, t("answer.convex.chords", { count: v.chords, sizes: (v.sizes ?? []).filter(Boolean).join("; ") }).replace(/[,，:：]\s*$/, "")));
}

function row(name, value, testid) {
  return h("div", { class: "a-fact-row", testid }, h("dt", null, name), h("dd", null, value));
}

function condition(c, lang) {
  const words = lang === "zh" ? c.zh : c.text;
  // LaTeX that ends in words has them in English.
  const [, formula, said] = /^(.*?)\\text\{(.*)\}$/.exec(c.latex) ?? [];
  if (said !== undefined && c.text.endsWith(said)) return h("span", null, setIn(words, [{ text: c.text.slice(0, -said.length), latex: formula }]));
  return c.latex ? h("span", { title: words }, tex(c.latex, { text: words })) : words;
}

function segment(c, data, ctx) {
  const { t } = ctx;
  const point = (list) => list.map((p, i) => [i ? [", ", h("wbr")] : "", tex(`${p.name_latex} = ${matrixTex(p.rows)}`, { text: p.name })]);
  const mean = (c.at_from + c.at_to) / 2;
  return h("div", { class: "a-counter", testid: "convex-counterexample", "data-refutes": c.refutes },
    h("h4", null, badge(false, t(`answer.convex.not.${c.refutes}`))),
    c.held?.length ? h("p", { class: "a-values" }, t("answer.convex.held"), point(c.held)) : null,
    h("table", { class: "a-table" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("answer.convex.point")), h("th", { scope: "col" }, tex(data.name_latex, { text: data.name })))),
      h("tbody", null,
        h("tr", null, h("th", { scope: "row" }, point(c.from)), h("td", null, number(c.at_from))),
        h("tr", null, h("th", { scope: "row" }, point(c.to)), h("td", null, number(c.at_to))),
        h("tr", null, h("th", { scope: "row" }, t("answer.convex.mean")), h("td", null, number(mean))),
        h("tr", { class: "is-strong" }, h("th", { scope: "row" }, t("answer.convex.half")), h("td", null, `${number(c.half)} ${c.half > mean ? ">" : "<"} ${number(mean)}`)))));
}
