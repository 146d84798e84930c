// The derivation, with its options, its forms to take along, and the way to show it.

import { h, icon, icons } from "./dom.js";
import { select, segmented, textField, toggle } from "./controls.js";
import { download, menuButton } from "./menu.js";
import { nothing, Pane } from "./pane.js";
import { given, htmlLang, renderPaper, titleOf } from "./paperview.js";
import { present } from "./present.js";
import { isAbort } from "../transport.js";

/** @typedef {import("./pane.js").Context} Context */

/**
 * The request of a derivation.
 * @param {Context} ctx
 */
export function ask(ctx) {
  const { state } = ctx;
  const x = state.extra;
  const { structured, ...request } = ctx.request;
  /** @type {any} */
  const body = { ...request, style: state.style, detail: state.detail };
  if (state.shapes) body.shapes = true;
  if (x.as) body.as = x.as;
  if (x.expand) body.expand = true;
  if (x.entry) body.entry = x.entry.split(/[,，\s]+/).filter(Boolean);
  return { method: "derive", body };
}

/** Why there is no derivation of what is asked for, as a key of strings.js; "" where there is. @param {Context} ctx */
export const refused = (ctx) => (ctx.request.mixed ? "answer.derivation.mixed" : ctx.request.order > 2 ? "answer.derivation.order" : "");

/** How a derivation looks. @param {Context} ctx @returns {import("./paperview.js").Look} */
export const look = (ctx) => ({ lang: ctx.paperLang, shapes: ctx.state.shapes, figures: ctx.state.extra.figures === "1", t: ctx.t });

/**
 * @param {(name: string, value: string) => void} setExtra
 * @param {() => Context} current
 */
export function derivationTab(setExtra, current) {
  const bar = h("div", { class: "a-bar", testid: "derivation-options" });
  const printed = h("header", { class: "a-paper a-print-head", testid: "print-head" });
  let built = "";
  const pane = new Pane({
    id: "derivation",
    ask: (ctx) => (refused(ctx) ? null : ask(ctx)),
    looks: (ctx) => `${ctx.paperLang} ${ctx.state.extra.figures ?? ""}`,
    render: (data, ctx) => {
      if (!data) {
        printed.replaceChildren(h("h1", null, ctx.t("answer.print.title")));
        return nothing(ctx.t(refused(ctx)), "derivation-none");
      }
      printed.lang = htmlLang(ctx.paperLang);
      printed.replaceChildren(h("h1", null, titleOf(data.paper, ctx.paperLang)), ...(data.paper.given?.length ? [given(data.paper, look(ctx))] : []));
      return [ctx.request.structured && nothing(ctx.t("answer.derivation.structured")), renderPaper(data.paper, look(ctx))];
    },
  });

  /** @param {Context} ctx */
  function options(ctx) {
    const { t, page, state } = ctx;
    const x = state.extra;
    const key = JSON.stringify([ctx.lang, state.lang, state.style, state.detail, state.shapes, x.as, x.expand, x.entry, x.figures]);
    if (built === key || (built && bar.contains(document.activeElement) && JSON.parse(built)[0] === ctx.lang)) return;
    built = key;
    const flag = (name) => toggle({ name: `derivation-${name}`, label: t(`answer.derivation.${name}`), title: t(`answer.derivation.${name}.title`),
      value: x[name] === "1", set: (on) => setExtra(name, on ? "1" : "") });
    const wasOpen = /** @type {HTMLDetailsElement | null} */ (bar.querySelector("details"))?.open;
    const more = h("details", { class: "a-more", testid: "derivation-more" }, h("summary", null, t("answer.derivation.more")),
      h("div", { class: "a-more-body" },
        select({ name: "derivation-as", label: t("answer.derivation.as"), value: x.as ?? "", set: (v) => setExtra("as", v),
          options: [["", t("answer.derivation.as.written")], ["sum", t("answer.derivation.as.sum")], ["matrix", t("answer.derivation.as.matrix")]] }),
        textField({ name: "derivation-entry", label: t("answer.derivation.entry"), placeholder: "i, j", size: 6, value: x.entry ?? "", set: (v) => setExtra("entry", v) }),
        flag("expand"), flag("figures")));
    if (wasOpen || (wasOpen === undefined && (x.as || x.entry || x.expand))) more.setAttribute("open", "");
    bar.replaceChildren(
      segmented({ name: "derivation-lang", label: t("answer.derivation.lang"), value: ctx.paperLang, options: [["en", "English"], ["zh", "中文"]],
        set: (v) => page.setState({ lang: /** @type {any} */ (v === page.lang() ? "" : v) }) }),
      segmented({ name: "derivation-style", label: t("answer.derivation.style"), value: state.style,
        options: [["trace", t("answer.derivation.trace")], ["colon", t("answer.derivation.colon")]], set: (v) => page.setState({ style: /** @type {any} */ (v) }) }),
      segmented({ name: "derivation-detail", label: t("answer.derivation.detail"), value: state.detail,
        options: [["full", t("answer.derivation.full")], ["brief", t("answer.derivation.brief")]], set: (v) => page.setState({ detail: /** @type {any} */ (v) }) }),
      toggle({ name: "derivation-shapes", label: t("answer.derivation.shapes"), title: t("answer.derivation.shapes.title"), value: state.shapes, set: (on) => page.setState({ shapes: on }) }),
      more,
      h("span", { class: "a-group" }, h("button", { type: "button", class: "a-button is-quiet", title: t("answer.present.hint"), testid: "present-open",
        onclick: () => { if (pane.data) present(pane.data.paper, look(current())); } }, icon(icons.present), h("span", null, t("answer.present.open"))),
      menuButton(t("answer.copy"), () => documents(current()), { testid: "copy-derivation", class: "is-quiet", title: t("answer.copy.derivation") })));
  }

  return {
    root: h("div", null, bar, pane.root),
    /** What stands above the answer in print: the title, and what is given. */
    printed,
    pane,
    /** @param {Context} ctx */
    refresh(ctx) {
      options(ctx);
      return pane.refresh(ctx);
    },
  };
}

/**
 * The whole derivation as a document.
 * @param {Context} ctx
 * @returns {import("./menu.js").Item[]}
 */
function documents(ctx) {
  const { t, page } = ctx;
  const write = async (form) => {
    const { method, body } = ask(ctx);
    return (await page.call(method, { ...body, lang: ctx.paperLang, documents: [form] }, { kind: "documents" })).documents[form];
  };
  const run = (form, use) => async () => {
    try {
      await use(await write(form));
    } catch (e) {
      if (!isAbort(e)) page.announce(t("answer.copy.failed", { message: /** @type {Error} */ (e).message }));
    }
  };
  const item = (form) => {
    const label = t(`answer.copy.doc.${form}`);
    return { id: form, label, run: run(form, (s) => page.copy(s, label)) };
  };
  return [
    item("latex"), item("markdown"), item("text"),
    { id: "download", label: t("answer.copy.doc.download"), rule: true, run: run("latex", (s) => download("derivation.tex", s, "application/x-tex")) },
    { id: "print", label: t("answer.print"), run: () => print() },
  ];
}
