// What the page uses of CodeMirror; rebuild.sh bundles it into codemirror.min.js.
export { Annotation, Compartment, EditorState, Prec, StateEffect, StateField, Transaction } from "@codemirror/state";
export { Decoration, EditorView, keymap, placeholder, tooltips } from "@codemirror/view";
export { defaultKeymap, history, historyKeymap, isolateHistory, redo, undo } from "@codemirror/commands";
export { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting, syntaxTree } from "@codemirror/language";
export { forEachDiagnostic, nextDiagnostic, previousDiagnostic, setDiagnostics } from "@codemirror/lint";
export { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, completionStatus, insertCompletionText, moveCompletionSelection } from "@codemirror/autocomplete";
export { tags } from "@lezer/highlight";
