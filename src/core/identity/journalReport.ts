import { t } from '../text/l10n.ts';
import { counted, formatCount } from '../text/quantities.ts';
import { acceptedOperation, type JournalEntry, type LastChange } from './journalEntry.ts';

/** The changes that a database itself knows of. */
export interface DatabaseChanges {
  /** Of our identity table; `null` in a database that was not adopted. */
  readonly id: string | null;
  readonly lastChange: LastChange;
  /** The last first, as many as were asked for. */
  readonly entries: readonly JournalEntry[];
}

/**
 * Who knows of a change: the database and this folder; the database alone (it was made from another folder or machine, or
 * its line was lost); this folder alone (the database is an older state, or another file of its id); or this folder, and
 * the database that it was undone by a backup that was restored.
 */
export type ChangeKnownTo = 'both' | 'database' | 'folder' | 'undone';

/** A change, and who knows of it. */
export interface ReportedChange extends JournalEntry {
  readonly knownTo: ChangeKnownTo;
}

/** The journals of a database and of a folder, as one. */
export interface JournalReport {
  /** The last first. */
  readonly changes: readonly ReportedChange[];
  /** Where the two disagree, a sentence each. */
  readonly disagreements: readonly string[];
}

/**
 * Lays the journal of a database beside the lines that a folder has of it. Lines about other databases are left out, and
 * those older than what the database still remembers are taken from the folder alone, without a word.
 */
export function journalReport(
  { id, entries }: DatabaseChanges,
  lines: readonly JournalEntry[],
  limit: number,
): JournalReport {
  const own = lines.filter(({ database }) => database === id);
  const inDatabase = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const inFolder = new Map(own.map((entry) => [keyOf(entry), entry]));
  // A person took the state that was there for the right one: what the database lacks from before is as they want it.
  const given = new Set(own.slice(0, own.findLastIndex(isAccepted) + 1).map(keyOf));
  const oldest = entries.at(-1)?.serial ?? Infinity;
  const reported = [...new Map([...inFolder, ...inDatabase])].map(([key, entry]): ReportedChange => {
    if (isAccepted(entry)) return { ...entry, knownTo: 'both' };
    if (inDatabase.has(key)) return { ...entry, knownTo: inFolder.has(key) ? 'both' : 'database' };
    const isForgotten = entries.length > 0 && entry.serial < oldest;
    // A restored backup makes a gap: the change before it is older than the last one that was seen.
    const isUndone =
      given.has(key) || entries.some(({ before, serial }) => before < entry.serial && entry.serial < serial);
    return { ...entry, knownTo: isUndone ? 'undone' : isForgotten ? 'both' : 'folder' };
  });
  const changes = reported.sort(lastFirst).slice(0, limit);
  return { changes, disagreements: disagreementsOf(changes) };
}

/** The lines of a folder about all its databases, the last first. */
export function folderReport(lines: readonly JournalEntry[], limit: number): readonly JournalEntry[] {
  return lines.toSorted((a, b) => b.at - a.at || b.serial - a.serial).slice(0, limit);
}

/** The folder alone notes it, for it is no change. */
function isAccepted({ operation }: JournalEntry): boolean {
  return operation === acceptedOperation;
}

function keyOf(entry: JournalEntry): string {
  const { serial, mark, at } = entry;
  // It has the serial and the mark of the change up to which the state was accepted.
  return isAccepted(entry) ? `accepted ${at}` : `${serial} ${mark}`;
}

function lastFirst(a: JournalEntry, b: JournalEntry): number {
  return b.serial - a.serial || b.at - a.at;
}

function disagreementsOf(changes: readonly ReportedChange[]): string[] {
  const elsewhere = changes.filter(({ knownTo }) => knownTo === 'database');
  const gone = changes.filter(({ knownTo }) => knownTo === 'folder');
  return [
    ...(elsewhere.length === 0
      ? []
      : [
          elsewhere.length === 1
            ? t`${counted(elsewhere.length, 'change')} in the database has no line in this folder: made from another folder or machine.`
            : t`${counted(elsewhere.length, 'change')} in the database have no line in this folder: made from another folder or machine.`,
        ]),
    ...(gone.length === 0
      ? []
      : [
          gone.length === 1
            ? t`${counted(gone.length, 'change')} of this folder is not in the database: it is an older state, or was changed elsewhere.`
            : t`${counted(gone.length, 'change')} of this folder are not in the database: it is an older state, or was changed elsewhere.`,
        ]),
  ];
}

/** What each operation did, as a verb in the past. */
const deeds = (): Readonly<Record<string, string>> => ({
  init: t`Created the database`,
  adopt: t`Adopted`,
  seed: t`Seeded`,
  requeue: t`Re-queued`,
  'put-back-phase': t`Put back in the queue`,
  'delete-run': t`Deleted the run`,
  'mark-stale': t`Marked stale phases as failed`,
  undo: t`Undid`,
  'insert-canary': t`Added a canary run`,
  'delete-canaries': t`Deleted canary runs`,
  restore: t`Restored a backup`,
  'drain-began': t`Drain began`,
  'drain-ended': t`Drain ended`,
  'claim-phase': t`Began a phase`,
  'settle-phase': t`Ended a phase`,
  'fail-phase': t`Marked as failed`,
  'set-level': t`Changed the protection level`,
  approve: t`Approved a command`,
  'use-approval': t`Used an approval`,
  'forget-approvals': t`Withdrew approvals`,
  accept: t`Trusted this file`,
});

/** `Re-queued: 3 phases, run r-1`; an operation of another version stands for itself. */
export function changeTitle({ operation, subject }: Pick<JournalEntry, 'operation' | 'subject'>): string {
  const known = deeds();
  const deed = Object.hasOwn(known, operation) ? (known[operation] ?? operation) : operation;
  const about = subjectText(subject);
  return about === '' ? deed : `${deed}: ${about}`;
}

function subjectText(subject: JournalEntry['subject']): string {
  return Object.entries(subject)
    .map(([name, value]) => (name === 'phases' ? counted(Number(value), 'phase') : `${name} ${value}`))
    .join(', ');
}

/** `phases 3, runs 1; 2 more by triggers and foreign keys`; empty where no row was changed. */
export function changedRowsText({ rows, further }: Pick<JournalEntry, 'rows' | 'further'>): string {
  const own = Object.entries(rows).map(([table, count]) => `${table} ${formatCount(count)}`);
  const more = further === 0 ? [] : [t`${formatCount(further)} more by triggers and foreign keys`];
  return [...(own.length === 0 ? [] : [own.join(', ')]), ...more].join('; ');
}

/** `ann@build-7, command line`; with the agent that ran it, where one was recognised. */
export function authorText({ user, host, program, agent }: JournalEntry['author']): string {
  const where = `${user}@${host}`;
  return agent === undefined ? `${where}, ${program}` : t`${where}, ${program} run by ${agent}`;
}
