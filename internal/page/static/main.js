// The page: joins the input side, the answer side and the engine.
//
// A change of the input is looked at by the engine at once ("inspect"): it gives the formula,
// the variables and the problems. If there is none, the answer's side is told a moment later.
// The state is what the link in the address holds; whatever changes it goes through change().

import { mountAnswer } from "./answer/index.js";
import { declarations, declaredNames, parse, redeclare, withSize } from "./declare.js";
import { Examples, Help, History, stateOf } from "./dialogs.js";
import { byId, debounce, h, roving, tex } from "./dom.js";
import { Editor } from "./editor.js";
import { lang, said, t, translate } from "./i18n.js";
import { latex, looksLikeLatex, palette, program, setOperators } from "./language.js";
import { Options } from "./options.js";
import { Preview } from "./preview.js";
import { Problems, all } from "./problems.js";
import { announce, copy, switches, toClipboard, toast } from "./shell.js";
import { chosen, decode, effective, encode, initial, longest } from "./state.js";
import { CallError, chooseTransport, isAbort, newest } from "./transport.js";
import { Variables } from "./variables.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Inspection} Inspection */

/** Milliseconds from a change to the question what it means, and from there to the answer. */
const inspectAfter = 30, answerAfter = 200;
/** Milliseconds after which a problem is listed, and what is shown is marked as earlier. */
const tellAfter = 450;
/** Milliseconds after which an answer that stands is kept in the history. */
const keepAfter = 3000;
/** What a first visitor sees. */
const welcome = "norm2(X*w - y)^2";

const transport = chooseTransport();
const ask = newest(transport);

/** @type {State} */
let state = { ...initial };
/** What the state means; null while it has a problem. @type {Inspection|null} */
let inspection = null;
/** Whether the state has a problem; undefined until the engine has said so. @type {boolean|undefined} */
let problem;
/** Whether the input has changed since the engine said what it means. */
let unread = false;
/** How much of the answer is on its way, what waits for the end of typing included. */
let awaited = 0;
/** Whether an answer waits for the end of typing. */
let waiting = false;
/** @type {Set<string>} variables with a problem in their declaration */
let wrong = new Set();

/** Says for styles and tests how far the page is. */
function status() {
  document.body.dataset.state = problem === undefined ? "starting" : unread ? "working" : problem ? "problem" : awaited > 0 || waiting ? "working" : "ready";
}

/** Asks the engine for a part of the answer. @type {import("./transport.js").Caller} */
async function call(method, body, options) {
  awaited++;
  status();
  try {
    return await ask(method, body, options);
  } finally {
    // Once it is drawn.
    setTimeout(() => {
      awaited--;
      status();
    });
  }
}

translate();

// The parts.

const editor = new Editor(byId("editor"), {
  language: program, id: "editor-text", describedby: "problems", completes: true,
  onChange(text, user) {
    if (user) edited({ text, notation: "language" });
  },
  onPaste: pasted,
  onUndo() {
    // Undoing what LaTeX was read as leads to the LaTeX that was pasted.
    if (state.latex && editor.text.trim() === state.latex.trim()) {
      edited({ text: editor.text, notation: "language", latex: "" });
      showLatex();
    }
  },
  onSubmit: run,
});

const latexEditor = new Editor(byId("latex-editor"), {
  language: latex, id: "latex-text", describedby: "problems",
  onChange(text, user) {
    if (user) edited({ latex: text, notation: "latex" });
  },
  onSubmit: run,
});

const preview = new Preview(byId("preview"));
const problems = new Problems(byId("problems"), {
  goTo: (p) => (state.notation === "latex" ? latexEditor : editor).goTo(p),
  retry: inspectNow,
  readLatex: () => readAsLatex(editor.text),
  reset: () => change({ vars: {} }),
});
const variables = new Variables(byId("variables-body"), { declare, by: (wrt) => change({ wrt }) });
const options = new Options(byId("options-body"), change);
const examples = new Examples(() => ask("examples", {}), load);
const past = new History(load, announce);
const help = new Help(transport.info);
const answer = mountAnswer(byId("answer"), {
  call, t, lang, announce, tex, copy,
  getState: () => state,
  setState: change,
});

// What happens when something changes.

const inspectSoon = debounce(inspectNow, inspectAfter);
const answerSoon = debounce(answerNow, answerAfter);
const keepSoon = debounce(keep, keepAfter);
const tellSoon = debounce((/** @type {() => void} */ tell) => tell(), tellAfter);
const linkSoon = debounce(linkNow, 300);

/** Puts the input into the address. */
async function linkNow() {
  linkSoon.cancel();
  history.replaceState(null, "", await address(state));
}

/** The address of the page with an input. @param {State} s */
const address = async (s) => (s.text === "" && s.latex === "" ? location.pathname + location.search : `#${await encode(s)}`);

/** Whether the last change was typed: then more is to come, and the answer waits a little. */
let typing = false;

/** Text was typed. @param {Partial<State>} part */
function edited(part) {
  performance.mark("nabla:key");
  change(part);
  typing = true;
}

/** Merges a change into the state and does what follows from it. @param {Partial<State>} part */
function change(part) {
  const before = state;
  state = { ...state, ...part };
  typing = false;
  const differs = (/** @type {(keyof State)[]} */ ...keys) => keys.some((k) => JSON.stringify(before[k]) !== JSON.stringify(state[k]));
  linkSoon();
  if (differs("notation", "latex")) showLatex();
  if (differs("text", "latex", "notation", "vars")) {
    unread = true;
    status();
    inspectSoon();
    return;
  }
  showChoices();
  if (differs("wrt", "order", "mixed", "layout", "vec", "structured", "lang", "style", "detail", "shapes")) answerNow();
}

/** Shows a whole other input; the browser's "back" leads to the one before. @param {State} to */
async function load(to) {
  const next = { ...initial, ...withPreferences(to) };
  await linkNow();
  history.pushState(null, "", await address(next));
  show(next);
  // On a phone the focus would open the keyboard over the answer.
  if (matchMedia("(hover: hover)").matches) editor.focus();
}

/** An input with what is no part of it, but of how it is looked at, as it is now. @param {State} to @returns {Partial<State>} */
function withPreferences(to) {
  const { style, detail, shapes, lang, tabs } = state;
  const extra = Object.fromEntries(Object.entries(state.extra).filter(([k]) => !["claim", "verify", "subject", "sizes", "name"].includes(k)));
  return { style, detail, shapes, lang, tabs, ...changed(to), extra: { ...extra, ...to.extra } };
}

/** The fields of a state that are not as at first. @param {State} s @returns {Partial<State>} */
const changed = (s) => Object.fromEntries(Object.entries(s).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(/** @type {any} */ (initial)[k])));

/** @param {Partial<State>} to */
function show(to) {
  state = { ...initial, ...to };
  typing = false;
  unread = true;
  status();
  inspection = null;
  editor.set(state.text);
  latexEditor.set(state.latex);
  showLatex();
  linkSoon();
  inspectNow();
}

async function inspectNow() {
  inspectSoon.cancel();
  tellSoon.cancel();
  const reading = state.notation === "latex";
  const text = reading ? state.latex : state.text;
  if (text.trim() === "") {
    ask("inspect", { expr: "" }).catch(() => {});
    return understood(null);
  }
  if (state.text.length + state.latex.length > longest) {
    failed();
    preview.stale();
    answer.update(state, null);
    problems.long(state.text.length + state.latex.length, longest);
    return;
  }
  const body = question(state);
  const vars = body.vars ?? {};
  const slow = problem === undefined ? setTimeout(() => problems.starting(), 400) : undefined;
  try {
    const result = await ask("inspect", body);
    if (reading && typeof result.program === "string") {
      state = { ...state, text: result.program };
      editor.set(result.program);
      linkSoon();
    }
    understood(result);
  } catch (e) {
    if (isAbort(e)) return;
    if (!(e instanceof CallError)) throw e;
    failed();
    const list = all(e.problem);
    wrong = new Set(list.flatMap((p) => (p.in ? [p.in] : [])));
    const inText = e.problem.code === "input" ? list.filter((p) => !p.in) : [];
    editor.underline(reading ? [] : inText);
    latexEditor.underline(reading ? inText : []);
    const show = () => problems.show(e.problem, { latex: !reading && looksLikeLatex(text), declared: Object.keys(vars) });
    const tell = () => {
      preview.stale();
      answer.update(state, null);
      show();
    };
    // While a text is being typed it mostly has a problem: it is underlined, and the page says so when nothing more
    // is typed.
    if (document.activeElement?.closest(".editor")) tellSoon(tell);
    else tell();
    showChoices();
  } finally {
    clearTimeout(slow);
  }
}

/** What "inspect" is asked for a state. @param {State} of @returns {{expr: string, from?: string, vars?: Record<string, string>}} */
function question(of) {
  const reading = of.notation === "latex";
  /** @type {ReturnType<typeof question>} */
  const body = { expr: reading ? of.latex : of.text };
  if (reading) body.from = "latex";
  // A program that LaTeX was read as declares nothing; it may have other names than the LaTeX.
  const vars = effective(of, last, reading ? `${of.latex}\n${last?.program ?? ""}` : of.text);
  if (Object.keys(vars).length > 0) body.vars = vars;
  return body;
}

/** The input has no problem; null: it is empty. @param {Inspection|null} result */
function understood(result) {
  inspection = result;
  wrong = new Set();
  problems.clear();
  editor.underline([]);
  latexEditor.underline([]);
  preview.show(result);
  showNotes(result);
  showLatex();
  last = result;
  showChoices();
  measure("nabla:preview");
  problem = unread = false;
  waiting = result !== null && typing;
  status();
  if (result && typing) answerSoon();
  else if (result) answerNow();
  else answer.update(state, null);
}

/** The last input without a problem, whose variables stay on the page meanwhile. @type {Inspection|null} */
let last = null;

function failed() {
  inspection = null;
  problem = true;
  unread = waiting = false;
  status();
  answerSoon.cancel();
  keepSoon.cancel();
  showNotes([]);
}

function answerNow() {
  answerSoon.cancel();
  waiting = false;
  if (inspection) answer.update(state, inspection);
  status();
  if (!inspection) return;
  measure("nabla:answer");
  if (state.text !== welcome) keepSoon();
}

function keep() {
  keepSoon.cancel();
  if (!inspection) return;
  // Declarations of names that are gone for good would surprise when one is used again.
  state = { ...state, vars: effective(state, inspection) };
  past.add(state, inspection.expression.text);
}

/** Derive at once: Ctrl-Enter or the button. */
async function run() {
  await inspectNow();
  if (!inspection) return;
  answerNow();
  keep();
}

/** Measures from the last key to now. @param {string} name */
function measure(name) {
  if (performance.getEntriesByName("nabla:key").length > 0) performance.measure(name, "nabla:key");
  if (name === "nabla:answer") performance.clearMarks("nabla:key");
}

function showChoices() {
  const shown = inspection ?? asDeclared(last);
  const by = shown ? chosen(state, shown) : [];
  variables.show(shown, state, by, wrong);
  options.show(state, by);
  byId("choices-summary").textContent = by.length === 0 ? t("choices.summary.none") : t("choices.summary", {
    names: by.join(", "), order: t(`choices.order.${state.mixed ? "mixed" : state.order}`), layout: t(`choices.layout.${state.layout}`),
  });
}

/**
 * What to show of the variables while the input has a problem: those of before, as they are declared now.
 * @param {Inspection|null} before
 * @returns {Inspection|null}
 */
function asDeclared(before) {
  const declared = Object.entries(question(state).vars ?? {}).flatMap(([name, decl]) => {
    const type = parse(decl);
    return type ? [/** @type {import("./state.js").Variable} */ ({ name, decl, ...type })] : [];
  });
  if (declared.length === 0) return before;
  const base = before ?? { expression: { text: "", latex: "", language: "", shape: "" }, definitions: [], variables: [], wrt: [] };
  const old = base.variables.map((v) => declared.find((d) => d.name === v.name) ?? v);
  return { ...base, variables: [...old, ...declared.filter((d) => !old.includes(d))] };
}

/** @param {Inspection|null} result */
function showNotes(result) {
  /** @type {string[]} */
  const notes = (result && said(result, "notes")) ?? [];
  const reading = state.notation === "latex";
  byId("latex-notes").replaceChildren(...(reading ? notes : []).map((n) => h("li", {}, n)));
  byId("notes").replaceChildren(...(reading ? [] : notes).map((n) => h("li", {}, n)));
}

// Declarations.

/** @param {string} name @param {string|null} decl @param {{from: string, to: string}} [size] */
async function declare(name, decl, size) {
  const { [name]: _old, ...others } = state.vars;
  if (decl === null) return change({ vars: others });
  announce(t("vars.changed", { name, decl }));
  if (declaredNames(state.text).has(name.replace(/\[.*/, ""))) {
    const edit = redeclare(state.text, name, decl);
    if (edit) {
      editor.set(edit.insert, edit);
      edited({ text: editor.text, notation: "language" });
    }
    return;
  }
  const alone = { ...others, [name]: decl };
  change({ vars: alone });
  if (!size) return;
  // A size belongs to several variables mostly: where the change does not fit alone, it is made in all that were
  // declared by clicking.
  const together = Object.fromEntries(Object.entries(alone).map(([n, d]) => [n, n === name ? d : withSize(d, size.from, size.to)]));
  const fits = async (/** @type {Record<string, string>} */ vars) => ask("inspect", question({ ...state, vars }), { kind: "try" }).then(() => true, () => false);
  if (JSON.stringify(together) !== JSON.stringify(alone) && !(await fits(alone)) && (await fits(together)) && state.vars === alone) change({ vars: together });
}

// LaTeX.

function showLatex() {
  const reading = state.notation === "latex";
  byId("latex").hidden = !reading && state.latex === "";
  for (const box of document.querySelectorAll("input[name=notation]")) {
    const radio = /** @type {HTMLInputElement} */ (box);
    radio.checked = radio.value === state.notation;
  }
  byId("latex-reading").textContent = t(reading ? "latex.reads" : "latex.edited");
  byId("latex-reread").hidden = reading;
  byId("latex-undo").hidden = !undoable || undoable.latex !== state.latex;
  byId("latex").classList.toggle("old", !reading);
}

/** What was pasted, while "Undo" brings it back. @type {{latex: string}|null} */
let undoable = null;

/** @param {string} text @param {number} from @param {number} to */
function pasted(text, from, to) {
  if (!looksLikeLatex(text)) return;
  // A change from within a change of the editor has to wait.
  if (editor.text.trim() === text.trim()) queueMicrotask(() => readAsLatex(text));
  else queueMicrotask(() => readFragment(text, from, to));
}

/** Takes a text as LaTeX: it moves above, and the program that it is stands in the editor. @param {string} text */
function readAsLatex(text) {
  undoable = { latex: text };
  latexEditor.set(text);
  announce(t("latex.pasted"));
  edited({ latex: text, notation: "latex" });
}

/** Turns LaTeX that was pasted into a program into the language. @param {string} text @param {number} from @param {number} to */
async function readFragment(text, from, to) {
  try {
    const result = await ask("inspect", { expr: text, from: "latex" }, { kind: "fragment" });
    if (editor.view.state.sliceDoc(from, to) !== text) return;
    const { language } = result.expression;
    editor.set(/[-+\s]/.test(language) ? `(${language})` : language, { from, to });
    edited({ text: editor.text, notation: "language" });
    toast(t("latex.fragment"));
  } catch (e) {
    // It stays as it was pasted, with the problems that it has.
    if (!isAbort(e) && !(e instanceof CallError)) throw e;
  }
}

for (const box of document.querySelectorAll("input[name=notation]")) {
  box.addEventListener("change", () => {
    const to = /** @type {HTMLInputElement} */ (box).value;
    if (to === "language") {
      change({ notation: "language", latex: "" });
      latexEditor.set("");
      editor.focus();
      return;
    }
    const known = state.latex || (inspection && inspection.definitions.length === 0 ? inspection.expression.latex : "");
    undoable = null;
    // What the text declares is declared by clicking from now on: LaTeX has no declarations.
    const vars = { ...state.vars };
    for (const d of declarations(state.text)) for (const n of d.names) vars[state.text.slice(n.from, n.to)] = d.type;
    latexEditor.set(known);
    change({ notation: "latex", latex: known, vars });
    latexEditor.focus();
  });
}
byId("latex-reread").addEventListener("click", () => change({ notation: "latex" }));
byId("latex-undo").addEventListener("click", () => {
  const text = undoable?.latex ?? "";
  undoable = null;
  editor.set(text);
  latexEditor.set("");
  change({ text, notation: "language", latex: "" });
  editor.focus();
});
byId("latex-close").addEventListener("click", () => {
  latexEditor.set("");
  change({ notation: "language", latex: "" });
  editor.focus();
});

// The shell.

function relabel() {
  translate();
  describe();
  preview.relabel();
  problems.relabel();
  variables.again();
  showChoices();
  showNotes(inspection);
  showLatex();
  answer.relabel();
}

function describe() {
  editor.describe(t("editor.label"), state.notation === "latex" ? t("editor.hint.latex") : t("editor.hint"));
  latexEditor.describe(t("latex.label"), t("latex.hint"));
  const words = new Set(["square", "top", "inv", "norm", "odot", "otimes", "sum", "sqrt"]);
  byId("palette").replaceChildren(...palette.map(([character, name, before], i) => {
    const label = words.has(name) ? t(`palette.${name}`) : name;
    return h("button", {
      type: "button", tabindex: i === 0 ? "0" : "-1", title: `${label}  \\${name}`, "aria-label": `${before ?? ""}${character}: ${t("palette.type", { character: label })}`, "data-symbol": character,
      onclick: () => editor.type(character),
    }, before ? h("span", { class: "base", "aria-hidden": "true" }, before) : null, character);
  }));
}

const paletteButtons = () => /** @type {HTMLElement[]} */ ([...byId("palette").querySelectorAll("button")]);
roving(byId("palette"), paletteButtons);
byId("palette").addEventListener("focusin", (/** @type {FocusEvent} */ e) => {
  for (const b of paletteButtons()) b.tabIndex = b === e.target ? 0 : -1;
});

byId("skip").addEventListener("click", (/** @type {Event} */ e) => {
  // The fragment of the address is the input's.
  e.preventDefault();
  editor.focus();
});
byId("run").addEventListener("click", run);
byId("open-examples").addEventListener("click", () => examples.open());
byId("open-history").addEventListener("click", () => past.open());
byId("open-help").addEventListener("click", () => help.open());
byId("copy-link").addEventListener("click", async () => {
  if (state.text === "" && state.latex === "") return toast(t("link.empty"));
  const url = new URL(location.href);
  url.hash = await encode(state);
  history.replaceState(null, "", url);
  toast(t((await toClipboard(url.href)) ? "link.copied" : "copy.failed"));
});
document.addEventListener("keydown", (e) => {
  const inText = e.target instanceof Element && e.target.closest("input, select, textarea, [contenteditable]");
  /** @type {Record<string, () => void>} */
  const alt = { KeyE: () => editor.focus(), KeyX: () => examples.open(), KeyH: () => past.open() };
  if (e.altKey && !e.ctrlKey && !e.metaKey && alt[e.code]) {
    e.preventDefault();
    alt[e.code]();
  } else if (e.key === "?" && !inText) {
    e.preventDefault();
    help.open();
  }
});
window.addEventListener("hashchange", open);

/** Shows what the address holds. @returns {Promise<boolean>} whether it holds anything */
async function open() {
  linkSoon.cancel();
  const name = /^#example=([\w-]+)$/.exec(location.hash)?.[1];
  if (name) {
    const example = await examples.find(name).catch(() => undefined);
    if (example) show(withPreferences(stateOf(example)));
    else toast(t("link.example", { name }));
    return example !== undefined;
  }
  const link = await decode(location.hash);
  if ("state" in link) {
    show(link.state);
    return true;
  }
  if (link.problem === "empty") return false;
  toast(t(`link.${link.problem}`));
  return false;
}

// In two columns the choices are always there.
const columns = matchMedia("(min-width: 62rem)");
const openChoices = () => { byId("choices").open = columns.matches; };
columns.addEventListener("change", openChoices);
openChoices();

switches(relabel);
describe();
options.show(state, []);
if (!(await open())) {
  state = { ...state, text: welcome };
  editor.set(welcome, { keep: false });
  inspectNow();
}
ask("ops", {}).then((ops) => setOperators(ops.operators)).catch(() => { /* the editor works without */ });

// Every face of a formula's type is fetched before a formula needs it, since the network may
// be gone by then.
(globalThis.requestIdleCallback ?? ((/** @type {() => void} */ f) => setTimeout(f, 1000)))(() => {
  for (const face of document.fonts) face.load().catch(() => { /* another face stands in */ });
});
