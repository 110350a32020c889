import type { Sha256Hex } from '../core/identity/schemaFacts.ts';

/** The first 32 bits of the fractional part of a root of each of the first primes: what FIPS 180-4 begins and mixes with. */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return Uint32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

const initial = fractions(8, Math.sqrt);
const constants = fractions(64, Math.cbrt);

const rotate = (value: number, bits: number): number => (value >>> bits) | (value << (32 - bits));
const at = (words: Uint32Array, index: number): number => words[index] ?? 0;

/** SHA-256 (FIPS 180-4) in plain script: a browser has only an asynchronous one, and queries wait for nothing. */
export const sha256Hex: Sha256Hex = (text) => {
  const bytes = padded(new TextEncoder().encode(text));
  const view = new DataView(bytes.buffer);
  const hash = initial.slice();
  const words = new Uint32Array(64);
  for (let block = 0; block < bytes.length; block += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 64; i += 1) words[i] = scheduled(words, i);
    mix(hash, words);
  }
  return [...hash].map((word) => word.toString(16).padStart(8, '0')).join('');
};

/** With a one, zeros, and the length in bits, to whole blocks of 64 bytes. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return bytes;
}

function scheduled(words: Uint32Array, i: number): number {
  const [a, b] = [at(words, i - 15), at(words, i - 2)];
  const near = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
  const far = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
  return at(words, i - 16) + near + at(words, i - 7) + far;
}

function mix(hash: Uint32Array, words: Uint32Array): void {
  const state = hash.slice();
  for (let i = 0; i < 64; i += 1) {
    const [a, b, c, e, f, g] = [0, 1, 2, 4, 5, 6].map((index) => at(state, index)) as [
      ...[number, number, number],
      ...[number, number, number],
    ];
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const sumOfE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const sumOfA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const first = at(state, 7) + sumOfE + choice + at(constants, i) + at(words, i);
    state.copyWithin(1, 0, 7);
    state[4] = at(state, 4) + first;
    state[0] = first + sumOfA + majority;
  }
  for (let i = 0; i < 8; i += 1) hash[i] = at(hash, i) + at(state, i);
}
