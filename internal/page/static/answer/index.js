// The answer's side of the page: everything in #answer.

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

import { isAbort } from "../transport.js";
import { request } from "../state.js";

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @returns {Answer}
 */
export function mountAnswer(root, page) {
  const title = document.createElement("h2");
  const list = document.createElement("div");
  root.replaceChildren(title, list);
  const answer = {
    relabel() { title.textContent = page.t("answer.title"); },
    async update(/** @type {import("../state.js").State} */ state, /** @type {import("../state.js").Inspection|null} */ inspection) {
      root.classList.toggle("stale", inspection === null);
      if (inspection === null) return;
      try {
        const result = await page.call("diff", request(state, inspection));
        list.replaceChildren(...result.derivatives.map((/** @type {any} */ d) => {
          const line = document.createElement("div");
          line.className = "formula";
          page.tex(line, `${d.symbol_latex ?? d.symbol} = ${d.latex}`, { display: true });
          return line;
        }));
      } catch (e) {
        if (isAbort(e)) return;
        list.textContent = /** @type {Error} */ (e).message;
      }
    },
  };
  answer.relabel();
  return answer;
}
