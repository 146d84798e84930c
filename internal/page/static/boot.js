// Runs before the page is drawn: the colours and the language that were chosen last. An engine
// in a worker starts here, while the modules are on their way (transport.js).
"use strict";
{
  const get = (/** @type {string} */ key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const theme = get("nabla.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const chosen = get("nabla.lang");
  const preferred = navigator.languages.find((l) => /^(zh|en)\b/i.test(l)) ?? "en";
  document.documentElement.lang = (chosen ?? preferred).toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  const engine = /** @type {HTMLMetaElement|null} */ (document.querySelector('meta[name="nabla-engine"]'));
  if (engine?.content === "worker") /** @type {any} */ (globalThis).nablaEngine = new Worker("engine-worker.js");
}
