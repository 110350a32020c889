import type { Command } from 'commander';
import type { JournalEntry } from '../core/identity/journalEntry.ts';
import {
  authorText,
  changedRowsText,
  changeTitle,
  folderReport,
  journalReport,
  type ReportedChange,
} from '../core/identity/journalReport.ts';
import { canBeUndone, oldestKept } from '../core/maintenance/undoChange.ts';
import { counted } from '../core/text/quantities.ts';
import { shellCommand } from '../core/text/shellCommand.ts';
import { formatDateTime } from '../core/text/times.ts';
import { Backups } from '../node/maintenance/backups.ts';
import { FolderJournal, type FolderChanges } from '../node/writer/folderJournal.ts';
import { positiveInteger } from './arguments.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { yesText } from './consent.ts';
import { databaseOption, databaseTarget, workspaceFolderOf } from './databaseOption.ts';
import { acceptFileOption, allowTriggersOption, nativeShell } from './guardOptions.ts';
import { isoTime } from './listOptions.ts';
import type { Output, OutputBlock } from './output.ts';
import { undoChange, type UndoOptions } from './undoCommand.ts';

interface JournalOptions extends UndoOptions {
  readonly all?: boolean;
  readonly limit: number;
  readonly workspace?: string;
}

/** `journal`: what this product changed, who did it, and the way back. */
export function addJournalCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('journal')
    .description(
      'List the changes to a database, newest first: what, how many rows, who, and how to undo it. Exits with 1 where database and folder disagree.',
    )
    .addOption(databaseOption())
    .option('--all', 'what was changed from this folder, in any database')
    .option('--limit <n>', 'show at most this many', positiveInteger, 20)
    .option('--workspace <folder>', 'the folder whose journal is read; by default the current one')
    .option('--undo <n>', 'undo this change, where a PostgreSQL server kept the rows', positiveInteger)
    .addOption(acceptFileOption())
    .addOption(allowTriggersOption())
    .option('--yes', yesText)
    .option('--json', 'print one JSON object')
    .action((options: JournalOptions) => report(options, journal(options, context)));
}

async function journal(options: JournalOptions, context: CommandContext): Promise<CommandResult> {
  if (options.undo !== undefined) return undoChange(options.undo, options, context);
  const lines = await new FolderJournal(workspaceFolderOf(options, context)).read();
  return options.all === true ? journalOfFolder(lines, options) : journalOfDatabase(lines, options, context);
}

function journalOfFolder({ entries, unreadable }: FolderChanges, { limit }: JournalOptions): CommandResult {
  const changes = folderReport(entries, limit);
  return {
    exitCode: exitCodes.good,
    json: { changes: changes.map(changeJson), unreadableLines: unreadable },
    text: [
      ...changes.flatMap((change) => [
        heading(change),
        facts(change, [
          ['Backup', change.backup],
          ['Database', `${change.path} (${change.database})`],
        ]),
      ]),
      prose(countText(changes.length, entries.length)),
      ...unreadableText(unreadable),
    ],
  };
}

async function journalOfDatabase(
  { entries, unreadable }: FolderChanges,
  options: JournalOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { limit } = options;
  const { path, databaseUrl } = databaseTarget(options, context);
  const asked = await context.reader.request(path, 'databaseChanges', { limit }, context.signal);
  const { id, lastChange } = asked.value;
  const { changes, disagreements } = journalReport(asked.value, entries, limit);
  // A row may name any path; only those that this folder has are looked at.
  const kept = await new Backups(workspaceFolderOf(options, context)).list(path);
  const backups = new Set(kept.map((backup) => backup.path));
  const keptRows = new Set(changes.filter((change) => canBeUndone(change, oldestKept(asked.value))));
  return {
    exitCode: disagreements.length === 0 ? exitCodes.good : exitCodes.findings,
    json: {
      databaseUrl,
      id,
      serial: lastChange.serial,
      changes: changes.map(changeJson),
      disagreements,
      unreadableLines: unreadable,
    },
    text: [
      ...changes.flatMap((change) => [
        heading(change),
        facts(change, [backupFact(change, backups), knownFact(change)]),
      ]),
      prose(countText(changes.length, lastChange.serial)),
      ...(disagreements.length === 0 ? [] : [warnings(disagreements)]),
      ...undoText(path, changes, backups, keptRows),
      ...unreadableText(unreadable),
    ],
  };
}

/** The object of a change in `journal --json`; its keys are a promise to scripts. */
function changeJson(change: JournalEntry): object {
  return { ...change, at: isoTime(change.at) };
}

function heading(change: JournalEntry): OutputBlock {
  return { kind: 'heading', text: `${change.serial}. ${changeTitle(change)}` };
}

type Fact = readonly [name: string, value: string | null];

function facts(change: JournalEntry, further: readonly Fact[]): OutputBlock {
  const { at, author, session } = change;
  const rows = changedRowsText(change);
  return {
    kind: 'facts',
    facts: [
      ['Made', formatDateTime(at)],
      ['By', authorText(author)],
      ['Rows', rows === '' ? null : rows],
      ['Session', session],
      ...further,
    ],
  };
}

function backupFact({ backup }: ReportedChange, backups: ReadonlySet<string>): Fact {
  if (backup === null) return ['Backup', null];
  return ['Backup', `${backup}${backups.has(backup) ? '' : ' (no longer there)'}`];
}

function knownFact({ knownTo, folder }: ReportedChange): Fact {
  switch (knownTo) {
    case 'both':
      return ['Note', null];
    case 'database':
      return ['Note', `no line in this folder; made from ${folder ?? 'elsewhere'}`];
    case 'folder':
      return ['Note', 'not in the database'];
    case 'undone':
      return ['Note', 'undone: an earlier state was put back'];
  }
}

/** How to go back to before the last change that can be undone. */
function undoText(
  path: string,
  changes: readonly ReportedChange[],
  backups: ReadonlySet<string>,
  keptRows: ReadonlySet<ReportedChange>,
): Output {
  const last = changes.find((each) => isStanding(each) && keptRows.has(each));
  if (last !== undefined) {
    const words = ['autopack-hygiene', 'journal', '--database', path, '--undo', String(last.serial)];
    return [{ kind: 'lines', lines: [`To undo change ${last.serial} alone: ${shellCommand(words, nativeShell)}`] }];
  }
  const at = changes.findIndex(
    (change) => isStanding(change) && change.backup !== null && backups.has(change.backup),
  );
  const change = changes[at];
  if (change?.backup == null) return [];
  const later = changes.slice(0, at).filter(isStanding).length;
  const too = later === 0 ? '' : `, and the ${counted(later, 'change')} since`;
  const command = ['autopack-hygiene', 'restore', '--database', path, '--from', change.backup];
  return [
    {
      kind: 'lines',
      lines: [`To undo change ${change.serial}${too}: ${shellCommand(command, nativeShell)}`],
    },
  ];
}

/** Whether the database is as this change left it. */
function isStanding({ knownTo }: ReportedChange): boolean {
  return knownTo === 'both' || knownTo === 'database';
}

function countText(shown: number, all: number): string {
  if (all === 0) return 'No changes yet.';
  return shown < all ? `${counted(all, 'change')}; the last ${shown} shown.` : `${counted(all, 'change')}.`;
}

function unreadableText(unreadable: number): Output {
  return unreadable === 0
    ? []
    : [warnings([`${counted(unreadable, 'line')} of the folder's journal cannot be read.`])];
}

function warnings(texts: readonly string[]): OutputBlock {
  return {
    kind: 'lines',
    lines: texts.map((text) => ({ text: `warning: ${text}`, style: 'yellow' })),
  };
}

function prose(text: string): OutputBlock {
  return { kind: 'prose', text };
}
