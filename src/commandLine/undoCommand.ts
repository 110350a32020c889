import { isPostgresPath } from '../core/db/postgresUrl.ts';
import { UserFacingError } from '../core/errors.ts';
import { changeTitle } from '../core/identity/journalReport.ts';
import { changeToUndo } from '../core/maintenance/undoChange.ts';
import { counted } from '../core/text/quantities.ts';
import { undoAgreed } from '../node/maintenance/bulkChange.ts';
import { exitCodes, type CommandContext, type CommandResult } from './commandContext.ts';
import { type ConsentOptions, requireConsent } from './consent.ts';
import { databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { authorise, guardOf, undoText, type WriteOptions } from './guardOptions.ts';

/** What `journal --undo` takes. */
export interface UndoOptions extends DatabaseOptions, ConsentOptions, WriteOptions {
  readonly undo?: number;
}

/** How many of the last changes are looked through. */
const mostChanges = 500;

/** `journal --undo`: takes a change of many rows back, where a server kept them as they were. */
export async function undoChange(
  serial: number,
  options: UndoOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  if (!isPostgresPath(path)) throw ofFile(path);
  const { reader, signal, cwd } = context;
  const { value: found } = await reader.request(path, 'databaseChanges', { limit: mostChanges }, signal);
  const change = changeToUndo(found, serial, path);
  const entry = found.entries.find((each) => each.serial === serial);
  const title = entry === undefined ? '' : ` (${changeTitle(entry)})`;
  const expected = await authorise(path, 'undo', options, context);
  const question = `Undo change ${serial} of ${path}${title}? ${counted(change.rows, 'row')} become what they were; where one was changed since, nothing is undone.`;
  await requireConsent(
    {
      operation: 'undo',
      path,
      database: expected,
      details: () => ({ question, rows: change.rows, params: change }),
    },
    options,
    context,
  );
  const deps = { ...context, workspaceFolder: cwd, guard: guardOf(context, {}) };
  await undoAgreed(path, change, expected, deps, signal);
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, path, undone: serial, rows: change.rows },
    text: [
      `Undid change ${serial} of ${path}: ${counted(change.rows, 'row')}.`,
      await undoText(path, null, context),
    ].join('\n'),
  };
}

function ofFile(path: string): UserFacingError {
  return new UserFacingError(
    'unsupported',
    `The rows from before a change are kept on a server; of the file ${path} there are backups.`,
    'List the changes with "journal", and restore the backup from before the change.',
  );
}
