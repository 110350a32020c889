import type { Locator } from 'playwright-core';
import bundle from '../../../media/l10n/bundle.l10n.de.json' with { type: 'json' };
import { manifestTexts } from '../../support/l10n/manifestTexts.ts';

/** The little of the DOM that is read inside the page; the tests compile without the DOM's types. */
interface PageElement {
  readonly innerText: string;
  readonly checkVisibility: () => boolean;
  readonly getAttribute: (name: string) => string | null;
  readonly querySelectorAll: (selector: string) => Iterable<PageElement>;
}

const { english, german } = manifestTexts;
const translations: readonly (readonly [string, string])[] = [
  ...Object.entries(bundle),
  ...Object.entries(english).map(([key, text]) => [text, german[key] ?? ''] as const),
];
const sentences = new Set(translations.flatMap(([text, translation]) => fixedParts(text, translation)));

/** What of an English text is shown as it stands, and is in no German one: its long parts between placeholders, links and marks. */
function fixedParts(text: string, translation: string): string[] {
  return text
    .replace(/\/[a-z-]+$/, '')
    .split(/\{\d+\}|\n|\]\([^)]*\)|\[|\*\*|`/)
    .map((part) => part.trim())
    .filter((part) => (part.match(/\p{L}{2,}/gu) ?? []).length > 3 && !translation.includes(part));
}

/** English texts of ours, of more than three words, that are found in what is shown although they have a translation. */
export function englishLeft(shown: string): string[] {
  const text = shown.replaceAll(/\s+/g, ' ');
  return [...sentences].filter((sentence) => text.includes(sentence));
}

/** All that is read or spoken there: texts, labels for screen readers and titles, of what is visible. */
export function allTexts(body: Locator): Promise<string> {
  return body.evaluate((element: PageElement) => {
    const labelled = [...element.querySelectorAll('[aria-label], [title]')].filter((each) =>
      each.checkVisibility(),
    );
    const labels = labelled.flatMap((each) => [each.getAttribute('aria-label'), each.getAttribute('title')]);
    return [element.innerText, ...labels].join('\n');
  });
}
