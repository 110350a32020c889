import type { DrainProgress } from '../../core/drain/drainProgress.ts';
import { counted } from '../text/quantities.ts';

/** Turns what a drain tells into what its notification shows. */
export class DrainTally {
  #complete = 0;
  #failed = 0;
  #finished = 0;
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
        if (progress.result.success) this.#complete += 1;
        else this.#failed += 1;
        this.#finished += 1;
        const increment = this.#finished > this.#total ? 0 : 100 / this.#total;
        return { message: `${progress.result.phaseId} ended${this.#soFar}`, increment };
      }
      case 'warning':
      case 'run-judged':
      case 'stopped':
        return undefined;
    }
  }

  get #soFar(): string {
    const parts = [
      this.#complete > 0 ? `${this.#complete} complete` : '',
      this.#failed > 0 ? `${this.#failed} failed` : '',
    ].filter((part) => part !== '');
    return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  }
}
