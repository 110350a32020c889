import { raiseSuspicion } from './raiseSuspicion.ts';
import type { TelemetrySamples } from './telemetrySamples.ts';

/** More tokens than any call has: keeps phase and tokens apart in one number. */
const tokenRange = 2 ** 27;

/** What usage records tell of each phase: outputs and totals of its calls, and the total of all of them. In tokens. */
export class TotalUsage {
  readonly #outputs = new Set<number>();
  readonly #totals = new Set<number>();
  readonly #sums = new Map<number, number>();

  /** Notes a call of the phase with this number. Tokens are NaN where they are not recorded. */
  add(phase: number, input: number, output: number, recordedTotal: number): void {
    const total = recordedTotal > 0 ? recordedTotal : input + output;
    if (output > 0) this.#outputs.add(key(phase, output));
    if (!(total > 0)) return;
    this.#totals.add(key(phase, total));
    this.#sums.set(phase, (this.#sums.get(phase) ?? 0) + total);
  }

  /** Whether so many tokens are what a call or the phase took in all, input included, and no call's output. */
  isTotal(phase: number, tokens: number): boolean {
    const found = this.#totals.has(key(phase, tokens)) || this.#sums.get(phase) === tokens;
    return found && !this.#outputs.has(key(phase, tokens));
  }

  /** Marks the samples whose output is a total. */
  mark(samples: TelemetrySamples): void {
    if (this.#totals.size === 0) return;
    for (let at = 0; at < samples.count; at += 1) {
      if (this.isTotal(samples.phase[at] ?? 0, samples.actual[at] ?? NaN)) {
        raiseSuspicion(samples, at, 'total-tokens');
      }
    }
  }
}

function key(phase: number, tokens: number): number {
  return phase * tokenRange + tokens;
}
