import type { Command } from 'commander';
import { printable } from '../core/text/printable.ts';
import { deletionText, rowsText, type RunToDelete } from '../core/maintenance/deleteRun.ts';
import { wayBackText } from '../core/maintenance/undoChange.ts';
import { deleteAgreed, refuseDeleting } from '../node/maintenance/bulkChange.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { type ConsentOptions, requireConsent, yesText } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import {
  acceptFileOption,
  allowTriggersOption,
  authorise,
  guardOf,
  undoText,
  type WriteOptions,
} from './guardOptions.ts';
import { textLines } from './textLayout.ts';

interface DeleteRunOptions extends DatabaseOptions, ConsentOptions, WriteOptions {
  readonly dryRun?: boolean;
}

/** `delete-run`: takes a run out of a database with all that belongs to it. */
export function addDeleteRunCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('delete-run')
    .description('Delete a run with its tiers, phases and telemetry, after a backup.')
    .argument('<run id>', 'the run')
    .addOption(databaseOption())
    .option('--dry-run', 'show what would be deleted, and change nothing')
    .addOption(acceptFileOption())
    .addOption(allowTriggersOption())
    .option('--yes', yesText)
    .option('--json', 'print one JSON object')
    .action((runId: string, options: DeleteRunOptions) =>
      report(options, deleteRun(runId, options, context)),
    );
}

async function deleteRun(
  runId: string,
  options: DeleteRunOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { reader, writer, signal, cwd } = context;
  // It starts while the database is read.
  if (options.dryRun !== true) writer.prepare?.();
  const { value: run } = await reader.request(path, 'runToDelete', { runId }, signal);
  if (options.dryRun === true) {
    const text = textLines([`To be deleted, the run ${runId}:`, ...deletionText(run)]);
    return { exitCode: exitCodes.good, json: runJson(databaseUrl, path, run, null), text };
  }
  const expected = await authorise(path, 'delete-run', options, context);
  // Nobody is asked about what is refused; without a question it is looked at once, below.
  if (options.yes !== true) await refuseDeleting(path, runId);
  const question = `Delete the run ${printable(runId)} of ${path}? ${deletionText(run).join(' ')} ${wayBackText(path)}`;
  const { goes } = run;
  await requireConsent(
    {
      operation: 'delete-run',
      path,
      database: expected,
      details: () => ({
        question,
        rows: goes.reduce((sum, { rows }) => sum + rows, 0),
        params: { runId, goes },
      }),
    },
    options,
    context,
  );
  const deps = { ...context, workspaceFolder: cwd, guard: guardOf(context, {}) };
  const backup = await deleteAgreed(path, run, expected, deps, signal);
  return {
    exitCode: exitCodes.good,
    json: runJson(databaseUrl, path, run, { backupPath: backup?.path ?? null }),
    text: [
      textLines([`Deleted the run ${runId} of ${path}: ${rowsText(run.goes)}.`]),
      await undoText(path, backup, context),
    ].join('\n'),
  };
}

/** `done` is `null` where nothing was deleted. */
function runJson(
  databaseUrl: string,
  path: string,
  run: RunToDelete,
  done: { readonly backupPath: string | null } | null,
): object {
  const { runId, goes, cleanSamples } = run;
  return {
    databaseUrl,
    path,
    runId,
    rows: goes,
    cleanSamples,
    deleted: done !== null,
    backupPath: done?.backupPath ?? null,
  };
}
