import { printable, printableLines } from './printable.ts';

/** How much of a text in a Markdown document is shown on one line, in UTF-16 units. */
const longestLine = 4000;
/** The same for inline code, which holds paths and ids. */
const longestCode = 1000;

const inlineMarks = /[\\`*[\]|~$<>&]|(?<![a-z\d])_|_(?![a-z\d])/gi;
/** What opens a list or a heading at the head of a line. The space before it is on that line, so that a pass stays linear. */
const blockMarks = /^([^\S\n]{0,100})([-+=#]|\d{1,9}(?=[.)]))/gm;

/** Foreign text as it is in Markdown, on one line: no link, no image, no heading, no icon, nothing that does not show. */
export function escapeMarkdown(text: string): string {
  return escapeMarks(printable(text, longestLine));
}

/** The same for text of several lines, which it keeps. */
export function escapeMarkdownLines(text: string): string {
  return escapeMarks(printableLines(text.trim())).replaceAll(/\n(?!\n)/g, '  \n');
}

/** Foreign text as inline code, whatever back-ticks it holds. */
export function inlineCode(text: string): string {
  const line = printable(text.trim(), longestCode);
  const ticks = longestRun(line);
  const fence = '`'.repeat(ticks + 1);
  return ticks === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** Foreign text as a code block, whatever fences it holds. */
export function codeBlock(text: string): string {
  const shown = printableLines(text);
  const fence = '`'.repeat(Math.max(2, longestRun(shown)) + 1);
  return `${fence}text\n${shown.trimEnd()}\n${fence}`;
}

/** A list of `- **name**: value` lines; facts without a value are left out. Values are Markdown. */
export function factList(facts: readonly (readonly [name: string, value: string | null])[]): string {
  return facts.flatMap(([name, value]) => (value === null ? [] : [`- **${name}**: ${value}`])).join('\n');
}

/**
 * Text of a report so that nothing in it takes effect, with as little change as that takes, for reports are read in
 * terminals too: links, images, code and HTML are taken apart, all else stays as it is.
 */
export function plainMarkdown(text: string): string {
  return printable(text, longestLine).replaceAll(/`|\](?=[([:])|<(?=[a-z!?/])|!(?=\[)/gi, String.raw`\$&`);
}

/** All patterns that are held against foreign text here, for the test that measures their growth. */
export const markdownPatterns: readonly RegExp[] = [inlineMarks, blockMarks];

function escapeMarks(text: string): string {
  return text.replaceAll(inlineMarks, String.raw`\$&`).replaceAll(blockMarks, String.raw`$1\$2`);
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length);
  return longest;
}
