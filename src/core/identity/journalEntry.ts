import * as z from 'zod';
import type { PhaseKey } from '../model/phase.ts';
import { epochMs } from '../model/timestamp.ts';
import { cutText } from '../text/printable.ts';

/** Who makes a change. Texts are cut to {@link longestText}. */
const journalAuthor = z.object({
  user: z.string(),
  host: z.string(),
  /** Of the program that wanted the change, not of the process that writes for it. */
  pid: z.number(),
  program: z.enum(['editor', 'command line', 'drain']).catch('command line'),
  /** The agent that ran the program, where one was recognised. */
  agent: z.string().exactOptional(),
});

/** See {@link journalAuthor}. */
export type JournalAuthor = Readonly<z.output<typeof journalAuthor>>;

/** What a change was done to: a run, a phase, how many phases; a few short values by name. */
export type JournalSubject = Readonly<Record<string, string | number>>;

const details = z.object({
  /** The serial of the change before it: one less, unless a backup was restored in between. */
  before: z.number(),
  subject: z.record(z.string(), z.union([z.string(), z.number()])),
  /** How many rows of which tables its own statements changed. */
  rows: z.record(z.string(), z.number()),
  /** How many more triggers and foreign keys changed. */
  further: z.number(),
  author: journalAuthor,
  /** The workspace folder whose journal has a line of it; absolute. */
  folder: z.string().nullable(),
  /** Where the database lay; absolute. */
  path: z.string(),
  /** The copy that was made before; absolute. */
  backup: z.string().nullable(),
  /** The session of the drain that it belongs to. */
  session: z.string().nullable(),
  /** Of how many rows a server keeps what they were, and which is the oldest change of which it does. */
  kept: z.object({ rows: z.number(), oldest: z.number() }).exactOptional(),
});

/** The part of an entry that the table of a database keeps in one column. */
export const journalDetails = details;

/** A change of a database by this product, as the database and the folder both keep it. */
export const journalEntry = details.extend({
  /** Counts the changes of a database; never goes back, by a restored backup either. */
  serial: z.number(),
  /** Random: by what two changes of the same serial are told apart. */
  mark: z.string(),
  at: epochMs,
  /** The name of the operation, or of an event such as `restore`. */
  operation: z.string(),
  /** The id of the database when it was done. */
  database: z.string(),
});

/** See {@link journalEntry}. */
export type JournalEntry = Readonly<z.output<typeof journalEntry>>;

/** The last change of a database: by it, one state of it is told from an older one and from another. */
export interface LastChange {
  /** 0 where no change was noted. */
  readonly serial: number;
  /** Of the entry of that serial; `null` without one. */
  readonly mark: string | null;
}

/** No change was noted: in a database that was not adopted, or only by a version without a journal. */
export const noChange: LastChange = { serial: 0, mark: null };

/** The operation of a line that tells that somebody took a database for the right one as it is. */
export const acceptedOperation = 'accept';

/** How long one text of an entry may be, in UTF-16 units; paths may be longer. */
const longestText = 200;
/** How many tables are told one by one. */
const mostTables = 20;

/** An entry of bounded size, whatever the names in it: a run's id, a user, a table. */
export function boundedEntry(entry: JournalEntry): JournalEntry {
  const { subject, rows, author } = entry;
  const short = (text: string): string => cutText(text, longestText);
  return {
    ...entry,
    operation: short(entry.operation),
    subject: Object.fromEntries(
      Object.entries(subject).map(([name, value]) => [
        name,
        typeof value === 'string' ? short(value) : value,
      ]),
    ),
    rows: boundedRows(rows),
    author: {
      ...author,
      user: short(author.user),
      host: short(author.host),
      ...(author.agent === undefined ? {} : { agent: short(author.agent) }),
    },
  };
}

function boundedRows(rows: JournalEntry['rows']): JournalEntry['rows'] {
  const all = Object.entries(rows).map(([table, count]) => [cutText(table, longestText), count] as const);
  const others = all.slice(mostTables).reduce((sum, [, count]) => sum + count, 0);
  return Object.fromEntries([
    ...all.slice(0, mostTables),
    ...(others === 0 ? [] : [['other tables', others] as const]),
  ]);
}

/** An entry as a line of the folder's journal, without its end. */
export function journalLine(entry: JournalEntry): string {
  return JSON.stringify({ version: 1, ...entry });
}

/** Lines of other versions may mean something else. */
const ofThisVersion = z.object({ version: z.literal(1) });

/** Reads a line of the folder's journal; `null` where it is none, as one that was cut off. */
export function parseJournalLine(line: string): JournalEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    ofThisVersion.parse(value);
    return journalEntry.parse(value);
  } catch {
    return null;
  }
}

/** The subject of a change of several phases: how many, and the one there is. */
export function subjectOfPhases(phases: readonly PhaseKey[]): JournalSubject {
  const runs = new Set(phases.map(({ runId }) => runId));
  const [first] = phases;
  return {
    phases: phases.length,
    ...(runs.size === 1 && first !== undefined ? { run: first.runId } : { runs: runs.size }),
    ...(phases.length === 1 && first !== undefined ? { phase: first.phaseId } : {}),
  };
}
