import { Interner, NumberColumn } from '../samples/columns.ts';

/** One prediction as a log tells it. Tokens are output tokens; what its format does not tell is `null`. */
export interface LogSample {
  /**
   * - `v1` tells only predicted and actual.
   * - `v2` tells everything.
   * - `fallback` is the writer's second choice: its `actual` is *total* tokens, and no stop reason is known.
   */
  readonly format: 'v1' | 'v2' | 'fallback';
  /** Milliseconds since the epoch, from the line's prefix; the log's zone is taken to be UTC, as in the database. */
  readonly timestamp: number | null;
  readonly predicted: number;
  readonly actual: number;
  readonly selectedBudget: number | null;
  /** As written; see `normaliseCategory`. */
  readonly category: string | null;
  readonly complexity: string | null;
  readonly deliverableCount: number | null;
  readonly success: boolean | null;
  readonly stopReason: string | null;
  readonly truncated: boolean | null;
  readonly model: string | null;
}

/** A sample and the number of its line, counted from 1. */
export interface LocatedSample extends LogSample {
  readonly line: number;
}

/** Samples in the order of their lines; `at` may make a new object each time. */
export interface LogSampleList {
  readonly length: number;
  at(index: number): LocatedSample | undefined;
}

const formats = ['v1', 'v2', 'fallback'] as const;
const flags = [null, false, true] as const;
const decimals = () => new NumberColumn((length) => new Float64Array(length));
const integers = () => new NumberColumn((length) => new Uint32Array(length));

/** Samples of many logs, by column: about 60 bytes each. NaN stands for a number that is not known. */
export class LogSampleColumns {
  /** Of all columns of text. No text is empty, so that the empty one stands for none. */
  readonly #texts = new Interner((text) => text ?? '');
  readonly #line = integers();
  readonly #timestamp = decimals();
  readonly #predicted = decimals();
  readonly #actual = decimals();
  readonly #selectedBudget = decimals();
  readonly #deliverableCount = decimals();
  readonly #category = integers();
  readonly #complexity = integers();
  readonly #stopReason = integers();
  readonly #model = integers();
  /** Format, success and truncated as one number of three digits to the base 3. */
  readonly #packed = new NumberColumn((length) => new Uint8Array(length));

  get length(): number {
    return this.#line.length;
  }

  /** Adds what one line tells. The object is not kept. */
  push(sample: LogSample, line: number): void {
    this.#line.push(line);
    this.#timestamp.push(sample.timestamp ?? NaN);
    this.#predicted.push(sample.predicted);
    this.#actual.push(sample.actual);
    this.#selectedBudget.push(sample.selectedBudget ?? NaN);
    this.#deliverableCount.push(sample.deliverableCount ?? NaN);
    this.#category.push(this.#texts.index(sample.category));
    this.#complexity.push(this.#texts.index(sample.complexity));
    this.#stopReason.push(this.#texts.index(sample.stopReason));
    this.#model.push(this.#texts.index(sample.model));
    const [format, success, truncated] = [
      formats.indexOf(sample.format),
      flags.indexOf(sample.success),
      flags.indexOf(sample.truncated),
    ];
    this.#packed.push((format * 3 + success) * 3 + truncated);
  }

  /** The sample in a row below the length, as a new object. */
  at(row: number): LocatedSample {
    const packed = this.#packed.get(row);
    return {
      format: formats[Math.floor(packed / 9)] ?? 'v1',
      line: this.#line.get(row),
      timestamp: orNull(this.#timestamp.get(row)),
      predicted: this.#predicted.get(row),
      actual: this.#actual.get(row),
      selectedBudget: orNull(this.#selectedBudget.get(row)),
      category: this.#text(this.#category.get(row)),
      complexity: this.#text(this.#complexity.get(row)),
      deliverableCount: orNull(this.#deliverableCount.get(row)),
      success: flags[Math.floor(packed / 3) % 3] ?? null,
      stopReason: this.#text(this.#stopReason.get(row)),
      truncated: flags[packed % 3] ?? null,
      model: this.#text(this.#model.get(row)),
    };
  }

  #text(index: number): string | null {
    const text = this.#texts.name(index) ?? '';
    return text === '' ? null : text;
  }
}

/** The rows that one log has in the columns of all. */
export class LogSampleRows implements LogSampleList {
  readonly length: number;
  readonly #columns: LogSampleColumns;
  readonly #from: number;

  /** From row `from` to the last that the columns have now. */
  constructor(columns: LogSampleColumns, from: number) {
    this.#columns = columns;
    this.#from = from;
    this.length = columns.length - from;
  }

  at(index: number): LocatedSample | undefined {
    return index < this.length ? this.#columns.at(this.#from + index) : undefined;
  }

  map<T>(of: (sample: LocatedSample) => T): T[] {
    return Array.from({ length: this.length }, (_, index) => of(this.#columns.at(this.#from + index)));
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
