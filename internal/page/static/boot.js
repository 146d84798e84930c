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
  if (engine?.content === "worker") {
    /** @type {any} */ (globalThis).nablaEngine = new Worker("engine-worker.js");
    // A static site has a service worker, which keeps it for use without a network. It starts
    // when the page has what it needs itself.
    if (isSecureContext && "serviceWorker" in navigator)
      addEventListener("load", () => setTimeout(() => navigator.serviceWorker.register("sw.js").catch(() => {}), 2000));
  }
}
