import { decodePercent } from '../text/decodeText.ts';

/** A link of a Markdown file to a file, as it is written. */
export interface MarkdownLink {
  readonly target: string;
  /** The first line is 1. */
  readonly line: number;
}

/** How many links of one file are looked at. */
const mostLinks = 1000;
/** How long a line may be that is looked at, in UTF-16 units: text has no longer ones. */
const longestLine = 4000;

/** `[text](target "title")`, `![alt](target)` and `[name]: target`; a target may stand in angle brackets. */
const inlineLink =
  /\]\([ \t]{0,10}(?:<([^<>\n]{1,1000})>|([^\s<>()]{1,1000}(?:\([^\s()]{0,200}\)[^\s<>()]{0,200})?))/g;
const reference = /^ {0,3}\[[^\]\n]{1,300}\]:[ \t]{0,10}(?:<([^<>\n]{1,1000})>|(\S{1,1000}))/;
const inlineCode = /(`{1,10})(?!`)[^\n]*?[^`]\1(?!`)/g;

/** The links of a Markdown text that lead to files: none to the web, none within the text, none in code. */
export function fileLinks(markdown: string): MarkdownLink[] {
  const links: MarkdownLink[] = [];
  let fence: string | null = null;
  for (const [index, whole] of markdown.split('\n').entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(whole.slice(0, longestLine))?.[1];
    if (mark !== undefined && (fence === null || (mark.startsWith(fence) && whole.trim() === mark))) {
      fence = fence === null ? mark : null;
      continue;
    }
    if (fence !== null || whole.length > longestLine) continue;
    const text = whole.replace(inlineCode, '');
    const targets = [
      ...text.matchAll(inlineLink),
      ...[reference.exec(text)].filter((found) => found !== null),
    ];
    for (const [, bracketed, plain] of targets) {
      const target = fileOf(bracketed ?? plain ?? '');
      if (target !== null && links.push({ target, line: index + 1 }) === mostLinks) return links;
    }
  }
  return links;
}

/** The path in a target, decoded; `null` where it is no path of a file. */
function fileOf(target: string): string | null {
  if (/^[a-z][a-z0-9+.-]{1,30}:|^\/\/|^#|^\{/i.test(target)) return null;
  const path = target.split(/[?#]/, 1)[0] ?? '';
  if (path === '') return null;
  return decodePercent(path);
}
