"use strict";
for (const e of document.querySelectorAll("[data-tex]"))
  katex.render(e.dataset.tex, e, { throwOnError: false, strict: "ignore", maxExpand: 10000 });

// Rules open while a mouse points at them; a click keeps them open.
for (const d of document.querySelectorAll("details")) {
  let kept = false;
  d.addEventListener("pointerenter", (e) => {
    if (e.pointerType === "mouse" && !d.open) { kept = false; d.open = true; }
  });
  d.addEventListener("pointerleave", (e) => {
    if (e.pointerType === "mouse" && !kept) d.open = false;
  });
  d.firstElementChild.addEventListener("click", (e) => {
    if (d.open && !kept && d.matches(":hover")) { kept = true; e.preventDefault(); } else kept = !d.open;
  });
}
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") for (const d of document.querySelectorAll("details[open]")) d.open = false;
});
document.addEventListener("pointerdown", (e) => {
  for (const d of document.querySelectorAll("details[open]")) if (!d.contains(e.target)) d.open = false;
});
