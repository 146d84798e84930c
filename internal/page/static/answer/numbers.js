// A worked example with small integers.

import { ask, refused } from "./derivation.js";
import { nothing, Pane } from "./pane.js";
import { block, htmlLang } from "./paperview.js";
import { h } from "./dom.js";

export function numbersTab() {
  const pane = new Pane({
    id: "numbers",
    ask: (ctx) => {
      if (refused(ctx)) return null;
      const { method, body } = ask(ctx);
      delete body.entry;
      return { method, body: { ...body, detail: "brief", shapes: undefined, instance: true } };
    },
    looks: (ctx) => ctx.paperLang,
    render: (data, ctx) => {
      if (!data) return nothing(ctx.t(refused(ctx)), "numbers-none");
      const blocks = data.paper.blocks.filter((b) => b.id === "instance");
      if (!blocks.length) return nothing(ctx.t("answer.numbers.none"), "numbers-none");
      return [h("p", { class: "a-lead" }, ctx.t("answer.numbers.lead")),
        h("div", { class: "a-paper a-numbers", lang: htmlLang(ctx.paperLang) }, blocks.map((b) => block(data.paper, b, { lang: ctx.paperLang, t: ctx.t })))];
    },
  });
  return { root: pane.root, pane, refresh: (ctx) => pane.refresh(ctx) };
}
