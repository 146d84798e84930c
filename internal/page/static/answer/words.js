// How shapes and figures are written, and formulas in sentences.

import { tex } from "./tex.js";

/**
 * The formula alone of LaTeX that names its parts on the rows above.
 * @param {string} latex
 */
export function bodyTex(latex) {
  const rows = /^\\begin\{aligned\}\n([\s\S]*)\n\\end\{aligned\}$/.exec(latex)?.[1].split(" \\\\\n");
  return rows ? rows[rows.length - 1].replace(/^& /, "") : latex;
}

/** A size in LaTeX: m n for m*n. @param {string} size */
export function sizeTex(size) {
  return size.replace(/\*/g, " ").replace(/·/g, " ");
}

/**
 * The space that a value of a shape is in.
 * @param {string[]} shape no size for a scalar, one for a vector, two for a matrix
 * @returns {string} LaTeX
 */
export function spaceTex(shape) {
  if (shape.length === 0) return "\\in \\mathbb{R}";
  return `\\in \\mathbb{R}^{${shape.map(sizeTex).join(" \\times ")}}`;
}

/** The space of a shape as the engine writes it, "matrix(m, n)". @param {string} s @returns {string} LaTeX, "" if it is none */
export function shapeTex(s) {
  const m = /^(scalar|vector|row|matrix)(?:\((.*)\))?$/.exec(s ?? "");
  if (!m) return "";
  const sizes = m[2] ? m[2].split(",").map((x) => x.trim()) : [];
  return spaceTex(m[1] === "row" ? ["1", ...sizes] : sizes);
}

/** Whether an answer is a scalar, vector, row or matrix, as a key of strings.js. @param {string[]} shape */
export function shapeKind(shape) {
  if (shape.length === 0) return "answer.shape.scalar";
  if (shape.length === 1) return "answer.shape.vector";
  return shape[0] === "1" ? "answer.shape.row" : "answer.shape.matrix";
}

const digits = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A small figure with one digit: 3×10⁻¹¹. @param {number} x @returns {string} */
export function figure(x) {
  const [m, e] = x.toExponential(0).split("e");
  if (Number(e) === 0) return m;
  return `${m}×10${[...String(Number(e))].map((c) => digits[c]).join("")}`;
}

/** The same as a formula. @param {number} x @returns {HTMLElement} */
export function figureTex(x) {
  const [m, e] = x.toExponential(0).split("e");
  return tex(Number(e) === 0 ? m : `${m} \\times 10^{${Number(e)}}`, { text: figure(x), class: "a-together" });
}

/**
 * A sentence with nodes in its places.
 * @param {string} s a text in which {name} stands for nodes[name]
 * @param {Record<string, () => any>} nodes
 * @returns {any[]}
 */
export function filled(s, nodes) {
  return s.split(/\{(\w+)\}/).map((part, i) => (i % 2 ? nodes[part]?.() ?? `{${part}}` : part));
}

/** A number of a point, with four digits, with a true minus. @param {number} x @returns {string} */
export function number(x) {
  const s = Number.isInteger(x) && Math.abs(x) < 1e6 ? String(x) : String(Number(x.toPrecision(4)));
  const [m, e] = s.split("e");
  return m.replace("-", "−") + (e ? `×10${[...String(Number(e))].map((c) => digits[c]).join("")}` : "");
}

/** The same in LaTeX. @param {number} x @returns {string} */
export function numberTex(x) {
  const s = Number.isInteger(x) && Math.abs(x) < 1e6 ? String(x) : String(Number(x.toPrecision(4)));
  const [m, e] = s.split("e");
  return e ? `${m} \\times 10^{${Number(e)}}` : m;
}

/**
 * Rows of texts or numbers as a matrix in LaTeX; one entry as it is.
 * @param {(string | number)[][]} rows
 * @returns {string}
 */
export function matrixTex(rows) {
  const cell = (c) => (typeof c === "number" ? numberTex(c) : c.replace(/−/g, "-").replace(/undefined|NaN/, "\\text{?}"));
  if (rows.length === 1 && rows[0].length === 1) return cell(rows[0][0]);
  return `\\begin{bmatrix} ${rows.map((r) => r.map(cell).join(" & ")).join(" \\\\ ")} \\end{bmatrix}`;
}

/**
 * The names that sentences may mention: variables, and what the program defines.
 * @param {{name: string, name_latex: string}[]} variables
 * @param {import("./pane.js").Context} ctx
 */
export function namesOf(variables, ctx) {
  return [...variables.map((v) => ({ text: v.name, latex: v.name_latex })),
    ...ctx.inspection.definitions.map((d) => ({ text: d.symbol, latex: d.symbol_latex }))];
}

/**
 * A sentence with formulas as $LaTeX$, set; what stands between them may have known ones.
 * @param {string} sentence
 * @param {{text: string, latex: string}[]} formulas
 */
export function setMarked(sentence, formulas) {
  return sentence.split("$").flatMap((part, i) => (i % 2 ? [tex(part)] : setIn(part, formulas)));
}

/**
 * Splits a sentence at formulas of which plain text and LaTeX are known, and sets those.
 * @param {string} sentence
 * @param {{text: string, latex: string}[]} formulas
 * @returns {(string | HTMLElement)[]}
 */
export function setIn(sentence, formulas) {
  const known = formulas.filter((f) => f.text).sort((a, b) => b.text.length - a.text.length);
  const letter = /[\p{L}\p{N}_]/u;
  /** @type {(string | HTMLElement)[]} */
  const out = [];
  let rest = sentence;
  let before = "";
  let run = "";
  while (rest) {
    const f = known.find((k) => rest.startsWith(k.text) && !(letter.test(before) && letter.test(k.text[0])) &&
      !(letter.test(rest[k.text.length] ?? "") && letter.test(k.text.at(-1) ?? "")) &&
      // The article is no variable.
      (k.text !== "a" || /^a( is| [≥≤<>=]|[,.;:)]|$)/.test(rest) || / in $/.test(run)));
    if (f) {
      if (run) out.push(run);
      run = "";
      out.push(tex(f.latex, { text: f.text }));
      before = f.text.at(-1) ?? "";
      rest = rest.slice(f.text.length);
    } else {
      const c = String.fromCodePoint(/** @type {number} */ (rest.codePointAt(0)));
      run += c;
      before = c;
      rest = rest.slice(c.length);
    }
  }
  if (run) out.push(run);
  return out;
}
