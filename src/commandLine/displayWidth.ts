import { eastAsianWidth } from 'get-east-asian-width';

/** Made when a text first needs it. */
let segmenter: Intl.Segmenter | null = null;
const asciiOnly = /^[\x20-\x7e]*$/;
const emoji = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;

/** How many columns of a terminal a text takes that is safe to show: two for wide characters and emoji. */
export function displayWidth(text: string): number {
  if (asciiOnly.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment);
  return width;
}

/** What a terminal shows of a grapheme is as wide as its first character; marks on it take no room. */
function graphemeWidth(grapheme: string): number {
  if (emoji.test(grapheme)) return 2;
  return /^\p{M}/u.test(grapheme) ? 0 : eastAsianWidth(grapheme.codePointAt(0) ?? 0);
}

/** As much of the beginning of a text as fits, with an ellipsis in place of the rest. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return `${takeWidth(text, Math.max(0, width - 1)).trimEnd()}…`;
}

function takeWidth(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of graphemes(text)) {
    used += graphemeWidth(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
}

/** Breaks a text into lines that fit, between words where it can, and within a word that is longer than a line. */
export function wrapToWidth(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (displayWidth(line) > width) {
      const head = headOf(line, width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return [...lines, line];
}

/** The part of a long word that goes on a line: to the last joint of an id or a path, and at least one character. */
function headOf(word: string, width: number): string {
  const fitting = takeWidth(word, width);
  const joint = /^.*[-_/\\.:,]/u.exec(fitting)?.[0] ?? '';
  if (joint.length * 2 > fitting.length) return joint;
  if (fitting !== '') return fitting;
  const [first] = graphemes(word);
  return first?.segment ?? word;
}

function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}
