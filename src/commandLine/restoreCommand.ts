import { resolve } from 'node:path';
import type { Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import { Backups } from '../node/maintenance/backups.ts';
import { interruptedRestore } from '../node/maintenance/interruptedRestore.ts';
import { rememberRestored } from '../node/maintenance/rememberRestored.ts';
import { planRestoration, restoreDatabase } from '../node/maintenance/restoreDatabase.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { requireConfirmedSources } from './requireConfirmedSources.ts';
import { type ConsentOptions, requireConsent, yesText } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget, requireFile } from './databaseOption.ts';
import { guardOf } from './guardOptions.ts';
import { textLines } from './textLayout.ts';

interface RestoreOptions extends DatabaseOptions, ConsentOptions {
  readonly from?: string;
}

/** `restore`: puts the content of a backup back, and keeps what is there as a backup. */
export function addRestoreCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('restore')
    .description('Restore a database from a backup; its current content is backed up first.')
    .addOption(databaseOption())
    .option('--from <file>', 'the backup; without it, the newest there is, or that of an interrupted restore')
    .option('--yes', yesText)
    .option('--json', 'print one JSON object')
    .action((options: RestoreOptions) => report(options, restore(options, context)));
}

async function restore(options: RestoreOptions, context: CommandContext): Promise<CommandResult> {
  const target = databaseTarget(options, context);
  requireFile(
    target,
    'Restoring',
    'Put a dump back with pg_restore, into a database of its own first, and compare.',
  );
  const { path, databaseUrl } = target;
  const { cwd, clock, signal, reader, writer } = context;
  const { backupPath, why } = await whatToRestore(options, path, cwd);
  const plan = await planRestoration(reader, { path, backupPath, workspaceFolder: cwd }, signal);
  await requireConfirmedSources(path, cwd, context);
  await requireConsent(
    {
      operation: 'restore',
      path,
      database: plan,
      details: () => ({ question: `${why}${plan.question}`, rows: plan.rows, params: plan.params }),
    },
    options,
    context,
  );
  const memory = { guard: guardOf(context, {}), reader, writer };
  const remember = await rememberRestored(path, backupPath, plan.level, memory);
  const aside = await restoreDatabase(
    { path, backupPath, workspaceFolder: cwd, now: clock.now(), fileId: plan.fileId, remember },
    signal,
  );
  const kept = aside === null ? [] : [`What was there before: ${aside}`];
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, path, restoredFrom: backupPath, previousContent: aside },
    text: textLines([
      `${why}Restored ${path} from ${backupPath}.`,
      ...kept,
      'Next: Check the database identity.',
    ]),
  };
}

/** The backup that is meant, and the sentence that says why where nobody named it and it is not the newest. */
async function whatToRestore(
  { from }: RestoreOptions,
  path: string,
  workspaceFolder: string,
): Promise<{ readonly backupPath: string; readonly why: string }> {
  if (from !== undefined) return { backupPath: resolve(workspaceFolder, from), why: '' };
  const interrupted = await interruptedRestore(path, workspaceFolder);
  if (interrupted !== null) return { backupPath: interrupted.from, why: interruptedText };
  const [newest] = await new Backups(workspaceFolder).list(path);
  if (newest !== undefined) return { backupPath: newest.path, why: '' };
  throw new UserFacingError(
    'not-found',
    `There is no backup of ${path} in ${workspaceFolder}.`,
    'Name one with --from <file>.',
  );
}

/** The newest backup is the copy that the interrupted restore made for safety. */
const interruptedText = 'The last restore was interrupted and is repeated. ';
