// The answer's side of the page: everything in #answer.
//
// What tests find by data-testid:
//   answer, answer-title, answer-empty, answer-practice, answer-hidden, answer-show, answer-print
//   diff (the derivatives): derivative [data-wrt], derivative-formula, derivative-where,
//     derivative-shape, -layout, -structured, -form, -assumptions, -check, -remark, answer-notes
//   copy, copy-menu, copy-latex, copy-mathml, copy-markdown, copy-text, copy-language, copy-numpy,
//     copy-link
//   answer-error [data-code], answer-retry
//   answer-tabs, answer-tab-derivation, -graph, -code, -numbers, -convex, -solve, -verify
//   derivation, derivation-none, derivation-options, derivation-lang-en, -lang-zh, derivation-style-trace, -colon,
//     derivation-detail-full, -brief, derivation-shapes, derivation-more, derivation-as,
//     derivation-entry, derivation-expand, derivation-figures
//   paper, paper-given, paper-block [data-block], paper-line, paper-result, line-check, paper-rules,
//     paper-check, rule [data-rule], rule-tip
//   copy-derivation, copy-derivation-latex, -markdown, -text, -download, -print
//   present-open, present, present-stage, present-prev, -next, -count, -smaller, -larger, -full, -close
//   code, code-options, code-tabs, code-tab-numpy, … (the names of languages), code-what-value, …,
//     code-more, code-name, code-size-n, code-file [data-name], code-source, code-copy, code-download
//   graph, graph-options, graph-values, graph-smaller, -larger, -fit, graph-save, graph-save-svg, -png,
//     -copy-svg, graph-box, graph-node-0, … (the nodes, by id), graph-node (what is said of the chosen
//     one), graph-adjoint, graph-value, graph-adjoint-value, graph-from, graph-contributions,
//     graph-rules, graph-shape, graph-check, graph-none
//   numbers, numbers-none
//   convex, convex-verdict [data-curvature], convex-if, convex-domain, convex-strict-if, convex-method,
//     convex-certificate, convex-check, convex-counterexample [data-refutes], convex-none
//   solve, solve-subject, solve-outcome [data-outcome], solution [data-unknown], solve-kind
//     [data-point], solve-check, solve-none
//   verify, verify-claim, verify-run, verify-wrt-NAME, verify-verdict [data-equal, data-kind],
//     verify-message, verify-part, verify-lines, verify-line [data-state], verify-claim-formula,
//     verify-counterexample, verify-claimed, verify-true, verify-reveal, verify-truth, verify-none
// Each part that asks the engine has a body NAME-body; aria-busy is on it while it waits.

import { request } from "../state.js";
import { codeTab } from "./code.js";
import { convexTab } from "./convex.js";
import { derivationTab } from "./derivation.js";
import { h, icon, icons } from "./dom.js";
import { graphTab } from "./graph.js";
import { numbersTab } from "./numbers.js";
import { Pane } from "./pane.js";
import { derivatives } from "./result.js";
import { solveTab } from "./solve.js";
import { tabList } from "./tabs.js";
import { close as closeTip } from "./tip.js";
import { verifyTab } from "./verify.js";

/**
 * What the page gives to the answer's side.
 * @typedef {object} Page
 * @property {import("../transport.js").Caller} call  asks the engine; a call ends earlier ones
 *   of its kind
 * @property {(key: string, values?: Record<string, string|number>) => string} t  a text of
 *   strings.js or i18n.js in the page's language: t("answer.checked", {points: 2})
 * @property {() => "en"|"zh"} lang  the page's language
 * @property {() => import("../state.js").State} getState
 * @property {(change: Partial<import("../state.js").State>) => void} setState  merges the
 *   change; update is called again unless only tabs or extra changed
 * @property {(text: string) => void} announce  says text to screen readers
 * @property {(element: Element, latex: string, options?: {display?: boolean}) => void} tex  sets a
 *   formula into an element, with MathML; LaTeX that KaTeX refuses is shown as it is
 * @property {(text: string, label?: string) => Promise<void>} copy  to the clipboard, and says so
 */

/**
 * @typedef {object} Answer
 * @property {(state: import("../state.js").State, inspection: import("../state.js").Inspection|null) => void} update
 *   the input changed and is valid; with null it is not, and what is shown belongs to an
 *   earlier input
 * @property {() => void} relabel  the page's language changed
 */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @returns {Answer}
 */
export function mountAnswer(root, page) {
  const { t } = page;
  /** @type {import("../state.js").Inspection | null} */
  let inspection = null;

  /** @returns {import("./pane.js").Context} */
  function current() {
    const state = page.getState();
    const understood = /** @type {import("../state.js").Inspection} */ (inspection);
    return { page, t, state, inspection: understood, request: request(state, understood), shape: understood.expression.shape,
      equation: !understood.expression.symbol && / = /.test(understood.expression.language),
      lang: page.lang(), paperLang: state.lang || page.lang() };
  }
  const setExtra = (name, value) => {
    const extra = { ...page.getState().extra };
    if (value) extra[name] = value;
    else delete extra[name];
    page.setState({ extra });
    if (inspection) refresh();
  };
  const setTab = (list, id) => page.setState({ tabs: { ...page.getState().tabs, [list]: id } });

  let told = 0;
  const top = new Pane({
    id: "diff",
    ask: (ctx) => (ctx.request.wrt.length && !ctx.equation ? { method: "diff", body: ctx.request } : null),
    render: (data, ctx) => {
      title.textContent = t(ctx.equation ? "answer.solution" : data?.derivatives.length > 1 ? "answer.titles" : "answer.title");
      if (ctx.equation) return [];
      if (!data) return h("p", { class: "a-nothing" }, t("answer.constant"));
      clearTimeout(told);
      told = window.setTimeout(() => page.announce(data.derivatives.map((d) => `${d.symbol} = ${d.text}`).join("; ")), 1200);
      return derivatives(data, ctx);
    },
  });

  const parts = {
    derivation: derivationTab(setExtra, current),
    graph: graphTab(setExtra, current),
    code: codeTab(setExtra, setTab, current),
    numbers: numbersTab(),
    convex: convexTab(),
    solve: solveTab(setExtra),
    verify: verifyTab(setExtra, current),
  };
  const panels = Object.fromEntries(Object.entries(parts).map(([id, part]) => [id, h("div", { class: "a-panel" }, part.root)]));
  const tabs = tabList({
    name: "answer",
    tabs: Object.keys(parts).map((id) => ({ id, panel: panels[id] })),
    label: (id) => t(`answer.tab.${id}`),
    chosen: page.getState().tabs.answer ?? "derivation",
    choose: (id) => {
      setTab("answer", id);
      closeTip();
      if (inspection) refresh();
    },
  });

  const title = h("h2", { class: "a-title", testid: "answer-title" });
  const practice = h("button", { type: "button", class: "a-button is-quiet", testid: "answer-practice", onclick: () => setExtra("practice", "1") });
  const printer = h("button", { type: "button", class: "a-button is-quiet", testid: "answer-print", onclick: () => print() });
  const head = h("div", { class: "a-head" }, title, h("span", { class: "a-spring" }), practice, printer);
  const hiddenText = h("p");
  const shower = h("button", { type: "button", class: "a-button", testid: "answer-show", onclick: () => setExtra("practice", "") });
  const covered = h("div", { class: "a-covered", testid: "answer-hidden" }, hiddenText, shower);
  const empty = h("p", { class: "a-empty", testid: "answer-empty" });
  const all = h("div", { class: "a-all" }, parts.derivation.printed, head, covered, top.root, tabs.list, Object.values(panels));
  root.classList.add("a-root");
  root.dataset.testid ??= "answer";
  root.replaceChildren(empty, all);

  const idle = globalThis.requestIdleCallback ?? ((run) => setTimeout(run, 200));
  let serial = 0;

  /** Brings what is seen up to date, then, when there is time, what is printed. */
  async function refresh() {
    const turn = ++serial;
    const ctx = current();
    const practising = ctx.state.extra.practice === "1" && !ctx.equation;
    root.classList.toggle("is-practice", practising);
    root.classList.toggle("is-equation", ctx.equation);
    tabs.list.hidden = practising || ctx.equation;
    tabs.show(ctx.equation ? "solve" : practising ? "verify" : ctx.state.tabs.answer ?? "derivation");
    await Promise.all([top.refresh(ctx), parts[tabs.chosen].refresh(ctx)]);
    if (turn !== serial || ctx.equation || tabs.chosen === "derivation") return;
    idle(() => {
      if (turn === serial) parts.derivation.refresh(current());
    });
  }

  const label = (button, d, text) => button.replaceChildren(icon(d), h("span", null, text));
  function relabel() {
    if (!inspection) title.textContent = t("answer.title");
    label(practice, icons.eye, t("answer.practice"));
    practice.title = t("answer.practice.title");
    label(printer, icons.print, t("answer.print"));
    label(shower, icons.eye, t("answer.show"));
    hiddenText.textContent = t("answer.hidden");
    empty.textContent = t("answer.empty");
    tabs.relabel(t("answer.tabs"));
    if (inspection) refresh();
  }

  relabel();
  root.classList.add("is-empty");
  return {
    relabel,
    update(_, understood) {
      root.classList.toggle("is-old", understood === null && inspection !== null);
      if (understood === null) return;
      inspection = understood;
      root.classList.remove("is-empty");
      refresh();
    },
  };
}
