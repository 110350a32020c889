/** Memory that threads share; of one thread alone in a browser's page that is not isolated from others. In bytes. */
export function allocateMemory(length: number): SharedArrayBuffer | ArrayBuffer {
  return 'SharedArrayBuffer' in globalThis ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
}

const slots = 1024;

/**
 * Tells a worker that is busy in a query, and so cannot receive messages, that the query is no longer wanted. Where a browser
 * shares no memory, the worker is not informed, and is replaced when it takes long.
 */
export class CancelFlags {
  /** In shared memory where there is any; hand it to the worker. */
  readonly flags: Int32Array;

  constructor(flags: Int32Array = new Int32Array(allocateMemory(slots * 4))) {
    this.flags = flags;
  }

  cancel(requestId: number): void {
    Atomics.store(this.flags, requestId % slots, requestId);
  }

  isCancelled(requestId: number): boolean {
    return Atomics.load(this.flags, requestId % slots) === requestId;
  }
}
