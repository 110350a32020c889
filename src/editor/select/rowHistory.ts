/**
 * Remembers since when each row of a list stands where it stands, so that a click meant for the row that was there
 * before can be told from one meant for this row. Times are ms of any one clock.
 */
export class RowHistory {
  #rows = new Map<string, { readonly index: number; readonly since: number }>();
  #isFirst = true;

  /** The rows as they are shown from now on, by key. Nothing has moved in a list that is shown for the first time. */
  note(keys: readonly string[], now: number): void {
    const before = this.#rows;
    const since = this.#isFirst ? -Infinity : now;
    this.#rows = new Map(
      keys.map((key, index) => {
        const row = before.get(key);
        return [key, row?.index === index ? row : { index, since }];
      }),
    );
    this.#isFirst &&= keys.length === 0;
  }

  /** For how long the row has been in its place; 0 for a row that is not shown. */
  settledMs(key: string, now: number): number {
    return now - (this.#rows.get(key)?.since ?? now);
  }
}
