import type { Measurement } from './measurement.ts';
import { peakMemoryKib } from './peakMemory.ts';

/** Repeats a piece of work and takes its time. */
export class Stopwatch {
  readonly #idleKib: number;
  readonly #ms: number[] = [];
  readonly #workMs: number[] = [];

  /** `idleKib`: the peak memory of the process before it opened anything. */
  constructor(idleKib: number) {
    this.#idleKib = idleKib;
  }

  async time<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const before = process.cpuUsage();
    const result = await work();
    this.#ms.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    this.#workMs.push((user + system) / 1000);
    return result;
  }

  get measurement(): Measurement {
    const peakMib = (peakMemoryKib() - this.#idleKib) / 1024;
    return { ms: this.#ms, workMs: this.#workMs, peakMib };
  }
}
