// The expression as a graph: values above its nodes, adjoints below. A node that is chosen
// says what it is, and how its adjoint comes about.

import { h, icon, icons, watched } from "./dom.js";
import { toggle } from "./controls.js";
import { download, menuButton } from "./menu.js";
import { nothing, Pane } from "./pane.js";
import { spans, tex } from "./tex.js";
import { tipButton } from "./tip.js";
import { bodyTex, figureTex, filled, matrixTex, shapeTex } from "./words.js";

/** Smallest and largest size of the picture, and the smallest at which all of it is shown at first. */
const scales = { least: 0.25, most: 3, fit: 0.72 };

/**
 * @param {(name: string, value: string) => void} setExtra
 * @param {() => import("./pane.js").Context} current
 */
export function graphTab(setExtra, current) {
  const bar = h("div", { class: "a-bar", testid: "graph-options" });
  const root = h("div", null, bar);
  let built = "";
  /** @type {ReturnType<typeof view> | null} */
  let shown = null;
  let same = ""; // the program whose graph is shown

  const pane = new Pane({
    id: "graph",
    ask: (ctx) => {
      const { order, mixed, structured, vec, ...body } = ctx.request;
      return { method: "graph", body: { ...body, lang: ctx.lang, direction: narrow() ? "down" : "right", documents: ["svg"], bare: true, ...(ctx.state.extra.values === "1" ? { instance: true } : {}) } };
    },
    render: (data, ctx) => {
      const before = shown?.chosen;
      shown = view(data, ctx);
      if (!shown) return nothing(ctx.t("answer.graph.none"), "graph-none");
      const first = data.nodes.findIndex((n) => n.name === ctx.request.wrt[0]);
      shown.choose(before !== undefined && same === ctx.request.expr && before < data.nodes.length ? before : Math.max(0, first), false);
      same = ctx.request.expr;
      return shown.root;
    },
  });
  root.append(pane.root);
  const narrow = () => root.clientWidth > 0 && root.clientWidth < 560;

  function options(ctx) {
    const { t, state } = ctx;
    const key = JSON.stringify([ctx.lang, state.extra.values]);
    if (built === key || (built && bar.contains(document.activeElement) && JSON.parse(built)[0] === ctx.lang)) return;
    built = key;
    const button = (d, label, testid, run) => h("button", { type: "button", class: "a-button is-icon is-quiet", "aria-label": label, title: label, testid, onclick: run }, icon(d));
    bar.replaceChildren(
      toggle({ name: "graph-values", label: t("answer.graph.values"), title: t("answer.graph.values.title"), value: state.extra.values === "1", set: (on) => setExtra("values", on ? "1" : "") }),
      h("span", { class: "a-group" },
        button(icons.minus, t("answer.graph.smaller"), "graph-smaller", () => shown?.zoom(1 / 1.25)),
        button(icons.plus, t("answer.graph.larger"), "graph-larger", () => shown?.zoom(1.25)),
        button(icons.full, t("answer.graph.fit"), "graph-fit", () => shown?.fit()),
        menuButton(t("answer.graph.save"), () => [
          { id: "svg", label: t("answer.graph.svg"), run: () => { if (shown) download("graph.svg", shown.file(), "image/svg+xml"); } },
          { id: "png", label: t("answer.graph.png"), run: async () => { if (shown) download("graph.png", await png(shown.file(), shown.size)); } },
          { id: "copy-svg", label: t("answer.graph.copy"), rule: true, run: () => { if (shown) current().page.copy(shown.file(), "SVG"); } },
        ], { testid: "graph-save", class: "is-quiet", icon: icons.download })));
  }

  return {
    root, pane,
    /** @param {import("./pane.js").Context} ctx */
    refresh(ctx) {
      options(ctx);
      return pane.refresh(ctx);
    },
  };
}

/**
 * The picture in a box that scrolls, and what is said of the chosen node.
 * @param {any} data
 * @param {import("./pane.js").Context} ctx
 */
function view(data, ctx) {
  const { t } = ctx;
  const parsed = new DOMParser().parseFromString(data.documents?.svg ?? "", "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") return null;
  const picture = /** @type {any} */ (document.importNode(parsed, true));
  picture.removeAttribute("role");
  picture.setAttribute("role", "group");
  const size = { width: picture.viewBox.baseVal.width, height: picture.viewBox.baseVal.height };
  const details = h("div", { class: "a-node", "aria-live": "polite", testid: "graph-node" });
  const box = h("div", { class: "a-graph", testid: "graph-box" }, picture);
  const nodes = /** @type {any[]} */ ([...picture.querySelectorAll("[data-node]")]).sort((a, b) => a.dataset.node - b.dataset.node);
  const centres = nodes.map((g) => {
    const r = g.querySelector(".box");
    return [Number(r.getAttribute("x")) + Number(r.getAttribute("width")) / 2, Number(r.getAttribute("y")) + Number(r.getAttribute("height")) / 2];
  });
  nodes.forEach((g, i) => {
    g.setAttribute("role", "button");
    g.setAttribute("tabindex", "-1");
    g.setAttribute("data-testid", "graph-node-" + i);
    g.setAttribute("aria-label", [...g.querySelectorAll("text")].map((e) => e.textContent).join(" "));
  });

  let scale = 1;
  let fitted = true;
  const self = { root: [box, h("p", { class: "a-soft a-graph-help" }, t("answer.graph.help")), details], chosen: 0, size, choose, zoom, fit, file };

  function choose(i, focus) {
    self.chosen = i;
    nodes.forEach((g, k) => {
      g.setAttribute("tabindex", k === i ? "0" : "-1");
      g.setAttribute("aria-pressed", String(k === i));
      g.classList.toggle("is-chosen", k === i);
    });
    for (const e of picture.querySelectorAll(".edge")) e.classList.toggle("is-near", Number(e.dataset.from) === i || Number(e.dataset.to) === i);
    if (focus) {
      nodes[i].focus({ preventScroll: true });
      reveal(i);
    }
    details.replaceChildren(...describe(data, i, ctx, (k) => choose(k, true)));
  }
  function reveal(i) {
    const [x, y] = centres[i];
    box.scrollTo({ left: x * scale - box.clientWidth / 2, top: y * scale - box.clientHeight / 2, behavior: "smooth" });
  }
  function resize(to) {
    const at = [(box.scrollLeft + box.clientWidth / 2) / scale, (box.scrollTop + box.clientHeight / 2) / scale];
    scale = Math.max(scales.least, Math.min(scales.most, to));
    picture.setAttribute("width", String(size.width * scale));
    picture.setAttribute("height", String(size.height * scale));
    box.scrollTo(at[0] * scale - box.clientWidth / 2, at[1] * scale - box.clientHeight / 2);
  }
  function zoom(by) {
    fitted = false;
    resize(scale * by);
  }
  function fit() {
    fitted = true;
    if (box.clientWidth === 0) return;
    resize(Math.max(scales.fit, Math.min(1.15, (box.clientWidth - 4) / size.width, 600 / size.height)));
    if (box.scrollWidth > box.clientWidth + 2 || box.scrollHeight > box.clientHeight + 2) reveal(self.chosen);
  }
  new ResizeObserver(() => { if (fitted) fit(); }).observe(box);

  // The nearest node in a direction, sideways distance counting double.
  function towards(i, dx, dy) {
    let best = -1;
    let least = Infinity;
    centres.forEach(([x, y], k) => {
      const along = (x - centres[i][0]) * dx + (y - centres[i][1]) * dy;
      const across = Math.abs((x - centres[i][0]) * dy) + Math.abs((y - centres[i][1]) * dx);
      if (k === i || along < 4 || along + 2 * across >= least) return;
      least = along + 2 * across;
      best = k;
    });
    return best;
  }
  box.addEventListener("keydown", (e) => {
    const i = nodes.findIndex((g) => g === document.activeElement);
    if (e.key === "+" || e.key === "=" || e.key === "-") {
      e.preventDefault();
      zoom(e.key === "-" ? 1 / 1.25 : 1.25);
      return;
    }
    if (i < 0) return;
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[e.key];
    const to = step ? towards(i, step[0], step[1]) : { Home: 0, End: nodes.length - 1, Enter: i, " ": i }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    if (to >= 0) choose(to, true);
  });
  // A drag moves the picture; a press without one chooses.
  let from = null;
  box.addEventListener("pointerdown", (e) => {
    if (e.pointerType !== "mouse" || e.button !== 0) return;
    from = { x: e.clientX, y: e.clientY, left: box.scrollLeft, top: box.scrollTop, moved: false };
  });
  box.addEventListener("pointermove", (e) => {
    if (!from) return;
    const dx = e.clientX - from.x;
    const dy = e.clientY - from.y;
    if (!from.moved && Math.hypot(dx, dy) < 5) return;
    if (!from.moved) box.setPointerCapture(e.pointerId);
    from.moved = true;
    box.classList.add("is-dragged");
    box.scrollTo(from.left - dx, from.top - dy);
  });
  const drop = () => {
    box.classList.remove("is-dragged");
    setTimeout(() => { from = null; });
  };
  box.addEventListener("pointerup", drop);
  box.addEventListener("pointercancel", drop);
  box.addEventListener("click", (e) => {
    const g = /** @type {Element} */ (e.target).closest("[data-node]");
    if (g && !from?.moved) choose(nodes.indexOf(g), true);
  });
  box.addEventListener("wheel", (e) => {
    if (!e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    zoom(Math.exp(-e.deltaY / 300));
  }, { passive: false });

  /** The picture as a file: with its colours and type in attributes, on paper. */
  function file() {
    const picked = [...picture.querySelectorAll(".is-chosen, .is-near")].map((e) => /** @type {[Element, string]} */ ([e, e.classList.contains("is-near") ? "is-near" : "is-chosen"]));
    for (const [e, c] of picked) e.classList.remove(c);
    const out = write();
    for (const [e, c] of picked) e.classList.add(c);
    return out;
  }
  function write() {
    const copy = picture.cloneNode(true);
    const live = [picture, ...picture.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((e, k) => {
      for (const a of ["tabindex", "aria-pressed", "data-testid", "role"]) e.removeAttribute(a);
      if (!/^(text|path|polygon|rect|g)$/.test(e.localName)) return;
      const s = getComputedStyle(live[k]);
      const put = (name, value, unless) => { if (value && value !== unless) e.setAttribute(name, value); };
      if (e.localName === "g") return put("opacity", s.opacity, "1");
      put("fill", s.fill, "");
      if (s.stroke !== "none") {
        put("stroke", s.stroke, "");
        put("stroke-width", s.strokeWidth, "");
        put("stroke-dasharray", s.strokeDasharray, "none");
      }
      if (e.localName === "text") {
        put("font-family", s.fontFamily, "");
        put("font-size", s.fontSize, "");
      }
    });
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", String(size.width));
    copy.setAttribute("height", String(size.height));
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [a, v] of [["width", "100%"], ["height", "100%"], ["fill", getComputedStyle(box).backgroundColor]]) paper.setAttribute(a, v);
    copy.insertBefore(paper, copy.querySelector("g"));
    return new XMLSerializer().serializeToString(copy);
  }
  return self;
}

/** A picture as PNG, at twice its size. */
async function png(source, size) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    const k = Math.min(2, 8000 / Math.max(size.width, size.height));
    canvas.width = Math.ceil(size.width * k);
    canvas.height = Math.ceil(size.height * k);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return /** @type {Blob} */ (await new Promise((done) => canvas.toBlob(done, "image/png")));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A row of an equation: its left-hand side, or none where it goes on. */
function equation(left, right) {
  return [h("span", null, left && tex(left.latex, { text: left.text, display: true })), h("span", null, tex("{}={}", { text: "=" })),
    h("span", { class: "a-scroll a-hanging" }, tex(right.latex, { text: right.text, display: true, breaks: true }))];
}

/** What is said of a node. */
function describe(data, i, ctx, go) {
  const { t, lang } = ctx;
  const n = data.nodes[i];
  const a = n.adjoint;
  const symbol = a?.symbol_latex ?? "";
  const equals = (left, f) => tex(`${left} = ${f.latex}`, { text: f.text, display: true, breaks: true });
  const row = (name, value, testid) => h("div", { class: "a-fact-row", testid }, h("dt", null, name), h("dd", null, value));
  const rules = (list) => (list ?? []).map((r, k) => [k ? (lang === "zh" ? "；" : "; ") : "", r.rule?.text
    ? tipButton(spans(r.name[lang]), () => h("div", null, h("div", { class: "a-tip-formula" }, tex(r.rule.latex, { text: r.rule.text, display: true })), h("code", null, r.id)), { testid: "rule", "data-rule": r.id })
    : spans(r.name[lang])]);
  const values = (list) => (list ?? []).map((v) => watched(h("span", { class: "a-scroll a-inset" }, tex(v.latex ?? matrixTex(v.rows)))));
  const consumers = data.nodes.flatMap((c) => (c.operands ?? []).filter((o) => o.node === i && o.contribution?.latex).map((o) => ({ c, o })));
  const forms = [];
  if (a) {
    const seen = new Set();
    for (const f of [a.line_latex ? { latex: bodyTex(a.line_latex), text: a.line } : a.formula, a.short, a.expanded]) {
      if (!f?.latex || seen.has(f.latex)) continue;
      seen.add(f.latex);
      forms.push(f);
    }
  }
  return [
    h("div", { class: "a-node-head" }, h("div", { class: "a-scroll" }, n.formula?.latex ? equals(n.name_latex, n.formula) : tex(n.name_latex, { text: n.name })),
      h("span", { class: "a-soft" }, tex(shapeTex(n.shape), { text: n.shape }), " ", t(`answer.graph.kind.${n.kind}`))),
    a && h("div", { class: "a-node-adjoint", testid: "graph-adjoint" }, forms.map((f, k) => equation(k === 0 ? { latex: symbol, text: a.symbol } : null, f))),
    a?.where?.length && h("p", { class: "a-where" }, h("span", { class: "a-label" }, t("answer.where")), a.where.map((w) => tex(`${w.name_latex} = ${w.latex}`, { text: `${w.name} = ${w.text}` }))),
    !a && n.reason && h("p", { class: "a-soft", testid: "graph-reason" }, n.reason[lang]),
    h("dl", { class: "a-facts" },
      n.value?.length && row(t("answer.graph.value"), values(n.value), "graph-value"),
      a?.value?.length && row(t("answer.graph.adjoint"), values(a.value), "graph-adjoint-value"),
      a && consumers.length > 0 && a.local?.latex && row(t("answer.graph.from"), h("ul", { class: "a-contributions", testid: "graph-contributions" }, consumers.map(({ c, o }) => h("li", null,
        h("button", { type: "button", class: "a-node-link", "aria-label": c.name, onclick: () => go(c.id) }, tex(c.name_latex, { text: c.name })), h("span", { class: "a-scroll" }, tex(o.contribution.latex, { text: o.contribution.text, breaks: true })),
        h("span", { class: "a-note" }, rules(o.rules))))), "graph-from"),
      a?.rules?.length > 0 && row(t("answer.graph.rules"), h("span", { class: "a-note" }, rules(a.rules)), "graph-rules"),
      a?.shape && row(t("answer.shape"), tex(shapeTex(a.shape), { text: a.shape }), "graph-shape"),
      a?.check?.points > 0 && row(t("answer.check"), h("span", { class: "a-checked" }, h("span", { class: "a-mark" }, icon(icons.check)), h("span", null, filled(t("answer.graph.check", { error: "{error}" }), { error: () => figureTex(a.check.max_error) }))), "graph-check")),
  ].filter(Boolean);
}
