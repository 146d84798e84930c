// The reader of what internal/page/site/lzma writes: a file in the format .lzma whose literals
// depend on the byte before alone, not on the position, and whose header states the length.
"use strict";

/**
 * @param {Uint8Array} input
 * @returns {Uint8Array}
 */
function unlzma(input) {
  const header = 13, one = 1 << 11, matchLow = 8;
  const lc = input[0];
  const size = new DataView(input.buffer, input.byteOffset).getUint32(5, true);
  if (lc > 8 || input.length < header + 5) throw new Error("not what unlzma.js reads");
  const output = new Uint8Array(size);

  let places = 0;
  const room = (/** @type {number} */ n) => (places += n) - n;
  const isMatch = room(12), isRep = room(12), isRep0 = room(12), isRep1 = room(12), isRep2 = room(12), isRep0Long = room(12);
  const slots = room(4 * 64), special = room(128), align = room(16);
  const length = room(2 + 8 + 8 + 256), repLength = room(2 + 8 + 8 + 256);
  const literals = room(0x300 << lc);
  const probs = new Uint16Array(places).fill(one / 2);

  // The range decoder: code lies in [0, width).
  let at = header + 5, width = -1 >>> 0, code = new DataView(input.buffer, input.byteOffset).getUint32(header + 1);

  const bit = (/** @type {number} */ p) => {
    const chance = probs[p], bound = (width >>> 11) * chance;
    let b = 0;
    if (code < bound) {
      width = bound;
      probs[p] = chance + ((one - chance) >> 5);
    } else {
      width -= bound;
      code -= bound;
      probs[p] = chance - (chance >> 5);
      b = 1;
    }
    if (width < 0x1000000) {
      width = (width << 8) >>> 0;
      code = ((code << 8) | input[at++]) >>> 0;
    }
    return b;
  };
  const tree = (/** @type {number} */ p, /** @type {number} */ bits) => {
    let n = 1;
    for (let i = 0; i < bits; i++) n = (n << 1) | bit(p + n);
    return n - (1 << bits);
  };
  const reverse = (/** @type {number} */ p, /** @type {number} */ bits) => {
    let n = 1, v = 0;
    for (let i = 0; i < bits; i++) {
      const b = bit(p + n);
      n = (n << 1) | b;
      v |= b << i;
    }
    return v;
  };
  const direct = (/** @type {number} */ bits) => {
    let v = 0;
    for (; bits > 0; bits--) {
      width >>>= 1;
      let b = 0;
      if (code >= width) {
        code -= width;
        b = 1;
      }
      v = (v << 1) | b;
      if (width < 0x1000000) {
        width = (width << 8) >>> 0;
        code = ((code << 8) | input[at++]) >>> 0;
      }
    }
    return v;
  };
  const read = (/** @type {number} */ p) => {
    if (!bit(p)) return 2 + tree(p + 2, 3);
    if (!bit(p + 1)) return 2 + matchLow + tree(p + 10, 3);
    return 2 + 2 * matchLow + tree(p + 18, 8);
  };

  let state = 0, rep0 = 0, rep1 = 0, rep2 = 0, rep3 = 0, out = 0;
  while (out < size) {
    if (!bit(isMatch + state)) {
      const p = literals + 0x300 * (out === 0 ? 0 : output[out - 1] >> (8 - lc));
      let n = 1;
      if (state >= 7) {
        // In the light of the byte where the last match would go on.
        let match = output[out - rep0 - 1];
        while (n < 0x100) {
          const expected = (match >> 7) & 1, b = bit(p + 0x100 + (expected << 8) + n);
          match <<= 1;
          n = (n << 1) | b;
          if (b !== expected) break;
        }
      }
      while (n < 0x100) n = (n << 1) | bit(p + n);
      output[out++] = n;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let n;
    if (bit(isRep + state)) {
      let again = false;
      if (bit(isRep0 + state)) {
        let d;
        if (!bit(isRep1 + state)) d = rep1;
        else {
          if (!bit(isRep2 + state)) d = rep2;
          else {
            d = rep3;
            rep3 = rep2;
          }
          rep2 = rep1;
        }
        rep1 = rep0;
        rep0 = d;
      } else again = !bit(isRep0Long + state);
      n = again ? 1 : read(repLength);
      state = again ? (state < 7 ? 9 : 11) : state < 7 ? 8 : 11;
    } else {
      n = read(length);
      rep3 = rep2;
      rep2 = rep1;
      rep1 = rep0;
      const slot = tree(slots + 64 * Math.min(n - 2, 3), 6);
      rep0 = slot;
      if (slot >= 4) {
        const bits = (slot >> 1) - 1, base = (2 | (slot & 1)) << bits;
        rep0 = base + (slot < 14 ? reverse(special + base - slot, bits) : (direct(bits - 4) << 4) + reverse(align, 4));
      }
      state = state < 7 ? 7 : 10;
    }
    if (rep0 >= out || n > size - out) throw new Error("engine.bin is damaged");
    for (let from = out - rep0 - 1; n > 0; n--) output[out++] = output[from++];
  }
  return output;
}
