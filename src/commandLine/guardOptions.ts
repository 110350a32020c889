import { Option, type Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import type { WriteExpectation } from '../core/identity/databaseFingerprint.ts';
import { isOfPinnedIdentity, pinWarning } from '../core/identity/databasePin.ts';
import type { GivenRole } from '../core/identity/identityTable.ts';
import type { Operation } from '../core/identity/operation.ts';
import { requireAdopted } from '../core/identity/requireWritable.ts';
import { shellCommand, type Shell } from '../core/text/shellCommand.ts';
import { DatabaseGuard } from '../node/identity/databaseGuard.ts';
import { journalAuthor } from '../node/writer/journalAuthor.ts';
import type { Backup } from '../node/maintenance/backups.ts';
import type { CommandContext } from './commandContext.ts';
import { requireConfirmedSources } from './requireConfirmedSources.ts';
import { databaseTarget, workspaceFolderOf, type DatabaseOptions } from './databaseOption.ts';
import { textLines } from './textLayout.ts';

/** What a script says about the database it means, and what holds where a database is yet to be made. */
export interface ExpectOptions extends DatabaseOptions {
  readonly expectRole?: GivenRole;
  readonly expectId?: string;
}

/** What a command that writes takes. */
export interface WriteOptions {
  readonly acceptFile?: boolean;
  readonly anyRole?: boolean;
  readonly allowTriggers?: boolean;
  readonly workspace?: string;
}

/** `--accept-file`, the explicit answer to "a copy or a restored file: which is the real one?". */
export function acceptFileOption(): Option {
  return new Option('--accept-file', 'trust this file where it is a copy or was restored');
}

/** `--allow-triggers`, the explicit answer to triggers on what is written that Autopack does not make. */
export function allowTriggersOption(): Option {
  return new Option('--allow-triggers', 'allow triggers that Autopack does not create');
}

const takesApproval = new Set([...['seed', 'drain', 'requeue', 'delete-run', 'stale', 'doctor']]);

/** Adds `--expect-role` and `--expect-id` to every command that takes a database. */
export function addExpectOptions(program: Command): void {
  for (const command of program.commands) {
    if (!command.options.some(({ long }) => long === '--database')) continue;
    command
      .addOption(
        new Option('--expect-role <role>', 'refuse any database of another role').choices(['seed', 'legacy']),
      )
      .option('--expect-id <id>', 'refuse any database of another id');
    if (takesApproval.has(command.name())) {
      command.option(
        '--approval <token>',
        'in CI, the token that "approve --for-ci" made; wants --expect-id',
      );
    }
  }
}

/** Throws `other-database` unless the database is what the script expects; `not-adopted` where it has no identity. */
export async function checkExpectations(
  commandName: string,
  options: ExpectOptions & { readonly role?: string },
  context: CommandContext,
): Promise<void> {
  const { expectRole, expectId } = options;
  if (expectRole === undefined && expectId === undefined) return;
  const { path } = databaseTarget(options, { ...context, stderr: () => undefined });
  if (makesDatabase.has(commandName)) {
    refuseOtherPlan(path, commandName === 'init' ? (options.role ?? 'seed') : 'seed', options);
    return;
  }
  const { value: fingerprint } = await context.reader.request(
    path,
    'databaseFingerprint',
    { runIds: [] },
    context.signal,
  );
  const { id, role } = requireAdopted(fingerprint, 'The command');
  const unmet = [
    ...(expectRole === undefined || expectRole === role ? [] : [`role expected ${expectRole}, is ${role}`]),
    ...(expectId === undefined || expectId === id ? [] : [`id expected ${expectId}, is ${id}`]),
  ];
  if (unmet.length === 0) return;
  throw new UserFacingError(
    'other-database',
    `${path} is not the expected database: ${unmet.join('; ')}.`,
    'Name the right database. Nothing was changed.',
  );
}

/** The guard of the folder a command works in. */
export function guardOf(context: CommandContext, options: Pick<WriteOptions, 'workspace'>): DatabaseGuard {
  const { reader, clock, stderr, agent } = context;
  const onFirstPin = (message: string): void => stderr(`${textLines([`note: ${message}`])}\n`);
  const workspaceFolder = workspaceFolderOf(options, context);
  const author = journalAuthor('command line', agent?.name);
  return new DatabaseGuard({ reader, clock, workspaceFolder, onFirstPin, author });
}

/** Lets a command write, or throws why not. Where the file may be a copy, the person is asked which is the real one. */
export async function authorise(
  path: string,
  operation: Operation,
  { acceptFile = false, anyRole = false, allowTriggers = false, workspace }: WriteOptions,
  context: CommandContext,
): Promise<WriteExpectation> {
  const { signal, confirm } = context;
  const guard = guardOf(context, { ...(workspace === undefined ? {} : { workspace }) });
  const { fingerprint, verdict } = await guard.inspect(path, signal);
  context.announce(fingerprint);
  await requireConfirmedSources(fingerprint.path, workspaceFolderOf({ workspace }, context), context);
  let isReal = acceptFile;
  if (isOfPinnedIdentity(verdict.kind) && !isReal && confirm !== null) {
    isReal = await confirm(`${fingerprint.path}: ${pinWarning(verdict) ?? ''} Is it the real one?`);
  }
  return guard.authorise(
    path,
    operation,
    { anyRole, allowTriggers, ...(isReal ? { realFileId: fingerprint.fileId } : {}) },
    signal,
  );
}

/** Commands whose database need not be there yet. */
const makesDatabase = new Set(['init', 'quickstart']);

function refuseOtherPlan(path: string, role: string, { expectRole, expectId }: ExpectOptions): void {
  if (expectId === undefined && (expectRole === undefined || expectRole === role)) return;
  throw new UserFacingError(
    'other-database',
    expectId === undefined
      ? `${path} would be made as a ${role} database, not as ${expectRole ?? ''}.`
      : `${path} is yet to be made, and its id cannot be known before.`,
    'Leave the expectation out, or name the database that is meant.',
  );
}

/** The shell in which a person here most likely types. */
export const nativeShell: Shell = process.platform === 'win32' ? 'powershell' : 'posix';

/**
 * Where the backup of a bulk change is, and how to go back to it; of a database on a server, how to undo the change.
 * `databasePath` is absolute.
 */
export async function undoText(
  databasePath: string,
  backup: Backup | null,
  { reader, signal }: Pick<CommandContext, 'reader' | 'signal'>,
): Promise<string> {
  const start = ['autopack-hygiene'];
  if (backup !== null) {
    const words = [...start, 'restore', '--database', databasePath, '--from', backup.path];
    return textLines([`Backup: ${backup.path}`, `To undo it: ${shellCommand(words, nativeShell)}`]);
  }
  const { value: changes } = await reader.request(databasePath, 'databaseChanges', { limit: 1 }, signal);
  const [last] = changes.entries;
  if (last?.kept === undefined) return 'Nothing was changed, so that nothing can be undone.';
  const words = [...start, 'journal', '--database', databasePath, '--undo', String(last.serial)];
  return textLines([`To undo it: ${shellCommand(words, nativeShell)}`]);
}
