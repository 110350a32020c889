// What the web build uses of a browser: its types are in those of the DOM, which would let all of it in.

declare class Worker {
  constructor(url: string, options?: { readonly name?: string });
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** Of a worker's own script. */
declare const self: {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
};
