// Small tools for the page's elements.

/**
 * An element: h("button", {type: "button", "aria-label": "Close", onclick}, "×"). Attributes
 * that are undefined or false are left out, true is an empty one; on… are listeners.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else e.setAttribute(key, value === true ? "" : String(value));
  }
  for (const c of children) if (c !== null && c !== undefined) e.append(c);
  return e;
}

/**
 * The element of that id, which index.html has.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const e = document.getElementById(id);
  if (!e) throw new Error(`no element ${id}`);
  return e;
}

/**
 * Sets a formula into an element, with MathML for screen readers. LaTeX that KaTeX refuses is
 * shown as it is.
 * @param {Element} element
 * @param {string} latex
 * @param {{display?: boolean}} [options]
 */
export function tex(element, latex, { display = false } = {}) {
  try {
    /** @type {any} */ (globalThis).katex.render(latex, element, {
      displayMode: display, output: "htmlAndMathml", throwOnError: true, strict: "ignore", trust: false, maxExpand: 10_000, maxSize: 50,
    });
  } catch {
    element.replaceChildren(h("code", {}, latex));
  }
}

/**
 * Calls f after `wait` milliseconds without a further call.
 * @template {any[]} A
 * @param {(...args: A) => void} f
 * @param {number} wait
 * @returns {((...args: A) => void) & {cancel: () => void}}
 */
export function debounce(f, wait) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const later = (/** @type {A} */ ...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => f(...args), wait);
  };
  return Object.assign(later, { cancel: () => clearTimeout(timer) });
}

/** localStorage that may be missing or full; then nothing is kept. */
export const storage = {
  /** @param {string} key @returns {string|null} */
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  /** @param {string} key @param {string} value @returns {boolean} */
  set(key, value) { try { localStorage.setItem(key, value); return true; } catch { return false; } },
  /** @param {string} key */
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};

/**
 * Arrow keys, Home and End move among the items of a group of which one is in the tab order.
 * @param {HTMLElement} group
 * @param {() => HTMLElement[]} items
 */
export function roving(group, items) {
  group.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0) return;
    /** @type {Record<string, number>} */
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    if (!(event.key in to)) return;
    event.preventDefault();
    all[(to[event.key] + all.length) % all.length].focus();
  });
}
