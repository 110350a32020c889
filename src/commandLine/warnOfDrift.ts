import { drift, isDrifting } from '../core/identity/drift.ts';
import { collectDatabaseSources } from '../node/maintenance/collectDatabaseSources.ts';
import type { CommandContext } from './commandContext.ts';
import { type DatabaseOptions, type DatabaseTarget, databaseTarget } from './databaseOption.ts';
import { textLines } from './textLines.ts';

/** Commands that change a database, or start programs that do. */
const writing: ReadonlySet<string> = new Set([
  'init',
  'seed',
  'drain',
  'quickstart',
  'adopt',
  'requeue',
  'delete-run',
  'stale',
  'restore',
]);

/** Says on stderr, before a command writes, what names another database than the one it is given. */
export async function warnOfDrift(
  commandName: string,
  options: DatabaseOptions,
  context: CommandContext,
): Promise<void> {
  if (!writing.has(commandName)) return;
  const target = targetOrNone(options, context);
  if (target === null) return;
  const { cwd, env, stderr } = context;
  const sources = await collectDatabaseSources({ folders: [cwd], environment: env, selection: target.path });
  const [selection] = sources;
  for (const { message, source } of drift(sources).filter(isDrifting)) {
    const isSamePath = JSON.stringify(source.target) === JSON.stringify(selection?.target);
    // Of `DATABASE_URL` itself a note tells wherever the target is resolved.
    const isNoted = source.origin.kind === 'environment' && source.origin.variable === undefined;
    if (!isSamePath && !isNoted) stderr(`${textLines([`warning: ${message}`])}\n`);
  }
}

/** Without a target the command itself says why. */
function targetOrNone(options: DatabaseOptions, context: CommandContext): DatabaseTarget | null {
  try {
    return databaseTarget(options, { ...context, stderr: () => undefined });
  } catch {
    return null;
  }
}
