import { printable } from '../../core/text/printable.ts';
import { counted } from '../../core/text/quantities.ts';

/** The longest answer of a tool, in UTF-16 units of its JSON: about 4,000 tokens of a model. */
export const longestAnswer = 16_000;
/** How much of one text is told, in UTF-16 units. */
const longestText = 300;
/** A path is of no use in part. */
const longestPath = 1000;
/** How many entries of an object that a database names are told. */
const mostNames = 12;
/** How much of the answer what is not a list may take: texts of databases can be long, and many. */
const mostFacts = 10_000;

/** One list of an answer, of which as much is told as there is room for. */
export interface AnswerList {
  readonly name: string;
  /** From `offset` on. */
  readonly items: readonly unknown[];
  /** How many of the whole list come before; 0 by default. */
  readonly offset?: number;
  /** How many there are in all, where `items` are a part of them. */
  readonly total?: number;
  /** Whether the tool takes an `offset` for it. */
  readonly isPaged?: boolean;
}

/** What a tool found: facts, which are few, and lists in the order of their weight. */
export interface ToolAnswer {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly lists?: readonly AnswerList[];
}

/**
 * An answer as one line of JSON, at most {@link longestAnswer} long. Every text in it is one printable line without
 * secrets. `leftOut` says what there was no room for, and how to get at it.
 */
export function answerText(facts: object, lists: readonly AnswerList[] = []): string {
  const leftOut: string[] = [];
  const answer: Record<string, unknown> = {};
  let used = 2;
  for (const [name, value] of Object.entries(facts)) {
    const told = tellable(value, name);
    const length = JSON.stringify({ [name]: told }).length;
    if (used + length > mostFacts && name !== 'database' && name !== 'error') {
      leftOut.push(`${name}: too long for this answer`);
      continue;
    }
    answer[name] = told;
    used += length;
  }
  // What is said of lists that are cut short needs room as well.
  const room = longestAnswer - leftOut.join().length - 200 * (lists.length + 1);
  for (const { name, items, offset = 0, total = offset + items.length, isPaged = false } of lists) {
    const shown: unknown[] = [];
    used += name.length + 6;
    for (const item of items) {
      const told = tellable(item, name);
      const length = JSON.stringify(told).length + 1;
      if (used + length > room) break;
      shown.push(told);
      used += length;
    }
    answer[name] = shown;
    const end = offset + shown.length;
    if (end >= total && offset === 0) continue;
    const which = shown.length === 0 ? 'none' : `${offset + 1} to ${end}`;
    const more = end < total && isPaged ? `; ask again with offset ${end} for more` : '';
    leftOut.push(`${name}: ${which} of ${counted(total, 'entry', 'entries')} shown${more}`);
  }
  return JSON.stringify({ ...answer, leftOut });
}

/** A value with every text made printable, and with no more names than a reader can take in. */
function tellable(value: unknown, name: string): unknown {
  if (typeof value === 'string') {
    return printable(value, /path$|^folder$/i.test(name) ? longestPath : longestText);
  }
  if (Array.isArray(value)) return value.map((each) => tellable(each, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [printable(key, 100), tellable(each, key)]),
  );
}

/** The commonest of counted names, the others summed up as `others`: a database may hold any number of them. */
export function commonest(counts: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const rest = entries.slice(mostNames).reduce((sum, [, count]) => sum + count, 0);
  return { ...Object.fromEntries(entries.slice(0, mostNames)), ...(rest === 0 ? {} : { others: rest }) };
}

/** A time (ms since the epoch) as ISO in UTC; `null` where it is not known. */
export function isoTime(time: number | null): string | null {
  return time === null || !Number.isFinite(new Date(time).getTime()) ? null : new Date(time).toISOString();
}
