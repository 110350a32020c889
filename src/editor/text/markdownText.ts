/** Makes text of a database harmless in Markdown: shown as it is, no link, no image, no heading, no icon. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*[\]|~$<>&]|(?<![a-z\d])_|_(?![a-z\d])/gi, String.raw`\$&`)
    .replaceAll(/^(\s*)([-+=#]|\d+(?=[.)]))/gm, String.raw`$1\$2`);
}

/** The same for text of several lines, which it keeps. */
export function escapeLines(text: string): string {
  return escapeMarkdown(text.trim()).replaceAll(/\n(?!\n)/g, '  \n');
}

/** Text as inline code, whatever back-ticks it holds. */
export function inlineCode(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...[...oneLine.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${oneLine}${fence}` : `${fence} ${oneLine} ${fence}`;
}

/** Text as a code block, whatever fences it holds. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.trimEnd()}\n${fence}`;
}

/** A list of `- **name**: value` lines; facts without a value are left out. Values are Markdown. */
export function factList(facts: readonly (readonly [name: string, value: string | null])[]): string {
  return facts.flatMap(([name, value]) => (value === null ? [] : [`- **${name}**: ${value}`])).join('\n');
}
