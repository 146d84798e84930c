// Tabs that are reached as one and walked with the arrow keys.

import { h, newId } from "./dom.js";

/**
 * @typedef {object} Tab
 * @property {string} id
 * @property {HTMLElement} [panel]  one for each tab, or one for all (see o.panel)
 */

/**
 * @param {object} o
 * @param {string} o.name  of the list, for ids and tests
 * @param {Tab[]} o.tabs
 * @param {(id: string) => string} o.label
 * @param {string} o.chosen
 * @param {(id: string) => void} o.choose  called after the user chose another tab
 * @param {HTMLElement} [o.panel]  the panel of all tabs
 * @param {string} [o.class]
 */
export function tabList(o) {
  const stem = newId(o.name);
  const list = h("div", { class: "a-tabs " + (o.class ?? ""), role: "tablist", testid: `${o.name}-tabs` });
  /** @type {Map<string, HTMLElement>} */
  const buttons = new Map();
  for (const tab of o.tabs) {
    const panel = tab.panel ?? o.panel;
    const button = h("button", { type: "button", role: "tab", id: `${stem}-${tab.id}`, testid: `${o.name}-tab-${tab.id}` });
    button.addEventListener("click", () => choose(tab.id, false));
    buttons.set(tab.id, button);
    list.append(button);
    if (panel) {
      panel.id ||= `${stem}-panel-${tab.panel ? tab.id : "all"}`;
      button.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      if (tab.panel) {
        panel.setAttribute("aria-labelledby", button.id);
        panel.dataset.tab = tab.id;
      }
    }
  }
  let chosen = "";

  function show(id) {
    if (!buttons.has(id)) id = o.tabs[0].id;
    chosen = id;
    for (const tab of o.tabs) {
      const button = /** @type {HTMLElement} */ (buttons.get(tab.id));
      const on = tab.id === id;
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
      if (tab.panel) tab.panel.hidden = !on;
      if (on) o.panel?.setAttribute("aria-labelledby", button.id);
    }
  }

  function choose(id, focus) {
    if (focus) buttons.get(id)?.focus();
    if (id === chosen) return;
    show(id);
    reveal();
    o.choose(id);
  }

  function reveal(behavior = /** @type {ScrollBehavior} */ ("smooth")) {
    const b = /** @type {HTMLElement} */ (buttons.get(chosen));
    if (list.scrollWidth > list.clientWidth) list.scrollTo({ left: b.offsetLeft - list.clientWidth / 2 + b.offsetWidth / 2, behavior });
  }

  list.addEventListener("keydown", (e) => {
    const ids = o.tabs.map((tab) => tab.id).filter((id) => !buttons.get(id)?.hidden);
    const at = ids.indexOf(chosen);
    const to = { ArrowRight: (at + 1) % ids.length, ArrowLeft: (at - 1 + ids.length) % ids.length, Home: 0, End: ids.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    choose(ids[to], true);
  });

  // Labels beyond the edge fade out.
  const fade = () => list.classList.toggle("has-more", list.scrollLeft + list.clientWidth < list.scrollWidth - 2);
  list.addEventListener("scroll", fade, { passive: true });
  new ResizeObserver(() => {
    reveal("instant");
    fade();
  }).observe(list);

  show(o.chosen);
  return {
    list,
    get chosen() { return chosen; },
    show,
    /** Writes the labels in the page's language. @param {string} name of the list */
    relabel(name) {
      list.setAttribute("aria-label", name);
      for (const [id, b] of buttons) {
        b.textContent = o.label(id);
        b.dataset.label = o.label(id); // keeps its width when it becomes bold
      }
    },
  };
}
