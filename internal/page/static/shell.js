// The page around input and answer: colours, language, short messages, the clipboard, and the
// link that holds the input.

import { byId, storage } from "./dom.js";
import { lang, setLang, t } from "./i18n.js";

/** Says text to screen readers. @param {string} text */
export function announce(text) {
  const box = byId("announcer");
  // The same text said twice is a change only if it was away in between.
  box.textContent = "";
  setTimeout(() => { box.textContent = text; }, 50);
}

/** @type {ReturnType<typeof setTimeout>|undefined} */
let hiding;

/** Shows a short message. @param {string} text */
export function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => box.classList.remove("shown"), 4000);
}

/**
 * Copies text, and says so.
 * @param {string} text
 * @param {string} [label]  what was copied
 */
export async function copy(text, label = t("copy.text")) {
  toast((await toClipboard(text)) ? t("copy.done", { what: label }) : t("copy.failed"));
}

/** @param {string} text @returns {Promise<boolean>} */
export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages without TLS have no clipboard but the selection's.
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "hidden";
    const focused = /** @type {HTMLElement|null} */ (document.activeElement);
    (document.querySelector("dialog[open]") ?? document.body).append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    focused?.focus();
    return done;
  }
}

const themes = ["auto", "light", "dark"];

/**
 * The buttons for colours and language.
 * @param {() => void} relabel  after the language changed
 */
export function switches(relabel) {
  const language = byId("switch-lang"), colours = byId("switch-theme");
  const theme = () => document.documentElement.dataset.theme ?? "auto";
  const label = () => {
    language.textContent = t("nav.lang");
    language.setAttribute("aria-label", t("nav.lang.label"));
    language.lang = lang() === "zh" ? "en" : "zh-CN";
    const text = t("nav.theme", { theme: t(`theme.${theme()}`) });
    colours.textContent = { auto: "◐", light: "○", dark: "●" }[theme()] ?? "";
    colours.setAttribute("aria-label", text);
    colours.title = text;
  };
  language.addEventListener("click", () => {
    setLang(lang() === "zh" ? "en" : "zh");
    label();
    relabel();
  });
  colours.addEventListener("click", () => {
    const next = themes[(themes.indexOf(theme()) + 1) % themes.length];
    if (next === "auto") {
      delete document.documentElement.dataset.theme;
      storage.remove("nabla.theme");
    } else {
      document.documentElement.dataset.theme = next;
      storage.set("nabla.theme", next);
    }
    label();
    announce(t("nav.theme", { theme: t(`theme.${next}`) }));
  });
  label();
}
