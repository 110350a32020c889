const nothing = new Uint8Array(0);
/** Enough to tell the encoding by, in bytes. */
const sampleBytes = 512;

/**
 * Turns a log in UTF-16, as Windows PowerShell redirects one, into UTF-8; anything else passes unchanged. The byte order
 * mark tells the encoding, or, without one, the zero bytes between the letters of mostly English text.
 */
export class LogDecoder {
  readonly #encoder = new TextEncoder();
  /** The first bytes, until there are enough of them. */
  #head: Uint8Array | null = nothing;
  #decoder: InstanceType<typeof TextDecoder> | null = null;

  /** The same bytes or their text in UTF-8; the first ones may come with the next call. */
  push(bytes: Uint8Array): Uint8Array {
    if (this.#head === null) return this.#convert(bytes);
    const head = joinBytes(this.#head, bytes);
    if (head.length < sampleBytes) {
      // The caller may use its buffer again.
      this.#head = head;
      return nothing;
    }
    return this.#begin(head);
  }

  /** What is left at the end of the log. */
  finish(): Uint8Array {
    const rest = this.#head === null ? nothing : this.#begin(this.#head);
    return this.#decoder === null
      ? rest
      : joinBytes(rest, this.#encoder.encode(this.#decoder.decode(nothing)));
  }

  #begin(head: Uint8Array): Uint8Array {
    this.#head = null;
    const encoding = encodingOf(head);
    if (encoding !== null) this.#decoder = new TextDecoder(encoding);
    return this.#convert(head);
  }

  #convert(bytes: Uint8Array): Uint8Array {
    return this.#decoder === null
      ? bytes
      : this.#encoder.encode(this.#decoder.decode(bytes, { stream: true }));
  }
}

function encodingOf(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0] as [number, number];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2 === 0 ? 0 : 1] += 1;
  const pairs = head.length / 2;
  const [high, low] = zeros;
  // Other binary content has zeros at both places.
  if (low > 0.5 * pairs && high < 0.1 * pairs) return 'utf-16le';
  return high > 0.5 * pairs && low < 0.1 * pairs ? 'utf-16be' : null;
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
