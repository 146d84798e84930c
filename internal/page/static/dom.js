// Small tools for the page's elements.

/**
 * An element: h("button", {type: "button", "aria-label": "Close", onclick}, "×"). Attributes
 * that are undefined or false are left out, true is an empty one; on… are listeners, one of a
 * kind. A listener of an element that morph may keep uses event.currentTarget.
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
    if (key.startsWith("on")) listen(e, key.slice(2), value);
    else e.setAttribute(key, value === true ? "" : String(value));
  }
  for (const c of children) if (c !== null && c !== undefined) e.append(c);
  return e;
}

/** @type {WeakMap<Element, Record<string, (event: any) => void>>} */
const listeners = new WeakMap();

/** @param {Element} e @param {string} type @param {(event: any) => void} f */
function listen(e, type, f) {
  const all = listeners.get(e) ?? {};
  listeners.set(e, all);
  if (!all[type]) e.addEventListener(type, (event) => all[type](event));
  all[type] = f;
}

/**
 * Makes the children of an element those given, and keeps the elements that are there where
 * they agree: with the focus, what is being typed, and the mouse button that is held.
 * Children agree by data-key, those without by their order and tag.
 * @param {Element} old
 * @param {(Node|string)[]} children
 */
export function morph(old, children) {
  const key = (/** @type {Node} */ n) => (n instanceof HTMLElement ? n.dataset.key : undefined);
  const left = [...old.childNodes];
  let at = 0;
  for (const child of children) {
    const fresh = typeof child === "string" ? document.createTextNode(child) : child;
    const i = left.findIndex((n) => n.nodeName === fresh.nodeName && key(n) === key(fresh));
    const kept = i < 0 ? fresh : left.splice(i, 1)[0];
    if (old.childNodes[at] !== kept) old.insertBefore(kept, old.childNodes[at] ?? null);
    at++;
    if (kept === fresh) continue;
    if (kept instanceof Element && fresh instanceof Element) agree(kept, fresh);
    else if (kept.nodeValue !== fresh.nodeValue) kept.nodeValue = fresh.nodeValue;
  }
  for (const n of left) /** @type {ChildNode} */ (n).remove();
}

/** Gives an element the attributes, listeners, children and choice of another. @param {Element} old @param {Element} fresh */
function agree(old, fresh) {
  const was = old.getAttribute("value");
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const [type, f] of Object.entries(listeners.get(fresh) ?? {})) listen(old, type, f);
  morph(old, [...fresh.childNodes]);
  if (old instanceof HTMLInputElement && fresh instanceof HTMLInputElement) {
    old.checked = fresh.checked;
    // What is being typed stays.
    if (old.type === "text" && (old !== document.activeElement || old.value === was)) old.value = fresh.value;
  } else if (old instanceof HTMLSelectElement && fresh instanceof HTMLSelectElement) {
    old.value = fresh.value;
  }
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
