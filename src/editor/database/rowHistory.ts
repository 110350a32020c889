import { t } from '../../core/text/l10n.ts';

/** A row must have been in its place for so long, in ms: a click may be meant for what was there before. */
const settleMs = 400;

/** What of a quick pick a choice is taken from. */
export interface PickOfRows<T> {
  selectedItems: readonly T[];
  placeholder: string | undefined;
}

/**
 * The row that was chosen, by a click or Enter; `undefined` where it has just moved, for the choice may be meant for
 * another: then the pick says so, and waits for the next one.
 */
export function settledChoice<T>(
  pick: PickOfRows<T>,
  rows: RowHistory,
  keyOf: (row: T) => string,
  now: number,
): T | undefined {
  const [chosen] = pick.selectedItems;
  if (chosen === undefined || rows.settledMs(keyOf(chosen), now) >= settleMs) return chosen;
  pick.placeholder = t`The list just changed. Choose again.`;
  // The editor tells of no second click on the row it holds for selected.
  pick.selectedItems = [];
  return undefined;
}

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
