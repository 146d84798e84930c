// An answer in the forms in which it leaves the page.

import { encode } from "../state.js";
import { mathml } from "./tex.js";
import { bodyTex } from "./words.js";

/** An answer as text, with the names of its parts. */
const textOf = (d) => [...(d.where ?? []).map((w) => `${w.name} = ${w.text}`), `${d.symbol} = ${d.text.slice(d.text.lastIndexOf("\n") + 1)}`].join("\n");

/** An answer as LaTeX; where parts are named, with their names above it. */
function equation(d) {
  const body = bodyTex(d.latex);
  if (body === d.latex) return `${d.symbol_latex} = ${body}`;
  return `\\begin{aligned}\n${[...(d.where ?? []).map((w) => `${w.name_latex} &= ${w.latex}`), `${d.symbol_latex} &= ${body}`].join(" \\\\\n")}\n\\end{aligned}`;
}

/**
 * The forms of one derivative, as items of a menu.
 * @param {any} d
 * @param {import("./pane.js").Context} ctx
 * @returns {import("./menu.js").Item[]}
 */
export function formats(d, ctx) {
  const { t, page } = ctx;
  const item = (id, make) => {
    const label = t(`answer.copy.${id}`);
    return { id, label, run: async () => page.copy(await make(), label) };
  };
  return [
    item("latex", () => equation(d)),
    item("mathml", () => mathml(equation(d))),
    item("markdown", () => `$$\n${equation(d)}\n$$\n`),
    item("text", () => textOf(d)),
    item("language", () => d.language),
    ...(d.numpy ? [item("numpy", () => d.numpy)] : []),
    { ...item("link", () => link(page.getState())), rule: true },
  ];
}

/** A link that holds the whole input. @param {import("../state.js").State} state */
export async function link(state) {
  return `${location.href.replace(/#.*$/, "")}#${await encode(state)}`;
}
