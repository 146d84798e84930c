// The words of the answer's side, in both languages; i18n.js joins them with its own.
// One key a line, the same keys in both, each beginning with "answer.".

export const en = {
  "answer.title": "Derivative",
};

export const zh = {
  "answer.title": "导数",
};
