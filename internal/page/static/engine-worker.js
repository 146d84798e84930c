// The engine in a worker: it loads engine.bin, which `make site` puts beside this file, and
// answers {id, method, body} with {id, ok, json}, one request after the other. json is the
// text of the answer, or of {"error": …}. A request may say after how many milliseconds it is
// to be given up: {…, limit}. The module is a reactor for WASI (cmd/wasm), of
// which it needs a clock, random numbers and a place for last words.
"use strict";

/* global unlzma */
importScripts("unlzma.js");

/** Milliseconds after which the engine gives an answer up, if nothing else is said. */
const patience = 20_000;
/**
 * Bytes of memory from which on an engine is replaced when it has answered. TinyGo's never
 * frees: an answer takes a third of a megabyte in the median, and a new engine some 50
 * milliseconds, when nobody waits for them.
 */
const large = 100e6;

/** @type {Promise<WebAssembly.Module>|null} */
let compiled = null;
/** @type {Promise<Engine>|null} */
let current = null;

/** @typedef {{exports: any, words: () => string}} Engine */

const badf = 8, nosys = 52;

/** @returns {Promise<WebAssembly.Module>} */
async function load() {
  const response = await fetch("engine.bin");
  if (!response.ok) throw new Error(`engine.bin: status ${response.status}`);
  const packed = new Uint8Array(await response.arrayBuffer());
  if (packed[0] !== 0x1f) return WebAssembly.compile(/** @type {BufferSource} */ (unlzma(packed)));
  const unpacked = new Response(packed).body.pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(new Response(unpacked, { headers: { "Content-Type": "application/wasm" } }));
}

/** @returns {Promise<Engine>} a new engine, ready to answer */
async function start() {
  const module = await (compiled ??= load());
  let words = "";
  /** @type {WebAssembly.Memory} */
  let memory;
  const view = () => new DataView(memory.buffer);
  const utf8 = new TextDecoder();

  /** @type {Record<string, Function>} */
  const wasi = {
    clock_time_get(/** @type {number} */ id, /** @type {bigint} */ _, /** @type {number} */ out) {
      const ms = id === 0 ? performance.timeOrigin + performance.now() : performance.now();
      view().setBigUint64(out, BigInt(Math.round(ms * 1e6)), true);
      return 0;
    },
    random_get(/** @type {number} */ at, /** @type {number} */ n) {
      for (let i = 0; i < n; i += 65536) crypto.getRandomValues(new Uint8Array(memory.buffer, at + i, Math.min(65536, n - i)));
      return 0;
    },
    // What Go's scheduler waits for is a time at most, since there are no files: it has come.
    poll_oneoff(/** @type {number} */ asked, /** @type {number} */ events, /** @type {number} */ n, /** @type {number} */ count) {
      for (let i = 0; i < n; i++) {
        new Uint8Array(memory.buffer, events + 32 * i, 32).fill(0);
        view().setBigUint64(events + 32 * i, view().getBigUint64(asked + 48 * i, true), true);
      }
      view().setUint32(count, n, true);
      return 0;
    },
    fd_write(/** @type {number} */ _, /** @type {number} */ list, /** @type {number} */ n, /** @type {number} */ written) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const at = view().getUint32(list + 8 * i, true), length = view().getUint32(list + 8 * i + 4, true);
        words = (words + utf8.decode(new Uint8Array(memory.buffer, at, length), { stream: true })).slice(0, 4000);
        sum += length;
      }
      view().setUint32(written, sum, true);
      return 0;
    },
    args_sizes_get: none,
    environ_sizes_get: none,
    args_get: () => 0,
    environ_get: () => 0,
    sched_yield: () => 0,
    fd_prestat_get: () => badf,
    proc_exit(/** @type {number} */ code) {
      throw new Error(`the engine ended with status ${code}`);
    },
  };
  function none(/** @type {number} */ count, /** @type {number} */ size) {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return 0;
  }

  // TinyGo's programs cannot unwind their stack; what stands in for panic and recover there
  // has it done here (internal/page/site/unwind). Anything else that is thrown is a fault.
  const panic = {};
  const nabla = {
    throw() {
      throw panic;
    },
    try() {
      const stack = exports.__stack_pointer.value;
      try {
        exports.resume();
        return 0;
      } catch (e) {
        if (e !== panic) throw e;
        exports.__stack_pointer.value = stack;
        return 1;
      }
    },
  };

  /** @type {Record<string, Record<string, Function>>} */
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const known = from === "nabla" ? /** @type {Record<string, Function>} */ (nabla) : wasi;
    (imports[from] ??= {})[name] = known[name] ?? (() => nosys);
  }
  const instance = await WebAssembly.instantiate(module, /** @type {WebAssembly.Imports} */ (imports));
  const exports = /** @type {any} */ (instance.exports);
  memory = exports.memory;
  exports._initialize();
  const engine = { exports, words: () => words };
  ask(engine, "diff", { expr: "x'*x", wrt: "x" }, patience); // builds the tables that all answers need
  return engine;
}

/**
 * @param {Engine} engine
 * @param {string} method
 * @param {object} body
 * @param {number} limit  milliseconds
 */
function ask({ exports }, method, body, limit) {
  const name = new TextEncoder().encode(method), text = new TextEncoder().encode(JSON.stringify(body));
  const at = exports.buffer(name.length + text.length) >>> 0;
  const room = new Uint8Array(exports.memory.buffer, at, name.length + text.length);
  room.set(name);
  room.set(text, name.length);
  const ok = exports.call(name.length, limit) === 1;
  const answer = new Uint8Array(exports.memory.buffer, exports.answer() >>> 0, exports.length());
  return { ok, json: new TextDecoder().decode(answer) };
}

const failed = (/** @type {string} */ message, code = "internal") => ({ ok: false, json: JSON.stringify({ error: { code, message } }) });

/** @param {string} method @param {object} body @param {number} limit */
async function answer(method, body, limit) {
  let engine;
  try {
    engine = await (current ??= start());
  } catch (e) {
    compiled = current = null; // the next request tries again
    return failed(`the engine did not start: ${e instanceof Error ? e.message : e}`);
  }
  try {
    return ask(engine, method, body, limit);
  } catch (e) {
    // What broke off has left its memory as it happened to be.
    current = null;
    if (e instanceof RangeError) return failed("the program is nested too deeply for this browser", "limit");
    const last = engine.words().split("\n", 1)[0];
    if (last.includes("out of memory")) return failed("memory limit exceeded", "limit");
    return failed(last || (e instanceof Error ? e.message : String(e)));
  }
}

/** Replaces an engine that broke off or has grown large. */
async function renew() {
  const engine = await current?.catch(() => null);
  if (!engine || engine.exports.memory.buffer.byteLength > large) current = start();
  current?.catch(() => {});
}

// One request after the other, in the order in which they come.
let last = Promise.resolve();
self.onmessage = ({ data: { id, method, body, limit = patience } }) => {
  last = last.then(async () => {
    self.postMessage({ id, ...(await answer(method, body, limit)) });
    await renew();
  });
};
renew();
