/** Where the header of page 1 ends: beyond lies the schema. */
const headerEnd = 100;

/** Whether two pages hold the same bytes. Both start at a multiple of 4 in their buffers, as pages in blocks do. */
export function samePage(a: Uint8Array, b: Uint8Array): boolean {
  const wordsA = new Int32Array(a.buffer, a.byteOffset, a.length >> 2);
  const wordsB = new Int32Array(b.buffer, b.byteOffset, b.length >> 2);
  for (let i = 0; i < wordsA.length; i++) if (wordsA[i] !== wordsB[i]) return false;
  return true;
}

/** Whether two versions of page 1 differ only in what every transaction rewrites: change counter, valid-for, version. */
export function samePage1(a: Uint8Array, b: Uint8Array): boolean {
  return sameFirstPage(a, b, 28);
}

/** The same for what queries read: besides, the size of the file and its list of free pages may differ. */
export function sameSchemaPage(a: Uint8Array, b: Uint8Array): boolean {
  return sameFirstPage(a, b, 40);
}

function sameFirstPage(a: Uint8Array, b: Uint8Array, counterEnd: number): boolean {
  return sameRange(a, b, 0, 24) && sameRange(a, b, counterEnd, 92) && sameRange(a, b, headerEnd, a.length);
}

function sameRange(a: Uint8Array, b: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (a[i] !== b[i]) return false;
  return true;
}
