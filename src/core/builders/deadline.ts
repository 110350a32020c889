import type { ClockPort } from '../ports.ts';

/** A limit of time that a person's thinking does not use up. */
export class Deadline {
  readonly #clock: ClockPort;
  readonly #end = new AbortController();
  #leftMs: number;
  #runningSince: number | null = null;
  #timer: AbortController | null = null;

  /** Fires after `ms` at work, or with `parent`. */
  constructor(clock: ClockPort, ms: number, parent: AbortSignal) {
    this.#clock = clock;
    this.#leftMs = ms;
    this.signal = AbortSignal.any([parent, this.#end.signal]);
    this.resume();
  }

  readonly signal: AbortSignal;

  /** Whether the time is up; a signal that fired by its parent is not. */
  get isReached(): boolean {
    return this.#end.signal.aborted;
  }

  /** Time left at work, in ms. */
  get leftMs(): number {
    const ran = this.#runningSince === null ? 0 : this.#clock.now() - this.#runningSince;
    return Math.max(0, this.#leftMs - ran);
  }

  pause(): void {
    this.#leftMs = this.leftMs;
    this.#runningSince = null;
    this.#timer?.abort();
  }

  resume(): void {
    this.#runningSince = this.#clock.now();
    const timer = new AbortController();
    this.#timer = timer;
    this.#clock.sleep(this.#leftMs, timer.signal).then(
      () => this.#end.abort(),
      () => undefined,
    );
  }

  /** Ends the timer; the signal stays as it is. */
  dispose(): void {
    this.#timer?.abort();
  }
}
