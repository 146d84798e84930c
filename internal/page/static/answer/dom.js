// Small helpers to build the document: elements from text and attributes, never from
// markup.

/**
 * Creates an element. Attributes that are null, undefined or false are left out; names
 * that start with "on" are listeners.
 * @param {string} tag
 * @param {Record<string, any> | null} [attrs]
 * @param {...any} children nodes and texts; lists are flattened, null and false skipped
 * @returns {HTMLElement & Record<string, any>}
 */
export function h(tag, attrs, ...children) {
  const e = document.createElement(tag);
  fill(e, attrs, children);
  return /** @type {any} */ (e);
}

/**
 * Creates an element of SVG.
 * @param {string} tag
 * @param {Record<string, any> | null} [attrs]
 * @param {...any} children
 * @returns {any}
 */
export function svg(tag, attrs, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(e, attrs, children);
  return e;
}

function fill(e, attrs, children) {
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (name === "testid") e.setAttribute("data-testid", value);
    else e.setAttribute(name, value === true ? "" : String(value));
  }
  append(e, children);
}

/**
 * Appends nodes and texts.
 * @param {Element} e
 * @param {any} child
 */
export function append(e, child) {
  if (Array.isArray(child)) for (const c of child) append(e, c);
  else if (child !== null && child !== undefined && child !== false) e.append(child);
}

let last = 0;

/** A new id for an element. @param {string} stem */
export function newId(stem) {
  last++;
  return `${stem}-${last}`;
}

/** An icon from a path on a grid of 16. @param {string} d */
export function icon(d) {
  return svg("svg", { class: "a-icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, svg("path", { d }));
}

/** The icons of the answer. */
export const icons = {
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  down: "M4.5 6.5 8 10l3.5-3.5",
  download: "M8 2.5v8M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11",
  present: "M2 3h12v8H2zM8 11v2.5M5 13.5h6M6.8 5.3v3.4L9.8 7z",
  check: "M3 8.5 6.5 12 13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  prev: "M10 3.5 5.5 8l4.5 4.5",
  next: "M6 3.5 10.5 8 6 12.5",
  eye: "M1.5 8C3 5 5.3 3.5 8 3.5S13 5 14.5 8C13 11 10.7 12.5 8 12.5S3 11 1.5 8zM8 6.2a1.8 1.8 0 1 0 .01 0z",
  print: "M4.5 5.5v-3h7v3M4.5 11h-2V5.5h11V11h-2M4.5 9h7v4.5h-7z",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  full: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
};

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) reach(/** @type {HTMLElement} */ (target));
});

function reach(box) {
  if (box.hasAttribute("data-fit")) {
    box.style.removeProperty("--fit");
    const part = box.clientWidth / box.scrollWidth;
    if (part < 1) box.style.setProperty("--fit", String(Math.max(0.72, part * 0.98)));
  }
  const wide = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 2;
  if (wide) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
  box.classList.toggle("is-wide", box.scrollWidth > box.clientWidth + 1);
}

/**
 * A box that scrolls sideways if its content is too wide, and can then be reached by
 * the keyboard. With `fit` its type becomes smaller first, by a quarter at most.
 * @param {Record<string, any>} attrs
 * @param {...any} children
 */
export function scroller({ fit, ...attrs }, ...children) {
  const box = h("div", { ...attrs, "data-fit": fit, class: "a-scroll " + (attrs.class ?? "") }, ...children);
  return watched(box);
}

/** Makes a box that scrolls reachable by the keyboard while it does. @param {HTMLElement} box */
export function watched(box) {
  watcher.observe(box);
  return box;
}
