// The editors: CodeMirror with the page's keys, problems underlined where they are.

import {
  Compartment, EditorState, EditorView, HighlightStyle, Prec, Transaction, acceptCompletion, autocompletion, bracketMatching, closeBrackets,
  closeBracketsKeymap, completionKeymap, completionStatus, defaultKeymap, history, historyKeymap, isolateHistory, keymap,
  moveCompletionSelection, placeholder, redo, setDiagnostics, syntaxHighlighting, tags, undo,
} from "./assets/codemirror/codemirror.min.js";
import { complete } from "./language.js";
import { h } from "./dom.js";
import { said } from "./i18n.js";

/** The classes of page.css for the kinds of tokens. */
const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.comment, class: "tok-comment" },
  { tag: tags.number, class: "tok-number" },
  { tag: tags.keyword, class: "tok-keyword" },
  { tag: tags.operator, class: "tok-operator" },
  { tag: [tags.bracket, tags.punctuation], class: "tok-bracket" },
  { tag: tags.function(tags.variableName), class: "tok-call" },
  { tag: tags.definition(tags.variableName), class: "tok-definition" },
]));

/**
 * A place in a text: lines from 1, columns from 1 in code points.
 * @param {any} doc @param {number} line @param {number} column
 */
function offset(doc, line, column) {
  if (line < 1) return 0;
  if (line > doc.lines) return doc.length;
  const l = doc.line(line);
  let at = 0;
  for (let i = 1; i < column && at < l.text.length; i++) at += /** @type {number} */ (l.text.codePointAt(at)) > 0xffff ? 2 : 1;
  return l.from + at;
}

/**
 * Types over a selection without the browser: it would give the new text the style of the old
 * as an inline style, which the page's policy forbids.
 * @param {InputEvent} event @param {any} view
 */
function overSelection(event, view) {
  const { main } = view.state.selection;
  if (event.inputType !== "insertText" || event.data === null || main.empty || view.composing) return false;
  const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  const handled = view.state.facet(EditorView.inputHandler).some((/** @type {any} */ f) => f(view, main.from, main.to, event.data, insert));
  if (!handled) view.dispatch(insert());
  event.preventDefault();
  return true;
}

export class Editor {
  /**
   * @param {HTMLElement} parent
   * @param {object} options
   * @param {any} options.language
   * @param {string} options.id  of the text box
   * @param {string} [options.describedby]  ids of what describes it
   * @param {boolean} [options.completes]
   * @param {(text: string, user: boolean) => void} options.onChange  user: not by set
   * @param {(text: string, from: number, to: number) => void} [options.onPaste]  after a text was pasted, with
   *   the range that it has now
   * @param {(event: string) => void} [options.onUndo]  after an undo or redo
   * @param {() => void} options.onSubmit  Ctrl-Enter
   */
  constructor(parent, { language, id, describedby, completes = false, onChange, onPaste, onUndo, onSubmit }) {
    this.labels = new Compartment();
    this.invalid = new Compartment();
    this.wrong = false;
    this.id = id;
    this.describedby = describedby;
    this.quiet = false;
    const submit = () => { onSubmit(); return true; };
    // Tab leaves the editor, unless a completion is offered.
    const take = (/** @type {any} */ view) => {
      if (completionStatus(view.state) !== "active") return false;
      return acceptCompletion(view) || (moveCompletionSelection(true)(view) && acceptCompletion(view));
    };
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: submit }, { key: "Tab", run: take }])),
          history(), language, colours, bracketMatching(), closeBrackets(), EditorView.lineWrapping,
          completes ? autocompletion({ override: [complete], selectOnOpen: false, icons: false }) : [],
          EditorView.domEventHandlers({ beforeinput: overSelection }),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          this.labels.of([]), this.invalid.of([]),
          EditorView.updateListener.of((/** @type {any} */ update) => {
            if (!update.docChanged) return;
            onChange(this.text, !this.quiet);
            for (const tr of update.transactions) {
              if (tr.isUserEvent("input.paste") && onPaste) {
                tr.changes.iterChanges((/** @type {number} */ _a, /** @type {number} */ _b, /** @type {number} */ from, /** @type {number} */ to, /** @type {any} */ inserted) => {
                  onPaste(inserted.toString(), from, to);
                });
              }
              if ((tr.isUserEvent("undo") || tr.isUserEvent("redo")) && onUndo) onUndo(tr.isUserEvent("undo") ? "undo" : "redo");
            }
          }),
        ],
      }),
    });
  }

  get text() { return this.view.state.doc.toString(); }

  /**
   * Replaces the text, or a range of it, as one step that can be undone.
   * @param {string} insert
   * @param {{from?: number, to?: number, keep?: boolean}} [options]  keep: false if it cannot be undone
   */
  set(insert, { from = 0, to = this.view.state.doc.length, keep = true } = {}) {
    if (this.view.state.sliceDoc(from, to) === insert) return;
    this.quiet = true;
    try {
      this.view.dispatch({
        changes: { from, to, insert },
        annotations: [isolateHistory.of("full"), Transaction.addToHistory.of(keep)],
      });
    } finally {
      this.quiet = false;
    }
  }

  /** Types text in place of what is selected. @param {string} text */
  type(text) {
    this.view.dispatch(this.view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    this.view.focus();
  }

  /** @param {string} label @param {string} hint  what stands in an empty editor */
  describe(label, hint) {
    /** @type {Record<string, string>} */
    const attributes = { id: this.id, "aria-label": label, spellcheck: "false", autocapitalize: "off", autocorrect: "off", translate: "no" };
    if (this.describedby) attributes["aria-describedby"] = this.describedby;
    this.view.dispatch({ effects: this.labels.reconfigure([EditorView.contentAttributes.of(attributes), placeholder(hint)]) });
  }

  /**
   * Underlines problems; none removes all.
   * @param {import("./transport.js").Problem[]} problems
   */
  underline(problems) {
    const { doc } = this.view.state;
    const marks = problems.filter((p) => p.line).map((p) => {
      const from = offset(doc, p.line ?? 1, p.column ?? 1);
      const to = Math.max(from, offset(doc, p.end_line ?? p.line ?? 1, p.end_column ?? p.column ?? 1));
      return { from, to, severity: "error", message: said(p, "message"), renderMessage: () => explain(p) };
    });
    this.view.dispatch(setDiagnostics(this.view.state, marks));
    const wrong = problems.length > 0;
    if (wrong === this.wrong) return;
    this.wrong = wrong;
    this.view.dispatch({ effects: this.invalid.reconfigure(wrong ? EditorView.contentAttributes.of({ "aria-invalid": "true" }) : []) });
  }

  /** Moves the cursor to a problem. @param {import("./transport.js").Problem} p */
  goTo(p) {
    const anchor = offset(this.view.state.doc, p.line ?? 1, p.column ?? 1);
    this.view.dispatch({ selection: { anchor }, scrollIntoView: true });
    this.view.focus();
  }

  focus() { this.view.focus(); }
  undo() { undo(this.view); }
  redo() { redo(this.view); }
}

/**
 * A problem in words, with its hint and notes.
 * @param {import("./transport.js").Problem} p
 * @returns {HTMLElement}
 */
export function explain(p) {
  return h("div", { class: "problem" },
    h("div", {}, said(p, "message")),
    ...(said(p, "notes") ?? []).map((/** @type {string} */ n) => h("div", { class: "problem-note" }, n)),
    p.hint ? h("div", { class: "problem-hint" }, said(p, "hint")) : null);
}
