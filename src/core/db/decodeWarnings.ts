/** Counts what could not be read as it should be, so that a reader shows the row and says so instead of failing. */
export class DecodeWarnings {
  readonly #counts = new Map<string, number>();

  /** `what` names the place, not the value: `phases.created_at is not a timestamp`. */
  add(what: string, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** One entry a kind, in the order of first sight. */
  list(): DecodeWarning[] {
    return [...this.#counts].map(([what, count]) => ({ what, count }));
  }
}

/** A kind of oddity in the data, and how often it was met. */
export interface DecodeWarning {
  readonly what: string;
  readonly count: number;
}
