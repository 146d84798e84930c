// Light highlighting of source code: comments, strings, numbers and words of the language.

import { h } from "./dom.js";

const words = {
  python: "False None True and as assert break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield",
  julia: "abstract baremodule begin break catch const continue do else elseif end export false finally for function global if import in let local macro module mutable quote return struct true try using where while nothing",
  matlab: "arguments break case catch classdef continue else elseif end endfunction endif endfor for function global if otherwise parfor persistent return switch try while true false",
  r: "if else repeat while function for next break TRUE FALSE NULL Inf NaN NA in return stop stopifnot library",
  go: "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false float64 int string error bool",
  cpp: "auto bool break case class const constexpr continue default delete do double else enum explicit extern false float for if inline int long namespace new nullptr operator private public return short signed size_t sizeof static static_assert std struct switch template this throw true try typedef typename union unsigned using virtual void while",
};

const dialects = {
  numpy: ["python", "#"], jax: ["python", "#"], torch: ["python", "#"], julia: ["julia", "#"], matlab: ["matlab", "%"], r: ["r", "#"], go: ["go", "//"], cpp: ["cpp", "//"],
};

/**
 * Source as nodes; a language that is not known stays plain.
 * @param {string} source
 * @param {string} language
 * @returns {(string | HTMLElement)[]}
 */
export function highlight(source, language) {
  const dialect = dialects[language];
  if (!dialect || source.length > 200_000) return [source];
  const known = new Set(words[dialect[0]].split(" "));
  const comment = dialect[1];
  const triple = dialect[0] === "python" || dialect[0] === "julia";
  /** @type {(string | HTMLElement)[]} */
  const out = [];
  let plain = "";
  const put = (kind, text) => {
    if (!kind) {
      plain += text;
      return;
    }
    if (plain) out.push(plain);
    plain = "";
    out.push(h("span", { class: "hl-" + kind }, text));
  };
  let i = 0;
  while (i < source.length) {
    const c = source[i];
    let end = i + 1;
    if (source.startsWith(comment, i) || (language === "cpp" && c === "#")) {
      end = lineEnd(source, i);
      put(source.startsWith(comment, i) ? "comment" : "meta", source.slice(i, end));
    } else if (triple && source.startsWith('"""', i)) {
      const close = source.indexOf('"""', i + 3);
      end = close < 0 ? source.length : close + 3;
      put("comment", source.slice(i, end));
    } else if (c === '"' || (c === "'" && dialect[0] !== "julia" && dialect[0] !== "cpp" && !(dialect[0] === "matlab" && /[\w)\]'.]/.test(source[i - 1] ?? " "))) || (c === "`" && dialect[0] === "go")) {
      while (end < source.length && source[end] !== c && source[end] !== "\n") end += source[end] === "\\" ? 2 : 1;
      end = Math.min(source.length, end + 1);
      put("string", source.slice(i, end));
    } else if (/[0-9]/.test(c)) {
      while (end < source.length && /[\w.]/.test(source[end])) end++;
      put("number", source.slice(i, end));
    } else if (/[\p{L}_]/u.test(c)) {
      while (end < source.length && /[\p{L}\p{N}_]/u.test(source[end])) end++;
      const word = source.slice(i, end);
      put(known.has(word) ? "word" : source[end] === "(" ? "call" : "", word);
    } else {
      put("", c);
    }
    i = end;
  }
  if (plain) out.push(plain);
  return out;
}

function lineEnd(s, i) {
  const end = s.indexOf("\n", i);
  return end < 0 ? s.length : end;
}
