// Asks the engine in its worker what /questions lists and sends each answer to /answer with
// the milliseconds it took; the first from the start of the page.
"use strict";
(async () => {
  const worker = new Worker("engine-worker.js");
  const ask = (id, { method, body, limit }) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (e) => reject(e);
    worker.postMessage({ id, method, body, limit });
  });
  const questions = await (await fetch("questions")).json();
  for (let i = 0; i < questions.length; i++) {
    const start = i === 0 ? 0 : performance.now();
    let data;
    try {
      data = await ask(i, questions[i]);
    } catch (e) {
      data = { id: i, ok: false, json: JSON.stringify({ error: { message: "worker: " + e.message } }) };
    }
    await fetch("answer", { method: "POST", body: JSON.stringify({ ...data, ms: performance.now() - start }) });
  }
  await fetch("done", { method: "POST" });
})();
