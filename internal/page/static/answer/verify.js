// A claim of the reader's, a formula or a derivation line by line, and what is wrong with it.
// The right derivative is shown only when it is asked for.

import { h, icon, icons } from "./dom.js";
import { segmented } from "./controls.js";
import { nothing, Pane } from "./pane.js";
import { tex } from "./tex.js";
import { bodyTex, matrixTex, namesOf, setIn, shapeTex } from "./words.js";

/**
 * @param {(name: string, value: string) => void} setExtra
 * @param {() => import("./pane.js").Context} current
 */
export function verifyTab(setExtra, current) {
  const area = h("textarea", { rows: 3, spellcheck: "false", autocapitalize: "off", autocomplete: "off", testid: "verify-claim" });
  const caption = h("span");
  const label = h("label", { class: "a-claim-label" }, caption, area);
  const help = h("p", { class: "a-soft" });
  const button = h("button", { type: "button", class: "a-button is-main", testid: "verify-run" });
  const whose = h("div", { class: "a-bar" });
  const form = h("div", { class: "a-claim" }, whose, label, help, h("div", { class: "a-claim-row" }, button));
  const root = h("div", null, form);
  let asked = { claim: "", wrt: "" };
  let shown = "";

  const pane = new Pane({
    id: "verify",
    mistake: "answer.error.claim",
    ask: (ctx) => {
      if (!asked.claim) return null;
      const { mixed, ...body } = ctx.request;
      return { method: "verify", body: { ...body, wrt: [asked.wrt], ...written(asked.claim) } };
    },
    render: (data, ctx) => (data ? report(data, ctx) : nothing(ctx.t("answer.verify.none"), "verify-none")),
  });
  pane.root.setAttribute("aria-live", "polite");
  root.append(pane.root);

  const grow = () => { area.rows = Math.max(3, Math.min(16, area.value.split("\n").length + 1)); };
  const variable = (ctx) => (ctx.request.wrt.includes(ctx.state.extra.verify) ? ctx.state.extra.verify : ctx.request.wrt[0] ?? "");
  function run() {
    setExtra("claim", area.value);
    const ctx = current();
    asked = { claim: area.value.trim(), wrt: variable(ctx) };
    pane.forget();
    pane.refresh(ctx);
  }
  button.addEventListener("click", run);
  area.addEventListener("input", grow);
  area.addEventListener("change", () => setExtra("claim", area.value));
  area.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) return;
    e.preventDefault();
    run();
  });

  function report(v, ctx) {
    const { t, lang } = ctx;
    const several = v.lines.length > 1;
    const names = namesOf(v.variables, ctx);
    const argument = v.argument === "same canonical form" ? "answer.verify.canonical" : "answer.verify.numeric";
    const verdict = v.equal ? t("answer.verify.equal") : several ? t("answer.verify.wrong.line", { line: v.first_wrong_line }) : t("answer.verify.wrong");
    return [
      h("section", { class: "a-verdict is-boxed " + (v.equal ? "is-good" : "is-bad"), testid: "verify-verdict", "data-equal": String(v.equal), "data-kind": v.kind },
        h("h3", null, icon(v.equal ? icons.check : icons.cross), verdict),
        v.equal ? h("p", null, t(argument, { points: v.points })) : [
          v.message && h("p", { class: "a-message", testid: "verify-message" }, setIn(v.message[lang], [...[v.part, v.claim, v.true].filter((f) => f?.text.length > 1), ...names])),
          v.part && h("p", { class: "a-part", testid: "verify-part" }, h("span", { class: "a-label" }, t("answer.verify.part")), formula(v.part)),
        ]),
      several ? h("ol", { class: "a-verified", testid: "verify-lines" }, v.lines.map((l) => verifiedLine(l, v, ctx)))
        : h("div", { class: "a-verified" }, h("div", { class: "a-scroll", testid: "verify-claim-formula" }, h("span", { class: "a-label" }, t("answer.verify.claim")), formula(v.claim), tex(shapeTex(v.claim.shape), { text: v.claim.shape, class: "a-soft" }))),
      v.counterexample && counterexample(v, ctx),
      truth(v, ctx),
    ];
  }

  function verifiedLine(l, v, ctx) {
    const { t } = ctx;
    const state = l.defines ? "defines" : l.equal ? "right" : "wrong";
    return h("li", { class: `is-${state}` + (l.line === v.first_wrong_line ? " is-first" : ""), value: String(l.line), testid: "verify-line", "data-state": state },
      h("span", { class: "a-line-mark" }, state === "defines" ? h("span", { "aria-hidden": "true" }, "≔") : icon(state === "right" ? icons.check : icons.cross)),
      h("span", { class: "a-scroll" }, formula(l.claim)),
      h("span", { class: "a-soft" }, t(`answer.verify.line.${state === "right" && l.argument !== "same canonical form" ? "numeric" : state}`)));
  }

  function counterexample(v, ctx) {
    const { t } = ctx;
    const x = v.counterexample;
    const values = (x.variables ?? []).flatMap((n) => n.entries.map((rows, k) => [n.entries.length > 1 ? `{${n.name_latex}}_{${k + 1}}` : n.name_latex, rows]));
    const shape = v.true.shape;
    const scalar = shape === "scalar";
    return h("section", { class: "a-example", testid: "verify-counterexample" },
      h("h4", null, t("answer.verify.example"), x.sizes?.length ? h("span", { class: "a-soft" }, x.sizes.join(", ")) : null),
      h("div", { class: "a-values" }, values.map(([name, rows]) => tex(`${name} = ${matrixTex(rows)}`))),
      h("table", { class: "a-table" },
        h("caption", null, scalar ? t("answer.verify.value") : t("answer.verify.entry", { row: x.row, column: x.column })),
        h("tbody", null,
          h("tr", null, h("th", { scope: "row" }, t("answer.verify.claimed")), h("td", { testid: "verify-claimed" }, x.claim === "undefined" ? t("answer.verify.undefined") : x.claim)),
          h("tr", null, h("th", { scope: "row" }, t("answer.verify.derivative")), h("td", { testid: "verify-true" }, x.true)),
          x.differences && h("tr", null, h("th", { scope: "row" }, t("answer.verify.differences")), h("td", null, x.differences)))));
  }

  function truth(v, ctx) {
    if (v.equal) return null;
    const { t } = ctx;
    const box = h("div", { class: "a-truth a-scroll", testid: "verify-truth", hidden: true }, formula(v.true, true));
    const says = h("span", null, t("answer.verify.reveal"));
    const b = h("button", { type: "button", class: "a-button", "aria-expanded": "false", testid: "verify-reveal" }, icon(icons.eye), says);
    b.addEventListener("click", () => {
      box.hidden = !box.hidden;
      b.setAttribute("aria-expanded", String(!box.hidden));
      says.textContent = t(box.hidden ? "answer.verify.reveal" : "answer.verify.conceal");
    });
    return h("div", { class: "a-reveal" }, b, box);
  }

  /** @param {import("./pane.js").Context} ctx */
  function refresh(ctx) {
    const { t, state } = ctx;
    area.placeholder = t("answer.verify.placeholder");
    caption.textContent = t("answer.verify.label");
    help.textContent = t("answer.verify.help");
    button.textContent = t("answer.verify.run");
    if (document.activeElement !== area && area.value !== (state.extra.claim ?? "")) {
      area.value = state.extra.claim ?? "";
      grow();
    }
    const names = ctx.request.wrt;
    const key = JSON.stringify([ctx.lang, names, variable(ctx)]);
    if (key !== shown && !whose.contains(document.activeElement)) {
      shown = key;
      whose.hidden = names.length < 2;
      whose.replaceChildren(h("span", { class: "a-label" }, t("answer.verify.by")), segmented({ name: "verify-wrt", label: t("answer.verify.by"), value: variable(ctx), options: names.map((n) => [n, n]),
        set: (n) => setExtra("verify", n) }));
    }
    if (asked.wrt && !names.includes(asked.wrt)) asked = { claim: "", wrt: "" };
    return pane.refresh(ctx);
  }
  return { root, pane, refresh };
}

/**
 * A claim as the engine takes it. LaTeX is known by its commands; a line of it that ends
 * none goes on, so each gets its end.
 * @param {string} claim
 */
function written(claim) {
  if (!/\\[a-zA-Z]/.test(claim)) return { claim };
  const rows = claim.split("\n").map((l) => l.trimEnd()).filter((l) => l !== "");
  const joined = /\\begin\b/.test(claim) ? claim : rows.map((l, i) => (i === rows.length - 1 || l.endsWith("\\\\") ? l : `${l} \\\\`)).join("\n");
  return { claim: joined, claim_from: "latex" };
}

/** A formula with its left-hand side. */
function formula(f, large = false) {
  const latex = bodyTex(f.latex);
  return tex(f.symbol_latex ? `${f.symbol_latex} = ${latex}` : latex, { text: f.symbol ? `${f.symbol} = ${f.text}` : f.text, display: large, breaks: true });
}
