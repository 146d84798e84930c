// Formulas by KaTeX. A formula is set once and copied where it occurs again.

import { h } from "./dom.js";

/** @type {Map<string, HTMLElement>} */
const made = new Map();
const most = 2000;

/**
 * Sets a formula. KaTeX writes HTML for the eye and MathML for screen readers, both as
 * nodes. Without KaTeX, or where it does not know a command, the plain text stands.
 * @param {string} latex for math mode
 * @param {{text?: string, display?: boolean, breaks?: boolean, class?: string}} [o]
 *   text: the plain text; display: fractions and sums large, still inline, so that rows
 *   may break; breaks: breaks between factors too, for narrow screens
 * @returns {HTMLElement}
 */
export function tex(latex, o = {}) {
  const source = (o.display ? "\\displaystyle " : "") + (o.breaks ? breakable(latex) : latex);
  let node = made.get(source);
  if (!node) {
    node = h("span", { class: "tex" });
    const katex = /** @type {any} */ (globalThis).katex;
    if (katex && latex) {
      try {
        katex.render(source, node, { throwOnError: true, strict: "ignore", maxExpand: 10000 });
      } catch {
        node.textContent = o.text ?? latex;
      }
    } else {
      node.textContent = o.text ?? latex;
    }
    if (made.size >= most) made.clear();
    made.set(source, node);
  }
  const copy = /** @type {HTMLElement} */ (node.cloneNode(true));
  copy.dataset.latex = latex;
  if (o.class) copy.classList.add(...o.class.split(" "));
  return copy;
}

/**
 * Words in which parts between dollar signs are formulas.
 * @param {string} s
 * @param {Record<string, string>} [inline] the plain text of each formula
 * @returns {(string | HTMLElement)[]}
 */
export function spans(s, inline) {
  return (s ?? "").split("$").map((part, i) => (i % 2 ? tex(part, { text: inline?.[part] }) : part)).filter((p) => p !== "");
}

/** The plain text of words with formulas. @param {string} s @param {Record<string, string>} [inline] */
export function plain(s, inline) {
  return (s ?? "").split("$").map((part, i) => (i % 2 ? inline?.[part] ?? part : part)).join("");
}

/**
 * MathML of a formula, as KaTeX makes it, for other programs.
 * @param {string} latex
 * @returns {string}
 */
export function mathml(latex) {
  const katex = /** @type {any} */ (globalThis).katex;
  const s = katex.renderToString(latex, { output: "mathml", displayMode: true, throwOnError: false, strict: "ignore" });
  return s.slice(s.indexOf("<math"), s.lastIndexOf("</math>") + "</math>".length);
}

// Where a formula may be broken: as package paper finds it for handouts. KaTeX ends rows
// at signs only; a run of factors too wide for a phone gets breaks between them.
const phoneRun = 30;
/** What stands in round brackets up to this width is kept on one row. */
const together = 16;
const infix = /^\\(odot|otimes|oslash|cdot|ast|times|le|ge|in|approx|ne)(?![a-zA-Z])/;
const opens = /^\\(log|exp|det|max|min|sin|cos|tan|sinh|cosh|tanh|arcsin|arccos|arctan|sum|prod|operatorname|lVert|lvert|langle|partial|,)(?![a-zA-Z])/;
const noStart = /^([+\-=:,)\]^_ }&]|\\,|\\right|\\rVert|\\rvert|\\rangle|$)/;

/** @param {string} s @returns {string} LaTeX with breaks allowed */
export function breakable(s) {
  /** @type {[at: number, rank: number, text: string][]} */
  const put = [];
  let from = 0; // the run starts at this width
  let width = 0;
  let left = 0; // open \left
  let operand = false;
  let named = false; // the name of a function comes
  /** @type {number[]} */
  let run = [];
  const flush = () => {
    if (width - from > phoneRun) for (const p of run) put.push([p, 0, "\\allowbreak "]);
    run = [];
    from = width;
  };
  let i = 0;
  while (i < s.length) {
    const rest = s.slice(i, i + 24);
    const sign = /^[+\-=:]/.test(rest) || infix.test(rest);
    if (rest[0] === " ") {
      i++;
      const next = s.slice(i, i + 24);
      if (operand && left === 0 && !noStart.test(next) && !infix.test(next)) run.push(i);
      continue;
    }
    if (operand && left === 0 && sign) flush();
    const start = rest;
    const bracket = rest[0] === "(" && left === 0 ? matching(s, i) : -1;
    if (bracket > 0 && inside(s.slice(i, bracket)) <= together && /[+\-=\\]/.test(s.slice(i, bracket))) {
      put.push([i, 1, "\\mathopen{"], [bracket, -1, "}"]);
      width += inside(s.slice(i, bracket));
      i = bracket;
      operand = true;
      continue;
    }
    if (rest[0] === "{") {
      const end = closing(s, i);
      width += inside(s.slice(i + 1, end));
      i = end + 1;
      operand = !named;
      named = false;
      continue;
    } else if (rest[0] === "^" || rest[0] === "_") {
      i++;
      const end = s[i] === "{" ? closing(s, i) + 1 : i + (command(s, i)?.length ?? 1);
      width += inside(s.slice(i, end)) * 0.7;
      i = end;
      continue; // an operand is one with its scripts, and a sum is none
    } else if (rest[0] === "\\") {
      const name = command(s, i) ?? "\\";
      i += name.length;
      named = name === "\\operatorname";
      if (name === "\\left") left++;
      if (name === "\\right") left--;
      if (name === "\\frac") {
        const a = closing(s, i);
        const b = closing(s, a + 1);
        width += Math.max(inside(s.slice(i, a)), inside(s.slice(a + 1, b)));
        i = b + 1;
      } else if (name === "\\begin") {
        const end = s.indexOf("\\end{", i);
        const stop = end < 0 ? s.length : s.indexOf("}", end) + 1;
        width += inside(s.slice(i, stop)) / 2;
        i = stop;
      } else if (!/^\\(left|right|,|operatorname|mathrm|mathbb|displaystyle)$/.test(name)) {
        width += /^\\(log|exp|det|max|min|sin|cos|tan)/.test(name) ? 4 : infix.test(name) ? 3 : 1;
      }
    } else {
      width += sign ? 3 : 1;
      i++;
    }
    operand = !sign && !/^[([,]/.test(start) && !/^\\left(?![a-zA-Z])/.test(start) && !opens.test(start);
  }
  flush();
  put.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let out = "";
  let at = 0;
  for (const [p, , text] of put) {
    out += s.slice(at, p) + text;
    at = p;
  }
  return out + s.slice(at);
}

/** An estimate of a width, in letters. @param {string} s */
function inside(s) {
  return s.replace(/\\[a-zA-Z]+ ?/g, "x").replace(/[{}\\^_& ]/g, "").length;
}

/** The width of a formula, in letters, roughly. @param {string} latex */
export function widthOf(latex) {
  return inside(latex.replace(/\\(operatorname|mathrm|mathbb|left|right|displaystyle|,)(?![a-zA-Z])/g, ""));
}

/** The bracket that closes the one at i, or -1. */
function matching(s, i) {
  let depth = 0;
  for (let k = i; k < s.length; k++) {
    if (s[k] === "\\") k++;
    else if (s[k] === "{") k = closing(s, k);
    else if (s[k] === "(") depth++;
    else if (s[k] === ")" && --depth === 0) return k;
  }
  return -1;
}

function closing(s, i) {
  let depth = 0;
  for (let k = i; k < s.length; k++) {
    if (s[k] === "\\") k++;
    else if (s[k] === "{") depth++;
    else if (s[k] === "}" && --depth === 0) return k;
  }
  return s.length;
}

function command(s, i) {
  return /^\\([a-zA-Z]+|.)/u.exec(s.slice(i, i + 24))?.[0];
}
