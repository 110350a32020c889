const slots = 1024;

/** Tells a worker that is busy in a query, and so cannot receive messages, that the query is no longer wanted. */
export class CancelFlags {
  /** In shared memory; hand it to the worker. */
  readonly flags: Int32Array;

  constructor(flags: Int32Array = new Int32Array(new SharedArrayBuffer(slots * 4))) {
    this.flags = flags;
  }

  cancel(requestId: number): void {
    Atomics.store(this.flags, requestId % slots, requestId);
  }

  isCancelled(requestId: number): boolean {
    return Atomics.load(this.flags, requestId % slots) === requestId;
  }
}
