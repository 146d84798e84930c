// The whole input of the page as one plain object, what it means as a request, and its form
// in a link.

import { declaredNames, identifiers } from "./declare.js";

/**
 * @typedef {object} State
 * @property {string} text  the program, in the language
 * @property {"language"|"latex"} notation  which of the two is written by hand; with "latex"
 *   the program is what the engine reads in `latex`
 * @property {string} latex  the LaTeX that the program comes from, "" for none
 * @property {Record<string, string>} vars  declarations made by clicking, by name:
 *   {"X": "matrix(m, n) symmetric"}; declarations in the text are not among them
 * @property {string[]} wrt  the variables to differentiate by, in order; none: the page
 *   chooses (see chosen)
 * @property {number} order  from 1 to 4
 * @property {boolean} mixed  differentiate by the first of wrt, the result by the next, …
 * @property {"denominator"|"numerator"} layout
 * @property {"columns"|"rows"} vec
 * @property {boolean} structured
 * @property {""|"en"|"zh"} lang  of the derivation; "" is that of the page
 * @property {"trace"|"colon"} style  of the derivation
 * @property {"full"|"brief"} detail  of the derivation
 * @property {boolean} shapes  under the factors of the derivation
 * @property {Record<string, string>} tabs  the chosen tab of each tab list, by its name
 * @property {Record<string, string>} extra  further input of the answer's side, by its name: a
 *   claim, sizes, the name of a function. Written by static/answer alone.
 */

/**
 * What the engine understood, the answer of "inspect".
 * @typedef {object} Inspection
 * @property {string} [program]  in the language, where the text was LaTeX
 * @property {Formula} expression  its symbol is the name that the text gives it
 * @property {Formula[]} definitions
 * @property {Variable[]} variables
 * @property {string[]} wrt  the only variable, or those asked for
 * @property {string[]} [notes]
 * @property {string[]} [notes_zh]
 */

/**
 * @typedef {object} Formula
 * @property {string} [symbol]
 * @property {string} [symbol_latex]
 * @property {string} text
 * @property {string} latex
 * @property {string} language
 * @property {string} shape
 */

/**
 * @typedef {object} Variable
 * @property {string} name
 * @property {string} decl  "matrix(m, n) symmetric"
 * @property {"scalar"|"vector"|"matrix"|"function"} kind
 * @property {string[]} [sizes]  none for a scalar, one for a vector, two for a matrix
 * @property {string[]} [facts]
 * @property {boolean} [inferred]
 * @property {boolean} [unused]
 * @property {string} [range]  of a family: "i = 1..N"; its name is "x[i]"
 */

/** @type {Readonly<State>} */
export const initial = Object.freeze({
  text: "",
  notation: "language",
  latex: "",
  vars: {},
  wrt: [],
  order: 1,
  mixed: false,
  layout: "denominator",
  vec: "columns",
  structured: false,
  lang: "",
  style: "trace",
  detail: "full",
  shapes: false,
  tabs: {},
  extra: {},
});

/** The characters of program and LaTeX together that the page takes. */
export const longest = 20_000;

/** Those whose value is one of a few. @type {Record<string, readonly (string|number)[]>} */
const choices = {
  notation: ["language", "latex"],
  order: [1, 2, 3, 4],
  layout: ["denominator", "numerator"],
  vec: ["columns", "rows"],
  lang: ["", "en", "zh"],
  style: ["trace", "colon"],
  detail: ["full", "brief"],
};

/** Variables that are differentiated by when nobody has said by which, the likeliest first. */
const likely = ["w", "W", "theta", "θ", "beta", "β", "W1", "x", "X"];

/**
 * The variables to differentiate by: those chosen and still there, else those that the text
 * asks for, else the likeliest.
 * @param {State} state
 * @param {Inspection} inspection
 * @returns {string[]} empty only if there is no variable
 */
export function chosen(state, inspection) {
  const names = new Set(inspection.variables.filter((v) => v.kind !== "function").map((v) => v.name));
  for (const d of inspection.definitions) if (d.symbol) names.add(d.symbol);
  const kept = state.wrt.filter((n) => names.has(n));
  if (kept.length > 0) return kept;
  if (inspection.wrt?.length > 0) return inspection.wrt;
  const free = inspection.variables
    .filter((v) => v.kind !== "function" && !v.unused && !v.facts?.includes("constant"))
    .map((v) => v.name);
  const first = likely.find((n) => free.includes(n)) ?? free[0];
  return first === undefined ? [] : [first];
}

/**
 * The declarations made by clicking that count: those of names that the text has and does not
 * declare itself. The others are kept for when the text has them again.
 * @param {State} state
 * @param {Inspection|null} [understood]  what is known of the text, or of one before it: a name may
 *   stand in it as a letter, as X in ‖Xw‖²
 * @param {string} [text]  instead of the program
 * @returns {Record<string, string>}
 */
export function effective(state, understood = null, text = state.text) {
  const entries = Object.entries(state.vars);
  if (entries.length === 0) return {};
  const names = new Set(text.match(identifiers));
  const used = understood && new Set(understood.variables.filter((v) => !v.unused).map((v) => v.name.replace(/\[.*/, "")));
  const declared = declaredNames(text);
  return Object.fromEntries(entries.filter(([key]) => {
    const name = key.replace(/\[.*/, "");
    return (names.has(name) || text.includes(name) && (used?.has(name) ?? true)) && !declared.has(name);
  }));
}

/**
 * The common fields of a request for what the page shows; methods add their own.
 * @param {State} state
 * @param {Inspection} inspection
 * @returns {{expr: string, vars?: Record<string, string>, wrt: string[], order?: number, mixed?: boolean, layout: string, vec: string, structured?: boolean}}
 */
export function request(state, inspection) {
  const wrt = chosen(state, inspection);
  /** @type {ReturnType<typeof request>} */
  const r = { expr: state.text, wrt, layout: state.layout, vec: state.vec };
  const vars = effective(state, inspection);
  if (Object.keys(vars).length > 0) r.vars = vars;
  if (state.mixed && wrt.length > 1) r.mixed = true;
  else if (state.order > 1) r.order = state.order;
  if (state.structured) r.structured = true;
  return r;
}

/**
 * A state of whatever is given: unknown fields are dropped, missing ones are as at first.
 * @param {unknown} value
 * @returns {State}
 * @throws {TypeError} for a value that is no state: of a wrong type, or too long
 */
export function sane(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("no object");
  /** @type {any} */
  const given = value;
  /** @type {any} */
  const state = {};
  for (const [key, first] of Object.entries(initial)) {
    const v = Object.hasOwn(given, key) ? given[key] : first;
    if (choices[key]) {
      if (!choices[key].includes(v)) throw new TypeError(key);
      state[key] = v;
    } else if (Array.isArray(first)) {
      if (!Array.isArray(v) || v.length > 64 || !v.every((s) => short(s, 200))) throw new TypeError(key);
      state[key] = [...v];
    } else if (typeof first === "object") {
      if (typeof v !== "object" || v === null || Array.isArray(v)) throw new TypeError(key);
      const entries = Object.entries(v);
      if (entries.length > 200 || !entries.every(([k, s]) => short(k, 200) && short(s, 4000))) throw new TypeError(key);
      // No key of a state is taken for something else, "__proto__" included.
      state[key] = Object.fromEntries(entries);
    } else {
      if (typeof v !== typeof first) throw new TypeError(key);
      state[key] = v;
    }
  }
  if (state.text.length + state.latex.length > longest) throw new TypeError("too long");
  return state;
}

/** @param {unknown} s @param {number} n */
const short = (s, n) => typeof s === "string" && s.length <= n;

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** What stands before the data in a fragment; a new format gets another. */
const version = "n1.";

/** A fragment holds at most this many bytes after it is unpacked. */
const unpackedLimit = 256 * 1024;

/**
 * The fragment of a link, without its "#": the fields that are not as at first, as JSON,
 * deflated, in base64url.
 * @param {State} state
 * @returns {Promise<string>}
 */
export async function encode(state) {
  const short = Object.fromEntries(Object.entries(state).filter(([k, v]) => k in initial && !same(v, /** @type {any} */ (initial)[k])));
  const stream = new Blob([JSON.stringify(short)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let s = "";
  for (const b of bytes) s += String.fromCharCode(b);
  return version + btoa(s).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * The state of a fragment. It is never rejected: whatever a link holds, the page says in
 * words why it cannot be read.
 * @param {string} fragment  with or without "#"
 * @returns {Promise<{state: State}|{problem: "empty"|"version"|"damaged"}>}
 */
export async function decode(fragment) {
  const s = fragment.replace(/^#/, "");
  if (s === "") return { problem: "empty" };
  if (!s.startsWith(version)) return { problem: /^n\d+\./.test(s) ? "version" : "damaged" };
  try {
    const raw = atob(s.slice(version.length).replaceAll("-", "+").replaceAll("_", "/"));
    const stream = new Blob([Uint8Array.from(raw, (c) => c.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    /** @type {Uint8Array[]} */
    const parts = [];
    for (let size = 0; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > unpackedLimit) {
        await reader.cancel();
        return { problem: "damaged" };
      }
      parts.push(value);
    }
    return { state: sane(JSON.parse(await new Blob(/** @type {BlobPart[]} */ (parts)).text())) };
  } catch {
    return { problem: "damaged" };
  }
}
