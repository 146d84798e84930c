// The answer as source code in each language.

import { append, h, icon, icons } from "./dom.js";
import { textField } from "./controls.js";
import { highlight } from "./highlight.js";
import { download } from "./menu.js";
import { errorBox, Pane } from "./pane.js";
import { tabList } from "./tabs.js";
import { isAbort } from "../transport.js";

/** What a function can return, for scalars and for what is no scalar. */
const parts = { scalar: ["value", "grad", "hess", "hvp"], other: ["value", "jac", "jacprod", "vjp"] };
const first = { scalar: ["value", "grad"], other: ["value", "jac"] };

/**
 * @param {(name: string, value: string) => void} setExtra
 * @param {(list: string, id: string) => void} setTab
 * @param {() => import("./pane.js").Context} current
 */
export function codeTab(setExtra, setTab, current) {
  const bar = h("div", { class: "a-bar", testid: "code-options" });
  const head = h("div", { class: "a-code-head" });
  const root = h("div", null, head, bar);
  /** @type {ReturnType<typeof tabList> | null} */
  let tabs = null;
  let built = "";

  const kind = (ctx) => (ctx.shape === "scalar" ? "scalar" : "other");
  const wanted = (ctx) => {
    const k = kind(ctx);
    const list = (ctx.state.extra[`what-${k}`] ?? "").split(",").filter((w) => parts[k].includes(w));
    return list.length ? list : first[k];
  };
  const sizes = (ctx) => {
    /** @type {Record<string, number>} */
    const out = {};
    for (const field of (ctx.state.extra.sizes ?? "").split(/[,，;\s]+/)) {
      const m = /^(\w+)=(\d{1,9})$/u.exec(field);
      if (m && names(ctx).includes(m[1])) out[m[1]] = Number(m[2]);
    }
    return out;
  };
  const names = (ctx) => [...new Set(ctx.inspection.variables.flatMap((v) => [...(v.sizes ?? []), (v.range ?? "").replace(/^.*\.\./, "")])
    .flatMap((s) => String(s).match(/\p{L}[\p{L}\p{N}_]*/gu) ?? []))];

  const pane = new Pane({
    id: "code",
    ask: (ctx) => {
      const { order, mixed, structured, ...rest } = ctx.request;
      const body = { ...rest, lang: tabs?.chosen ?? "numpy", what: wanted(ctx) };
      if (ctx.state.extra.name) body.name = ctx.state.extra.name;
      const n = sizes(ctx);
      if (Object.keys(n).length) body.sizes = n;
      return { method: "gen", body };
    },
    render: (data, ctx) => data.files.map((f) => file(f, ctx, data.files.length > 1)),
  });
  pane.root.classList.add("a-code");
  root.append(pane.root);

  function file(f, ctx, several) {
    const { t, page } = ctx;
    return h("figure", { class: "a-file", testid: "code-file", "data-name": f.name },
      h("figcaption", null, h("code", null, f.name), h("span", { class: "a-spring" }),
        h("button", { type: "button", class: "a-button is-quiet", testid: "code-copy", "aria-label": several ? t("answer.code.copy.file", { name: f.name }) : null,
          onclick: () => page.copy(f.source, f.name) }, icon(icons.copy), h("span", null, t("answer.code.copy"))),
        h("button", { type: "button", class: "a-button is-quiet", testid: "code-download", "aria-label": several ? t("answer.code.download.file", { name: f.name }) : null,
          onclick: () => download(f.name, f.source) }, icon(icons.download), h("span", null, t("answer.code.download")))),
      h("pre", { tabindex: "0", testid: "code-source", "aria-label": f.name }, h("code", null, highlight(f.source, tabs?.chosen ?? ""))));
  }

  function options(ctx) {
    const { t, state } = ctx;
    const k = kind(ctx);
    const key = JSON.stringify([ctx.lang, k, state.extra[`what-${k}`], state.extra.name, state.extra.sizes, names(ctx)]);
    if (built === key || (built && bar.contains(document.activeElement) && JSON.parse(built)[1] === k)) return;
    built = key;
    const chosen = new Set(wanted(ctx));
    const what = h("div", { class: "a-chips", role: "group", "aria-label": t("answer.code.what"), testid: "code-what" }, parts[k].map((w) => {
      const b = h("button", { type: "button", class: "a-chip", "aria-pressed": String(chosen.has(w)), title: t(`answer.code.what.${w}.title`), testid: `code-what-${w}` }, t(`answer.code.what.${w}`));
      b.addEventListener("click", () => {
        if (chosen.has(w) && chosen.size > 1) chosen.delete(w);
        else chosen.add(w);
        b.setAttribute("aria-pressed", String(chosen.has(w)));
        setExtra(`what-${k}`, parts[k].filter((p) => chosen.has(p)).join(","));
      });
      return b;
    }));
    const wasOpen = /** @type {HTMLDetailsElement | null} */ (bar.querySelector("details"))?.open;
    const known = sizes(ctx);
    const list = names(ctx);
    const more = h("details", { class: "a-more", testid: "code-more" }, h("summary", null, t("answer.code.more")), h("div", { class: "a-more-body" },
      textField({ name: "code-name", label: t("answer.code.name"), value: state.extra.name ?? "", placeholder: ctx.inspection.expression.symbol || "f", size: 10, set: (v) => setExtra("name", v) }),
      list.length > 0 && h("fieldset", { class: "a-sizes" }, h("legend", null, t("answer.code.sizes")), list.map((n) => textField({ name: `code-size-${n}`, label: `${n} =`, size: 5, mode: "numeric",
        value: known[n] ? String(known[n]) : "", set: (v) => {
          const all = { ...sizes(current()) };
          if (/^\d+$/.test(v) && Number(v) > 0) all[n] = Number(v);
          else delete all[n];
          setExtra("sizes", Object.entries(all).map(([a, b]) => `${a}=${b}`).join(","));
        } })), h("p", { class: "a-soft" }, t("answer.code.sizes.why")))));
    if (wasOpen || (wasOpen === undefined && (state.extra.name || Object.keys(known).length))) more.setAttribute("open", "");
    bar.replaceChildren();
    append(bar, [h("span", { class: "a-label" }, t("answer.code.what")), what, more]);
  }

  /** @param {import("./pane.js").Context} ctx */
  async function refresh(ctx) {
    if (!tabs) {
      let list;
      try {
        list = (await ctx.page.call("languages", {}, { kind: "" })).languages;
      } catch (e) {
        if (!isAbort(e)) pane.body.replaceChildren(errorBox(e, ctx, () => refresh(ctx)));
        return;
      }
      if (!tabs) {
        const titles = new Map(list.map((l) => [l.name, l.title]));
        tabs = tabList({ name: "code", class: "is-small", tabs: list.map((l) => ({ id: l.name })), panel: pane.root, label: (id) => titles.get(id) ?? id,
          chosen: ctx.state.tabs.code ?? "numpy", choose: (id) => {
            setTab("code", id);
            refresh(current());
          } });
        head.append(tabs.list);
      }
      ctx = current();
    }
    tabs.relabel(ctx.t("answer.code.languages"));
    if (ctx.state.tabs.code && ctx.state.tabs.code !== tabs.chosen) tabs.show(ctx.state.tabs.code);
    options(ctx);
    await pane.refresh(ctx);
  }
  return { root, pane, refresh };
}
