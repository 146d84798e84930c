// The derivatives themselves, at the top of the answer.

import { said } from "../i18n.js";
import { append, h, icon, icons, scroller } from "./dom.js";
import { menuButton } from "./menu.js";
import { formats } from "./out.js";
import { tex, widthOf } from "./tex.js";
import { bodyTex, figureTex, filled, namesOf, setIn, shapeKind, spaceTex } from "./words.js";

/**
 * The answers of diff, one below the other.
 * @param {any} result
 * @param {import("./pane.js").Context} ctx
 * @returns {HTMLElement[]}
 */
export function derivatives(result, ctx) {
  const { t } = ctx;
  return [
    ...result.derivatives.map((d) => derivative(d, ctx)),
    ...(result.notes?.length ? [h("ul", { class: "a-notes", testid: "answer-notes" }, said(result, "notes", ctx.lang).map((n) => h("li", null, t("answer.note", { note: n }))))] : []),
  ];
}

function derivative(d, ctx) {
  const { t, lang } = ctx;
  const symbol = d.symbol_latex;
  const body = bodyTex(d.latex);
  const long = widthOf(body) + widthOf(symbol) / 2;
  const names = namesOf(ctx.inspection.variables, ctx);
  return h("article", { class: "a-answer", testid: "derivative", "data-wrt": d.wrt.join(" "), "aria-label": d.symbol },
    scroller({ fit: true, class: "a-formula " + (long > 70 ? "is-very-long" : long > 34 ? "is-long" : ""), testid: "derivative-formula", role: "group", "aria-label": `${d.symbol} = ${d.text}` },
      h("span", { class: "a-formula-lhs" }, tex(symbol, { text: d.symbol, display: true })),
      h("span", { class: "a-formula-sign" }, tex("{}={}", { text: "=" })),
      h("span", { class: "a-formula-rhs" }, tex(body, { text: d.text, display: true, breaks: true }))),
    menuButton(t("answer.copy"), () => formats(d, ctx), { testid: "copy", class: "is-quiet", title: t("answer.copy.title") }),
    d.where?.length && h("div", { class: "a-where", testid: "derivative-where" }, h("span", { class: "a-label" }, t("answer.where")),
      h("ul", null, d.where.map((w) => h("li", null, tex(`${w.name_latex} = ${w.latex}`, { text: `${w.name} = ${w.text}`, breaks: true }))))),
    h("dl", { class: "a-facts" },
      fact("shape", t("answer.shape"), [tex(spaceTex(d.shape), { text: d.shape.join(" × ") }), h("span", { class: "a-soft" }, t(shapeKind(d.shape)))]),
      d.identity && fact("layout", t("answer.layout"), [tex(d.identity_latex ?? "", { text: d.identity }),
        h("span", { class: "a-soft" }, t(`answer.layout.${d.layout}`), d.vec ? t(`answer.vec.${d.vec}`) : "")]),
      d.structured && fact("structured", t("answer.structured"), t("answer.structured.in", { structure: structure(d.structured, lang) })),
      d.form !== "matrix" && fact("form", t("answer.form"), t(`answer.form.${d.form}`)),
      d.assumptions?.length > 0 && fact("assumptions", t("answer.assuming"), h("ul", { class: "a-inline" }, said(d, "assumptions", lang).map((a) => h("li", null, setIn(a, names))))),
      check(d.check, t, lang)),
    d.remark && h("p", { class: "a-callout", testid: "derivative-remark" }, setIn(said(d, "remark", lang), names)));
}

const structures = { symmetric: "对称", diagonal: "对角", skew: "反对称", lower: "下三角", upper: "上三角" };

/** @param {string} s @param {string} lang */
function structure(s, lang) {
  return lang === "zh" ? structures[s] ?? s : s;
}

/** A line of the facts below a formula. @param {string} id @param {string} name @param {any} value */
export function fact(id, name, value) {
  const dd = h("dd", null);
  append(dd, value);
  return h("div", { class: "a-fact-row", testid: `derivative-${id}` }, h("dt", null, name), dd);
}

/**
 * The check's figure in words.
 * @param {any} c
 * @param {import("./index.js").Page["t"]} t
 * @param {string} lang
 */
export function check(c, t, lang) {
  if (!c) return null;
  if (c.reason || !c.points) return fact("check", t("answer.check"), t("answer.check.not", { reason: said(c, "reason", lang) || "" }));
  const sizes = (c.sizes ?? []).filter(Boolean);
  const said = sizes.length ? (sizes.length === 1 ? "answer.check.size" : "answer.check.sizes") : c.points === 1 ? "answer.check.point" : "answer.check.points";
  return fact("check", t("answer.check"), [
    h("span", { class: "a-checked", title: sizes.join("; ") }, h("span", { class: "a-mark" }, icon(icons.check)),
      h("span", null, filled(t(said, { count: sizes.length || c.points, error: "{error}" }), { error: () => figureTex(c.max_error) }))),
  ]);
}
