import type { DrainProgress } from '../../core/drain/drainProgress.ts';
import type { DrainResult } from '../../core/drain/drainResult.ts';
import { countOutcomes } from '../../core/drain/outcomeCounts.ts';
import { counted } from '../text/quantities.ts';
import { outcomeWords } from './outcomeWords.ts';

/** Turns what a drain tells into what its notification shows. */
export class DrainTally {
  readonly #results: DrainResult[] = [];
  #total = 1;

  /** The new message and how far the bar moves, in percent; `undefined` where nothing changes. */
  hear(progress: DrainProgress): { readonly message: string; readonly increment: number } | undefined {
    switch (progress.kind) {
      case 'session-started':
        this.#total = Math.max(1, Math.min(progress.candidates, progress.batchSize));
        return {
          message: `${counted(this.#total, 'phase')} with the ${progress.executor} executor`,
          increment: 0,
        };
      case 'phase-started':
        return {
          message: `phase ${progress.number} of ${progress.of}, ${progress.key.phaseId}${this.#soFar}`,
          increment: 0,
        };
      case 'phase-finished': {
        this.#results.push(progress.result);
        const increment = this.#results.length > this.#total ? 0 : 100 / this.#total;
        return { message: `${progress.result.phaseId} ended${this.#soFar}`, increment };
      }
      case 'warning':
      case 'run-judged':
      case 'stopped':
        return undefined;
    }
  }

  get #soFar(): string {
    return this.#results.length === 0 ? '' : ` (${outcomeWords(countOutcomes(this.#results))})`;
  }
}
