/** Memory that threads share; of one thread alone in a browser's page that is not isolated from others. In bytes. */
export function memory(length: number): SharedArrayBuffer | ArrayBuffer {
  return 'SharedArrayBuffer' in globalThis ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
}
