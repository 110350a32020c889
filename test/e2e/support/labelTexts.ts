import type { Locator } from 'playwright-core';

/** The little of the DOM that is read inside the page; the tests compile without the DOM's types. */
interface RowElement {
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
}

/** Label, description and detail of each row of a VS Code list, with one space between. */
export function labelTexts(rows: Locator): Promise<string[]> {
  return rows.evaluateAll((elements: readonly RowElement[]) =>
    elements.map((row) =>
      [...row.querySelectorAll('.label-name, .label-description')]
        .map((part) => part.textContent.trim())
        .join(' '),
    ),
  );
}
