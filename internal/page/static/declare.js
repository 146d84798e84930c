// Declarations of variables: written from what is clicked, and changed in a text.

/** Names of the language. */
export const identifiers = /[\p{L}_][\p{L}\p{M}\p{N}_]*/gu;

export const kinds = /** @type {const} */ (["scalar", "vector", "matrix", "function"]);

/** The facts that a variable of a kind may have, in the order of docs/language.md. */
export const facts = /** @type {Record<string, readonly string[]>} */ ({
  scalar: ["positive", "integer", "constant"],
  vector: ["positive", "onehot", "simplex", "constant"],
  matrix: ["symmetric", "posdef", "diagonal", "orthogonal", "toeplitz", "invertible", "positive", "onehot", "simplex", "constant"],
  function: [],
});

/** Facts of square matrices. */
export const squareFacts = ["symmetric", "posdef", "diagonal", "orthogonal", "toeplitz", "invertible"];

/** @typedef {{kind: string, sizes: string[], facts: string[], range?: string}} Type */

/**
 * The declaration of a type: "matrix(m, n) symmetric".
 * @param {Type} type
 * @returns {string}
 */
export function write({ kind, sizes, facts, range }) {
  const head = sizes.length > 0 ? `${kind}(${sizes.join(", ")})` : kind;
  return [head, ...facts].join(" ") + (range ? `, ${range}` : "");
}

/**
 * The type of a declaration that write made, or as people write one.
 * @param {string} decl
 * @returns {Type|null} null for what is no declaration
 */
export function parse(decl) {
  const kind = kinds.find((k) => new RegExp(`^\\s*${k}\\b`).test(decl));
  if (!kind) return null;
  let rest = decl.trimStart().slice(kind.length).trimStart();
  /** @type {string[]} */
  const sizes = [];
  if (rest.startsWith("(")) {
    let depth = 0, from = 1, i = 0;
    for (; i < rest.length; i++) {
      const c = rest[i];
      if (c === "(") depth++;
      if (c === ")") depth--;
      if (depth === 0 || (depth === 1 && c === ",")) {
        sizes.push(rest.slice(from, i).trim());
        from = i + 1;
      }
      if (depth === 0) break;
    }
    if (depth > 0) return null;
    rest = rest.slice(i + 1);
  }
  const [words, range] = rest.split(/,(.*)/s);
  return { kind, sizes, facts: words.split(/\s+/).filter(Boolean), range: range?.trim() || undefined };
}

/**
 * A declaration with a size that has another name or value.
 * @param {string} decl @param {string} from  a name @param {string} to
 * @returns {string}
 */
export function withSize(decl, from, to) {
  const type = parse(decl);
  if (!type) return decl;
  return write({ ...type, sizes: type.sizes.map((s) => s.replace(identifiers, (n) => (n === from ? (/^[\p{L}\p{M}\p{N}_]+$/u.test(to) || s === n ? to : `(${to})`) : n))) });
}

const sizeNames = ["n", "m", "p", "q", "r", "k", "s", "t", "u", "v"];

/**
 * A type changed to another kind. It keeps the sizes and facts that fit; sizes that are
 * missing get names that nothing else has, so that they follow from the program.
 * @param {Type} type
 * @param {string} kind
 * @param {string[]} used  names of sizes and variables
 * @returns {Type}
 */
export function withKind(type, kind, used) {
  const count = { scalar: 0, vector: 1, matrix: 2, function: 0 }[kind] ?? 0;
  const sizes = type.sizes.slice(0, count);
  for (const name of sizeNames) {
    if (sizes.length === count) break;
    if (!used.includes(name) && !sizes.includes(name)) sizes.push(name);
  }
  while (sizes.length < count) sizes.push(`n${sizes.length + 1}`);
  const fits = facts[kind] ?? [];
  const square = kind === "matrix" && sizes[0] === sizes[1];
  return { ...type, kind, sizes, facts: type.facts.filter((f) => fits.includes(f) && (square || !squareFacts.includes(f))) };
}

/**
 * A type with a fact switched on or off. A fact of square matrices makes a matrix square.
 * @param {Type} type
 * @param {string} fact
 * @param {boolean} on
 * @returns {Type}
 */
export function withFact(type, fact, on) {
  const order = facts[type.kind] ?? [];
  const chosen = order.filter((f) => (f === fact ? on : type.facts.includes(f)));
  const sizes = on && type.kind === "matrix" && squareFacts.includes(fact) ? [type.sizes[0], type.sizes[0]] : type.sizes;
  return { ...type, sizes, facts: chosen };
}

/**
 * A type with other sizes; a matrix that is not square any more loses the facts of square ones.
 * @param {Type} type
 * @param {string[]} sizes
 * @returns {Type}
 */
export function withSizes(type, sizes) {
  const square = type.kind === "matrix" && sizes[0] === sizes[1];
  return { ...type, sizes, facts: type.facts.filter((f) => square || !squareFacts.includes(f)) };
}

/** Whether s can be a size: a name, a number or arithmetic in them. @param {string} s */
export const isSize = (s) => s.length <= 60 && /^[\p{L}\p{N}\p{M}_+\-*/() ]+$/u.test(s) && s.trim() !== "";

/**
 * A statement of a text that declares names: where it stands, the names, and the rest after
 * the colon.
 * @typedef {{from: number, to: number, names: {name: string, from: number, to: number}[], type: string}} Declared
 */

/**
 * The declarations of a text, in order. A statement ends at a line's end or a semicolon
 * outside brackets; a comment is no part of it.
 * @param {string} text
 * @returns {Declared[]}
 */
export function declarations(text) {
  /** @type {Declared[]} */
  const found = [];
  let depth = 0, from = 0, colon = -1;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    if (c === "(" || c === "[" || c === "{") depth++;
    else if (c === ")" || c === "]" || c === "}") depth = Math.max(depth - 1, 0);
    else if (c === ":" && depth === 0 && colon < 0 && text[i + 1] !== "=") colon = i;
    const comment = c === "#" || c === "%";
    if (i < text.length && !comment && !((c === ";" || c === "\n") && (c === ";" || depth === 0))) continue;
    if (colon >= 0) found.push(...declared(text, from, colon, i));
    if (comment) while (i < text.length && text[i] !== "\n") i++;
    from = i + 1;
    colon = -1;
  }
  return found;
}

/**
 * @param {string} text @param {number} from @param {number} colon @param {number} to
 * @returns {Declared[]} one, or none if there are no names before the colon
 */
function declared(text, from, colon, to) {
  const head = text.slice(from, colon);
  if (!/^\s*[\p{L}_][\p{L}\p{M}\p{N}_]*\s*(\[[^\]]*\]\s*)*(,\s*[\p{L}_][\p{L}\p{M}\p{N}_]*\s*(\[[^\]]*\]\s*)*)*$/u.test(head)) return [];
  const names = [];
  for (const m of head.matchAll(/([\p{L}_][\p{L}\p{M}\p{N}_]*)\s*(\[[^\]]*\])?/gu)) {
    names.push({ name: m[1], from: from + m.index, to: from + m.index + m[0].trimEnd().length });
  }
  const start = from + head.length - head.trimStart().length;
  return [{ from: start, to, names, type: text.slice(colon + 1, to).trim() }];
}

/** @param {string} text @returns {Set<string>} the names that a text declares */
export function declaredNames(text) {
  return new Set(declarations(text).flatMap((d) => d.names.map((n) => n.name)));
}

/**
 * The change of a text in which it declares a name: with another type, or not at all for "".
 * @param {string} text
 * @param {string} name  "X", or "x[i]" for a family
 * @param {string} type  "matrix(m, n) symmetric"
 * @returns {{from: number, to: number, insert: string}|null} null if the text does not
 *   declare it
 */
export function redeclare(text, name, type) {
  const base = name.replace(/\[.*/, "");
  for (const d of declarations(text)) {
    const at = d.names.findIndex((n) => n.name === base);
    if (at < 0) continue;
    const others = d.names.filter((_, i) => i !== at).map((n) => text.slice(n.from, n.to)).join(", ");
    const end = d.to - (text.slice(0, d.to).length - text.slice(0, d.to).trimEnd().length);
    const rest = others && `${others}: ${d.type}`;
    if (type) return { from: d.from, to: end, insert: rest ? `${rest}; ${name}: ${type}` : `${name}: ${type}` };
    if (rest) return { from: d.from, to: end, insert: rest };
    // The separator after a statement goes with it.
    const after = /^[ \t]*[;\n][ \t]*/.exec(text.slice(end));
    return { from: d.from, to: end + (after ? after[0].length : 0), insert: "" };
  }
  return null;
}
