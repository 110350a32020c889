import type { Command } from 'commander';
import { backUpDatabase } from '../node/maintenance/withBackup.ts';
import { Backups } from '../node/maintenance/backups.ts';
import { formatDateTime } from '../core/text/times.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, type DatabaseOptions, databaseTarget, requireFile } from './databaseOption.ts';
import { textLines } from './textLayout.ts';

interface BackupOptions extends DatabaseOptions {
  readonly list?: boolean;
  readonly rollBack?: boolean;
}

/** `backup`: a copy of the committed state, kept in this folder, the last ten of each database. */
export function addBackupCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('backup')
    .description(
      'Back a database up into .autopack-hygiene/backups, even while it is in use; the last ten are kept.',
    )
    .addOption(databaseOption())
    .option('--list', 'list the backups instead of making one')
    .option('--roll-back', 'roll back the unfinished transaction of a killed program')
    .option('--json', 'print one JSON object')
    .action((options: BackupOptions) => report(options, backup(options, context)));
}

async function backup(options: BackupOptions, context: CommandContext): Promise<CommandResult> {
  const target = databaseTarget(options, context);
  requireFile(
    target,
    'A backup',
    `Make one with "pg_dump --format=custom --file=<file> ${target.databaseUrl}"; bulk changes keep there what they change.`,
  );
  const { path, databaseUrl } = target;
  const backups = new Backups(context.cwd);
  const { reader, cwd, clock, signal } = context;
  const asked = { path, workspaceFolder: cwd, now: clock.now(), rollBack: options.rollBack === true };
  const made = options.list === true ? [] : [await backUpDatabase(reader, asked, signal)];
  const all = await backups.list(path);
  const lines = (made.length > 0 ? made : all).map(
    ({ path: file, madeAt, reason }) => `${formatDateTime(madeAt)}  ${reason}  ${file}`,
  );
  const text =
    made.length > 0 ? `Backed up ${path}:` : `Backups of ${path}: ${all.length === 0 ? 'none.' : ''}`;
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, path, made: made[0] ?? null, backups: all },
    text: textLines([text.trimEnd(), ...lines]),
  };
}
