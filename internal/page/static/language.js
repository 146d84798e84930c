// The language as the editor sees it: its colours, its completions, and the abbreviations of
// its characters. Nothing here decides what a program means; the engine does.

import { StreamLanguage, tags } from "./assets/codemirror/codemirror.min.js";
import { facts, identifiers, kinds } from "./declare.js";

/**
 * @typedef {object} Operator  a row of "ops"
 * @property {string} name
 * @property {string} usage
 * @property {string[]} [aliases]
 * @property {string} family
 * @property {string} doc
 * @property {string} [shapes]
 * @property {string} [differential]
 */

const name = /^[\p{L}_][\p{L}\p{M}\p{N}_]*/u;
const number = /^(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?/i;
const symbol = /^(\.[*\/^']|\|\||:=|\.\.|[-+*\/^'@=|·⊙∘⊗⊘×÷−–‖√∑Σ…ᵀ⊤⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻])/u;
const declaring = new Set([...kinds, ...Object.values(facts).flat()]);

/** @type {Set<string>} */
const operatorNames = new Set(["sum", "exp", "log", "tr", "det", "inv"]);
/** @type {Operator[]} */
let operators = [];

/** @type {Operator[]} */
let rows = [];

/** All operators that the engine knows, in its order. */
export const operatorList = () => rows;

/** Takes the operators that the engine knows. @param {Operator[]} list */
export function setOperators(list) {
  rows = list;
  operators = list.flatMap((o) => {
    const written = /^([\p{L}_][\p{L}\p{N}_]*)(\(|$)/u.exec(o.usage);
    return written ? [{ ...o, name: written[1] }] : [];
  });
  for (const o of operators) for (const n of [o.name, ...(o.aliases ?? [])]) operatorNames.add(n);
}

/** @typedef {{declaring: boolean, start: boolean, depth: number}} Place */

/** Programs: comments, numbers, declarations, names of operators, operators. */
export const program = StreamLanguage.define({
  name: "nabla",
  startState: () => ({ declaring: false, start: true, depth: 0 }),
  copyState: (/** @type {Place} */ s) => ({ ...s }),
  token(/** @type {any} */ stream, /** @type {Place} */ state) {
    if (stream.sol() && state.depth === 0) {
      state.declaring = false;
      state.start = true;
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^[#%].*/)) return "comment";
    if (stream.eat(";")) {
      state.declaring = false;
      state.start = true;
      return "punctuation";
    }
    if (stream.match(number)) return "number";
    const m = /** @type {RegExpMatchArray|null} */ (stream.match(name));
    if (m) {
      const start = state.start;
      state.start = false;
      if (state.declaring && declaring.has(m[0])) return "keyword";
      if (start && stream.match(/^\s*(\[[^\]]*\])?\s*(:|=|,\s*\p{L})/u, false)) return "definition";
      if (operatorNames.has(m[0]) && stream.match(/^\s*\(/, false)) return "call";
      return "variableName";
    }
    if (stream.eat(":")) {
      if (stream.eat("=")) return "operator";
      state.declaring = true;
      return "operator";
    }
    if (stream.match(symbol)) {
      if (stream.current() === "=") state.start = false;
      return "operator";
    }
    const c = stream.next();
    if (c === "(" || c === "[" || c === "{") state.depth++;
    if (c === ")" || c === "]" || c === "}") state.depth = Math.max(state.depth - 1, 0);
    return c && "()[]{}".includes(c) ? "bracket" : "punctuation";
  },
  tokenTable: { call: tags.function(tags.variableName), definition: tags.definition(tags.variableName) },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{"] } },
});

/** LaTeX: commands, braces, numbers, comments. */
export const latex = StreamLanguage.define({
  name: "latex",
  startState: () => null,
  token(/** @type {any} */ stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^%.*/)) return "comment";
    if (stream.match(/^\\([A-Za-z]+|.)/)) return "call";
    if (stream.match(number)) return "number";
    if (stream.match(/^[{}()\[\]]/)) return "bracket";
    if (stream.match(/^[-+*\/=^_|&]/)) return "operator";
    stream.next();
    return "variableName";
  },
  tokenTable: { call: tags.function(tags.variableName) },
  languageData: { closeBrackets: { brackets: ["(", "[", "{"] } },
});

/** Characters by the names they have in LaTeX. @type {Record<string, string>} */
const characters = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", zeta: "ζ", eta: "η", theta: "θ", iota: "ι", kappa: "κ", lambda: "λ",
  mu: "μ", nu: "ν", xi: "ξ", rho: "ρ", sigma: "σ", tau: "τ", phi: "φ", varphi: "φ", chi: "χ", psi: "ψ", omega: "ω", pi: "π",
  Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Xi: "Ξ", Phi: "Φ", Psi: "Ψ", Omega: "Ω", Sigma: "Σ",
  sum: "∑", odot: "⊙", circ: "∘", oslash: "⊘", otimes: "⊗", cdot: "·", times: "×", div: "÷", top: "ᵀ", sqrt: "√", Vert: "‖", norm: "‖", inv: "⁻¹", invtop: "⁻ᵀ",
};

/** What completes \name. */
const abbreviations = Object.entries(characters).map(([n, c]) => ({ label: `\\${n}`, detail: c, apply: c, type: "text" }));

/** The characters of the palette: each with what it is called, and what it is shown after. */
export const palette = [
  ["ᵀ", "top", "A"], ["⁻¹", "inv", "A"], ["²", "square", "a"], ["‖", "norm"], ["⊙", "odot"], ["⊗", "otimes"], ["∑", "sum"], ["√", "sqrt"],
  ["α", "alpha"], ["β", "beta"], ["θ", "theta"], ["λ", "lambda"], ["μ", "mu"], ["σ", "sigma"],
];

/**
 * Completes operators, names of the program, words of declarations, and \names of characters.
 * @param {any} context
 */
export function complete(context) {
  const escape = context.matchBefore(/\\[A-Za-z]*/);
  if (escape) return { from: escape.from, options: abbreviations, validFor: /^\\[A-Za-z]*$/ };
  const word = context.matchBefore(/[\p{L}_][\p{L}\p{M}\p{N}_]*/u);
  if (!word && !context.explicit) return null;
  const from = word ? word.from : context.pos;
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, from - line.from);
  if (/^\s*[#%]/.test(before)) return null;
  const declaration = /(^|;)[^;=()]*:[^;=]*$/.test(before);
  if (word && word.to - word.from < 2 && !context.explicit && !declaration) return null;
  const options = declaration ? words(before) : [...calls(), ...names(context.state.doc.toString(), word?.text)];
  return { from, options, validFor: /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u };
}

/** @param {string} before  the line up to the word */
function words(before) {
  const kind = /:\s*(scalar|vector|matrix|function)\b/.exec(before)?.[1];
  if (kind) return (facts[kind] ?? []).map((label) => ({ label, type: "keyword" }));
  const sizes = { scalar: "", vector: "(n)", matrix: "(m, n)", function: "" };
  return kinds.map((k) => ({ label: k, apply: k + sizes[k], detail: sizes[k], type: "keyword" }));
}

function calls() {
  return operators.flatMap((o) =>
    [o.name, ...(o.aliases ?? [])].map((label) => ({
      label,
      detail: o.usage,
      info: o.shapes ? `${o.doc}\n${o.shapes}` : o.doc,
      type: "function",
      apply: o.usage.includes("(") ? `${label}(` : label,
      boost: label === o.name ? 1 : 0,
    })));
}

/** @param {string} text @param {string|undefined} word */
function names(text, word) {
  const found = new Set(text.match(identifiers));
  return [...found].filter((n) => n !== word && n.length > 1 && !operatorNames.has(n) && !declaring.has(n)).map((label) => ({ label, type: "variable" }));
}

/**
 * Whether a text is meant as LaTeX: no program has a backslash or stands between dollar signs.
 * @param {string} text
 */
export const looksLikeLatex = (text) => /\\[A-Za-z|,;!{}()[\]]/.test(text) || /^\s*\$[^]*\$\s*$/.test(text);
