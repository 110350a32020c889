import { memory } from './memory.ts';

const slots = 1024;

/**
 * Tells a worker that is busy in a query, and so cannot receive messages, that the query is no longer wanted. Where a browser
 * shares no memory, the worker does not hear of it and is replaced when it takes long.
 */
export class CancelFlags {
  /** In shared memory where there is any; hand it to the worker. */
  readonly flags: Int32Array;

  constructor(flags: Int32Array = new Int32Array(memory(slots * 4))) {
    this.flags = flags;
  }

  cancel(requestId: number): void {
    Atomics.store(this.flags, requestId % slots, requestId);
  }

  isCancelled(requestId: number): boolean {
    return Atomics.load(this.flags, requestId % slots) === requestId;
  }
}
