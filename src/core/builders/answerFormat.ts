import { counted, formatBytes } from '../text/quantities.ts';
import { printable } from '../text/printable.ts';

/** A file as a model's answer gives it. */
export interface AnsweredFile {
  /** As the answer names it: not checked. */
  readonly path: string;
  /** The whole content. */
  readonly content: string;
}

/** An answer as it was understood. */
export type ParsedAnswer =
  | { readonly kind: 'files'; readonly files: readonly AnsweredFile[] }
  /** `complaint` tells the model what to correct, in sentences without anything of the answer that is not printable. */
  | { readonly kind: 'unusable'; readonly complaint: string };

/*
 * The format of an answer: each file between a line `@@@ FILE <boundary> <path>` and a line `@@@ END <boundary> <path>`, and
 * `@@@ DONE <boundary> <number of files>` at the end. The boundary is random and of one request: no content can hold it but
 * on purpose, so fences, other answers and this very text can be content, and whatever holds it elsewhere is a mistake. The
 * line with DONE tells a whole answer from one that was cut between two files.
 */

/** The first word of the lines that are not content. */
export const marker = '@@@';

/** What an answer may hold, in UTF-16 units: far more than any output limit lets through. */
const longestAnswer = 8 << 20;
const longestFile = 2 << 20;
/** How many files one answer may hold, and so one phase may ask for. */
export const mostFiles = 200;
/** How much of a line or path of the answer a complaint quotes, in UTF-16 units. */
const longestQuote = 120;

/** What a source file never holds, and what hides what stands in it: CVE-2021-42574 (Trojan Source), Unicode tags, halves of pairs. */
const unwritable =
  // eslint-disable-next-line no-control-regex -- controls are what is looked for
  /[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}\p{Cs}]/u;

/** Whether a text can be a boundary: long enough not to be guessed, and made of what every model repeats without a mistake. */
function isBoundary(boundary: string): boolean {
  return /^[a-z0-9]{12,64}$/.test(boundary);
}

/** Files in the format of an answer; the contents end with a line break. Throws a `RangeError` for an unfit boundary. */
export function formatAnswer(files: readonly AnsweredFile[], boundary: string): string {
  if (!isBoundary(boundary)) throw new RangeError('A boundary has 12 to 64 small letters and digits.');
  const parts = files.map(
    ({ path, content }) =>
      `${marker} FILE ${boundary} ${path}\n${content}${marker} END ${boundary} ${path}\n`,
  );
  return `${parts.join('')}${marker} DONE ${boundary} ${files.length}\n`;
}

/**
 * Reads an answer strictly, in time and memory proportional to its length. `deliverables` are the files that must be in it;
 * any others are given as they are named, for whoever writes them to judge.
 */
export function parseAnswer(
  text: string,
  boundary: string,
  deliverables: readonly string[] = [],
): ParsedAnswer {
  if (!isBoundary(boundary)) throw new RangeError('A boundary has 12 to 64 small letters and digits.');
  try {
    const files = readFiles(text, boundary);
    refuseMissing(files, deliverables);
    return { kind: 'files', files };
  } catch (error) {
    if (error instanceof Complaint) return { kind: 'unusable', complaint: error.message };
    throw error;
  }
}

class Complaint extends Error {}

function readFiles(text: string, boundary: string): AnsweredFile[] {
  if (text.length > longestAnswer) {
    throw new Complaint(
      `The answer is longer than ${formatBytes(longestAnswer)}. Give the requested files only.`,
    );
  }
  const files: AnsweredFile[] = [];
  const taken = new Map<string, string>();
  for (let position = answerStart(text); ;) {
    const start = nextText(text, position);
    if (start === null) throw new Complaint(endsEarly(files.length, boundary));
    const line = lineAt(text, start);
    const { word, rest } = markerLine(line.text, boundary);
    if (word === 'DONE') {
      refuseAfterEnd(text, line, rest, files.length);
      return files;
    }
    if (word !== 'FILE') throw new Complaint(`The line ${quote(line.text)} ends a file that was not begun.`);
    if (rest === '') throw new Complaint(`A line "${marker} FILE ${boundary}" names no file.`);
    if (files.length === mostFiles) throw new Complaint(`The answer has more than ${mostFiles} files.`);
    refuseTwin(rest, taken);
    const file = readFile(text, line, rest, boundary);
    files.push({ path: rest, content: file.content });
    position = file.next;
  }
}

interface Line {
  /** Without its line break. */
  readonly text: string;
  /** Where the next one begins. */
  readonly next: number;
  readonly isLast: boolean;
}

function lineAt(text: string, position: number): Line {
  const end = text.indexOf('\n', position);
  const stop = end === -1 ? text.length : end;
  return { text: text.slice(position, stop).replace(/\r$/, ''), next: stop + 1, isLast: end === -1 };
}

/** Where the next line begins that is not blank; `null` where none is. */
function nextText(text: string, position: number): number | null {
  const visible = /\S/g;
  visible.lastIndex = position;
  const found = visible.exec(text)?.index;
  return found === undefined ? null : Math.max(position, text.lastIndexOf('\n', found) + 1);
}

/** Some servers give what a model thinks as the head of its answer; drafts in it are none of the answer. */
function answerStart(text: string): number {
  const head = /^\s*<think(?:ing)?>/.exec(text);
  if (head === null) return 0;
  const tag = head[0].trim().replace('<', '</');
  const end = text.indexOf(tag, head[0].length);
  return end === -1 ? 0 : end + tag.length;
}

function markerLine(line: string, boundary: string): { readonly word: string; readonly rest: string } {
  const [first, word = '', found = ''] = line.split(' ', 3);
  if (first !== marker || !['FILE', 'END', 'DONE'].includes(word)) {
    throw new Complaint(
      `There is text outside of the files: ${quote(line)}. Answer with nothing but the files, each between its FILE and END lines, without a code fence around them.`,
    );
  }
  if (found !== boundary) {
    throw new Complaint(
      `The line ${quote(line)} has not the boundary of this request, which is ${boundary}.`,
    );
  }
  return { word, rest: line.slice(marker.length + word.length + boundary.length + 3) };
}

function refuseTwin(path: string, taken: Map<string, string>): void {
  const name = path.normalize('NFKC').toUpperCase().toLowerCase();
  const other = taken.get(name);
  if (other !== undefined) {
    throw new Complaint(
      other === path
        ? `The file ${quote(path)} is given twice.`
        : `The files ${quote(other)} and ${quote(path)} are one file on some disks.`,
    );
  }
  taken.set(name, path);
}

function readFile(
  text: string,
  header: Line,
  path: string,
  boundary: string,
): { readonly content: string; readonly next: number } {
  const missing = `The file ${quote(path)} has no line "${marker} END ${boundary} ${quoted(path)}" at its end.`;
  const found = header.isLast ? -1 : text.indexOf(boundary, header.next);
  if (found === -1) throw new Complaint(`${missing} The answer may have been cut off.`);
  const start = Math.max(header.next, text.lastIndexOf('\n', found) + 1);
  const line = lineAt(text, start);
  const length = start - header.next;
  if (line.text !== `${marker} END ${boundary} ${path}`)
    throw new Complaint(endComplaint(line.text, path, missing));
  if (length > longestFile)
    throw new Complaint(`The file ${quote(path)} is longer than ${formatBytes(longestFile)}.`);
  const content = text.slice(header.next, start);
  refuseContent(content, path);
  return { content, next: line.next };
}

/** Says what is wrong with a line that holds the boundary and should have ended the file. */
function endComplaint(line: string, path: string, missing: string): string {
  const [first, word] = line.split(' ', 2);
  if (first !== marker) return `The content of ${quote(path)} holds the boundary of this request. ${missing}`;
  if (word !== 'END') return missing;
  return `The file that begins as ${quote(path)} ends with the line ${quote(line)}. Both lines must name the same file, with nothing behind the name.`;
}

function refuseContent(content: string, path: string): void {
  if (content.trim() === '') throw new Complaint(`The file ${quote(path)} is empty.`);
  const unwritten = unwritable.exec(content)?.[0];
  if (unwritten !== undefined) {
    const line = content.slice(0, content.indexOf(unwritten)).split('\n').length;
    throw new Complaint(
      `Line ${line} of ${quote(path)} holds the character ${quote(unwritten)}, which is not written to a file. Write it as an escape sequence.`,
    );
  }
  if (!/\.(?:md|mdx|markdown|txt|rst)$/i.test(path) && isFenced(content)) {
    throw new Complaint(`The content of ${quote(path)} stands in a code fence. Give it without the fence.`);
  }
}

function isFenced(content: string): boolean {
  const trimmed = content.trim();
  const fence = /^(?:```|~~~)/.exec(trimmed)?.[0];
  return fence !== undefined && trimmed.length > 3 && trimmed.endsWith(`\n${fence}`);
}

function refuseAfterEnd(text: string, done: Line, count: string, files: number): void {
  const rest = text.slice(done.next).trim();
  if (rest !== '')
    throw new Complaint(`There is text behind the last line: ${quote(rest)}. End with the DONE line.`);
  if (files === 0) throw new Complaint('The answer has no files.');
  if (count !== String(files)) {
    throw new Complaint(`The DONE line says ${quote(count)}, but the answer has ${counted(files, 'file')}.`);
  }
}

function endsEarly(files: number, boundary: string): string {
  return files === 0
    ? `The answer has no files. Begin with a line "${marker} FILE ${boundary}" and the path of the first file.`
    : `The answer ends without the line "${marker} DONE ${boundary} ${files}". It may have been cut off.`;
}

function refuseMissing(files: readonly AnsweredFile[], deliverables: readonly string[]): void {
  const given = new Set(files.map(({ path }) => path.replace(/^\.\//, '').normalize('NFC')));
  const missing = deliverables.filter((path) => !given.has(path.replace(/^\.\//, '').normalize('NFC')));
  if (missing.length === 0) return;
  const named = missing.slice(0, 10).map(quote).join(', ');
  throw new Complaint(
    `The answer lacks ${named}${missing.length > 10 ? ` and ${missing.length - 10} more` : ''}. Give every requested file whole, under exactly its path.`,
  );
}

function quote(text: string): string {
  return `"${quoted(text)}"`;
}

function quoted(text: string): string {
  return printable(text.slice(0, longestQuote * 40), longestQuote);
}
