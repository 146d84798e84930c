// The way to the engine. The page knows one interface, Transport, and two of its kind: the
// server that the page comes from, and an engine in a worker of the browser. Both answer the
// same methods with the same JSON (docs/api.md).

/**
 * The error of a call, as the engine gives it. Lines and columns count from 1, columns in
 * code points; the end is exclusive.
 * @typedef {object} Problem
 * @property {"input"|"request"|"limit"|"internal"|"method"|"network"} code
 *   network: no answer came at all; the others are the engine's
 * @property {number} [status]
 * @property {string} message
 * @property {string} [message_zh]
 * @property {string} [hint]
 * @property {string} [hint_zh]
 * @property {string[]} [notes]
 * @property {string[]} [notes_zh]
 * @property {number} [line]
 * @property {number} [column]
 * @property {number} [end_line]
 * @property {number} [end_column]
 * @property {string} [in]  "" for the program, the name of a declaration, or "claim"
 * @property {string} [rendered]  the whole text with carets
 * @property {string} [rendered_zh]
 * @property {number} [retryAfter]  seconds, of a server that is busy
 * @property {Problem[]} [more]
 */

/**
 * What a call is rejected with, unless it was given up: then it is an AbortError, which
 * nobody shows (see isAbort).
 */
export class CallError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.message);
    this.name = "CallError";
    this.problem = problem;
  }
}

/** @param {unknown} e @returns {boolean} whether e says that a call was given up */
export const isAbort = (e) => e instanceof DOMException && e.name === "AbortError";

const aborted = () => new DOMException("given up for a newer request", "AbortError");

/**
 * @typedef {object} Transport
 * @property {"http"|"worker"} info  where the engine is
 * @property {(method: string, body: object, options?: {signal?: AbortSignal}) => Promise<any>} call
 *   the JSON of the answer; rejected with a CallError or an AbortError
 */

/**
 * The server's engine, at addresses relative to the page.
 * @param {string} base  "api/v1/"
 * @returns {Transport}
 */
export function httpTransport(base) {
  return {
    info: "http",
    async call(method, body, { signal } = {}) {
      let response, text;
      try {
        response = await fetch(base + method, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
          signal,
        });
        text = await response.text();
      } catch (e) {
        if (signal?.aborted) throw aborted();
        throw new CallError({ code: "network", message: /** @type {Error} */ (e).message });
      }
      let answer;
      try {
        answer = JSON.parse(text);
      } catch {
        // What stands between page and engine may answer in its own words.
      }
      if (response.ok && answer) return answer;
      const problem = answer?.error ?? { code: response.status < 500 ? "request" : "network", message: `${response.status} ${text.slice(0, 200).trim()}` };
      problem.status ??= response.status;
      const after = Number(response.headers.get("Retry-After"));
      if (after > 0) problem.retryAfter = after;
      throw new CallError(problem);
    },
  };
}

/**
 * An engine in a worker that answers {id, method, body} with {id, ok, json}, one at a time and
 * in order. A call that waits for its turn is dropped when it is given up. One that runs gets
 * `patience` milliseconds more, since most answers come sooner than an engine starts; then
 * the worker is ended and the next call starts another.
 * @param {string} script  the worker's script, relative to the page
 * @param {{patience?: number, limit?: number}} [times]  limit: milliseconds after which an
 *   engine that does not answer is ended
 * @returns {Transport}
 */
export function workerTransport(script, { patience = 500, limit = 30_000 } = {}) {
  /** @typedef {{id: number, method: string, body: object, resolve: (v: any) => void, reject: (e: any) => void}} Call */
  /** @type {Worker|null} */ let worker = null;
  /** @type {Call[]} */ let waiting = [];
  /** @type {Call|null} */ let running = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */ let timer;
  let ids = 0;
  let early = /** @type {any} */ (globalThis).nablaEngine;

  function stop() {
    worker?.terminate();
    worker = null;
    running = null;
    clearTimeout(timer);
  }
  function start() {
    // The first one has been started by boot.js.
    const w = /** @type {Worker} */ (early ?? new Worker(script));
    early = undefined;
    w.onmessage = ({ data }) => {
      if (!running || data.id !== running.id) return;
      const call = running;
      running = null;
      clearTimeout(timer);
      const answer = typeof data.json === "string" ? JSON.parse(data.json) : data.json;
      if (data.ok) call.resolve(answer);
      else call.reject(new CallError(answer?.error ?? { code: "internal", message: "the engine gave no answer" }));
      next();
    };
    w.onerror = (event) => {
      event.preventDefault();
      const call = running;
      stop();
      call?.reject(new CallError({ code: "network", message: event.message || "the engine did not start" }));
      next();
    };
    return w;
  }
  function next() {
    if (running || waiting.length === 0) return;
    worker ??= start();
    running = /** @type {Call} */ (waiting.shift());
    const call = running;
    timer = setTimeout(() => {
      stop();
      call.reject(new CallError({ code: "limit", status: 503, message: `no answer within ${limit / 1000} seconds` }));
      next();
    }, limit);
    worker.postMessage({ id: call.id, method: call.method, body: call.body });
  }

  return {
    info: "worker",
    call(method, body, { signal } = {}) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(aborted());
        const call = { id: ++ids, method, body, resolve, reject };
        signal?.addEventListener("abort", () => {
          reject(aborted());
          waiting = waiting.filter((c) => c !== call);
          if (running !== call) return;
          clearTimeout(timer);
          timer = setTimeout(() => {
            if (running !== call) return;
            stop();
            next();
          }, patience);
        }, { once: true });
        // What is typed is looked at before what was asked for earlier.
        if (method === "inspect") waiting.unshift(call);
        else waiting.push(call);
        next();
      });
    },
  };
}

/**
 * @callback Caller
 * @param {string} method  a method of the engine, "inspect", "diff", "derive", …
 * @param {object} body  its request
 * @param {{kind?: string, signal?: AbortSignal}} [options]  kind: what the call is for, its
 *   method unless given. A call ends all earlier ones of its kind; kind "" ends none.
 * @returns {Promise<any>} the answer; rejected with a CallError or an AbortError
 */

/**
 * A caller for which only the newest call of a kind counts.
 * @param {Transport} transport
 * @returns {Caller}
 */
export function newest(transport) {
  /** @type {Map<string, AbortController>} */
  const current = new Map();
  return async (method, body, { kind = method, signal } = {}) => {
    const control = new AbortController();
    if (kind) {
      current.get(kind)?.abort();
      current.set(kind, control);
    }
    if (signal?.aborted) control.abort();
    signal?.addEventListener("abort", () => control.abort(), { once: true });
    try {
      const answer = await transport.call(method, body, { signal: control.signal });
      if (control.signal.aborted) throw aborted();
      return answer;
    } finally {
      if (current.get(kind) === control) current.delete(kind);
    }
  };
}

/**
 * The transport that the page was served for: <meta name="nabla-engine" content="http"> or
 * "worker".
 * @returns {Transport}
 */
export function chooseTransport() {
  const meta = /** @type {HTMLMetaElement|null} */ (document.querySelector('meta[name="nabla-engine"]'));
  return meta?.content === "http" ? httpTransport("api/v1/") : workerTransport("engine-worker.js");
}
