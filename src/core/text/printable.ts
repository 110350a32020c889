import { maskSecrets } from './maskSecrets.ts';

/** How much of one value (an id, a model, a reason in a row) is shown, in UTF-16 units. */
const longestShownValue = 300;
/** How much of a text with lines of its own (a description, a log excerpt) is shown, in UTF-16 units. */
const longestShownText = 20_000;

/** Sequences that color, move the cursor, set titles and make links, complete or cut off, as raw bytes and as they are quoted. */
const ansiSequence =
  // eslint-disable-next-line no-control-regex -- escapes are what is looked for
  /(?:\x1b|\u241b|\\x1b|\\u001b|\\033|\\e|\^\[)(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b\n]{0,1000}(?:\x07|\x1b\\)?|[()#%*+][0-9A-Za-z])|\x9b[0-?]{0,40}[ -/]{0,4}[@-~]/g;

/**
 * What does not show, or changes how its neighbours show: controls, formats (bidirectional, zero-width, tags), line and
 * paragraph separators, private use, halves of surrogate pairs, fillers; and marks in such numbers on one letter that they
 * cover the lines around it, which no script needs. Which form an emoji takes is left to it.
 */
const unprintable =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u2800]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}|(?<=\p{M}{8})\p{M}/gu;

/** Text without the sequences that color it or move the cursor: what a person reads of it. */
export function stripAnsi(text: string): string {
  return text.replace(ansiSequence, '');
}

/**
 * Foreign text as one harmless line, for a terminal, a label, a dialog or a log: passwords and tokens are masked, and
 * what does not show is shown as an escape (`\x1b`, `\u202e`, `\n`). Otherwise what it shows is what is there.
 */
export function printable(text: string, longest = longestShownValue): string {
  return maskedAndCut(text, longest).replace(unprintable, escapeOf);
}

/** The same for text of several lines, whose line feeds it keeps; a tab becomes a space. */
export function printableLines(text: string, longest = longestShownText): string {
  return maskedAndCut(text, longest)
    .replace(/\r\n/g, '\n')
    .replace(unprintable, (character) =>
      character === '\n' ? '\n' : character === '\t' ? ' ' : escapeOf(character),
    );
}

/** Lines that are put together to one text, each of which stays one line whatever is in it. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => printable(line, longestShownText)).join('\n');
}

/** Longer than any secret that is masked with what stands before it: one that begins in what is shown is seen whole. */
const longestSecret = 4096;

function maskedAndCut(text: string, longest: number): string {
  return cutText(maskSecrets(cutText(text, longest + longestSecret)), longest);
}

/** At most `longest` UTF-16 units of a text, with an ellipsis in place of the rest; no character is cut in half. */
export function cutText(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The end of a text, at most `longest` UTF-16 units, with an ellipsis in place of what stood before. */
export function cutStart(text: string, longest: number): string {
  return text.length <= longest ? text : `…${text.slice(1 - longest).replace(/^[\udc00-\udfff]/, '')}`;
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return (
    named[character] ??
    (code <= 0xff
      ? `\\x${hex.padStart(2, '0')}`
      : code <= 0xffff
        ? `\\u${hex.padStart(4, '0')}`
        : `\\u{${hex}}`)
  );
}
