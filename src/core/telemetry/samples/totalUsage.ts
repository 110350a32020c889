import { ColumnDecoders } from '../../db/scan/columnDecoders.ts';
import type { QueryContext } from '../../db/scan/queryContext.ts';
import { scanTable } from '../../db/scan/scanTable.ts';
import { sortPositive } from '../statistics/radixSort.ts';
import { NumberColumn } from './columns.ts';
import { PhaseNumbers, type PhaseIndex } from './phaseIndex.ts';
import { raiseSuspicion, type TelemetrySamples } from './telemetrySamples.ts';

/** More tokens than any call has: keeps phase and tokens apart in one number. */
const tokenRange = 2 ** 27;

/** Phases with tokens, to look one up among millions: eight bytes each, where a set would take ten times as much. */
class PhaseTokens {
  readonly #keys = new NumberColumn((length) => new Float64Array(length));
  #sorted: Float64Array | null = null;

  add(phase: number, tokens: number): void {
    this.#keys.push(keyOf(phase, tokens));
    this.#sorted = null;
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  has(phase: number, tokens: number): boolean {
    const sorted = (this.#sorted ??= sortPositive(this.#keys.view().slice()));
    const wanted = keyOf(phase, tokens);
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? NaN) < wanted) low = middle + 1;
      else high = middle;
    }
    return sorted[low] === wanted;
  }
}

/** What usage records tell of each phase: outputs and totals of its calls, and the total of all of them. In tokens. */
export class TotalUsage {
  readonly #outputs = new PhaseTokens();
  readonly #totals = new PhaseTokens();
  readonly #sums = new Map<number, number>();

  /** Notes a call of the phase with this number. Tokens are NaN where they are not recorded. */
  add(phase: number, input: number, output: number, recordedTotal: number): void {
    const total = recordedTotal > 0 ? recordedTotal : input + output;
    if (output > 0) this.#outputs.add(phase, output);
    if (!(total > 0)) return;
    this.#totals.add(phase, total);
    this.#sums.set(phase, (this.#sums.get(phase) ?? 0) + total);
  }

  /** Whether so many tokens are what a call or the phase took in all, input included, and no call's output. */
  isTotal(phase: number, tokens: number): boolean {
    const found = this.#sums.get(phase) === tokens || this.#totals.has(phase, tokens);
    return found && !this.#outputs.has(phase, tokens);
  }

  /** Marks the samples whose output is a total. */
  mark(samples: TelemetrySamples): void {
    if (this.#totals.isEmpty) return;
    for (let at = 0; at < samples.count; at += 1) {
      if (this.isTotal(samples.phase[at] ?? 0, samples.actual[at] ?? NaN)) {
        raiseSuspicion(samples, at, 'total-tokens');
      }
    }
  }
}

function keyOf(phase: number, tokens: number): number {
  return phase * tokenRange + tokens;
}

const table = 'llm_usage_events';

/** What the usage records tell of the phases in the index; nothing where there is no such table. */
export function readTotalUsage(context: QueryContext, phases: PhaseIndex): TotalUsage {
  const usage = new TotalUsage();
  if (!context.schema.hasTable(table)) return usage;
  const numbers = new PhaseNumbers(phases);
  const of = new ColumnDecoders(table, context.warnings);
  const columns = [
    of.text('run_id', (text) => numbers.runs.index(text)),
    of.text('phase_id', (text) => numbers.ids.index(text)),
    of.integer('prompt_tokens'),
    of.integer('completion_tokens'),
    of.integer('total_tokens'),
  ];
  scanTable(context, table, columns, ([run = 0, id = 0, input = NaN, output = NaN, total = NaN]) => {
    const phase = numbers.find(run, id);
    if (phase !== undefined) usage.add(phase, input, output, total);
  });
  return usage;
}
