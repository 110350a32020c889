import bundle from '../../../media/l10n/bundle.l10n.de.json' with { type: 'json' };
import { manifestTexts } from '../../support/l10n/manifestTexts.ts';

const words = /\p{L}{2,}/gu;
const isSentence = (text: string): boolean => (text.match(words) ?? []).length > 3;

/** What of a text stays as it is, whatever is put into it: its parts between placeholders, links and lines. */
const fixedParts = (text: string): string[] =>
  text
    .split(/\{\d+\}|\n|\]\([^)]*\)|\[|\*\*|`/)
    .map((part) => part.trim())
    .filter(isSentence);

const { english, german } = manifestTexts;
const pairs = [
  ...Object.entries(bundle),
  ...Object.entries(english).map(([key, text]) => [text, german[key] ?? ''] as const),
];
const sentences = [...new Set(pairs.flatMap(([text, translation]) => partsLeft(text, translation)))];

function partsLeft(text: string, translation: string): string[] {
  return fixedParts(text.replace(/\/[a-z-]+$/, '')).filter((part) => !translation.includes(part));
}

/** The English texts of ours, of more than three words, that are found in what is shown. */
export function englishLeft(shown: string): string[] {
  const text = shown.replaceAll(/\s+/g, ' ');
  return sentences.filter((sentence) => text.includes(sentence));
}
