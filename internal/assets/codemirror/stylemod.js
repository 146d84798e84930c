// Stands for the package style-mod in the bundle. The published one puts the editor's style
// into a <style> element, which a policy without inline style forbids; here each module is a
// constructed style sheet, which it allows.
import { StyleModule as Published } from "./node_modules/style-mod/src/style-mod.js";

const sheets = new WeakMap();

function sheetOf(module) {
  let sheet = sheets.get(module);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    sheets.set(module, sheet);
  }
  return sheet;
}

export class StyleModule extends Published {
  // Later modules take precedence over earlier ones, as in the published package.
  static mount(root, modules) {
    const wanted = (Array.isArray(modules) ? modules : [modules]).map(sheetOf);
    const old = root.adoptedStyleSheets;
    if (wanted.every((s, i) => old[old.length - wanted.length + i] === s)) return;
    root.adoptedStyleSheets = [...old.filter((s) => !wanted.includes(s)), ...wanted];
  }
}
