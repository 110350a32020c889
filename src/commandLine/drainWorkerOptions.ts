import type { Command } from 'commander';
import { newLiveDrain } from '../core/drain/drainProgress.ts';
import { isPostgresPath } from '../core/db/postgresUrl.ts';
import { UserFacingError } from '../core/errors.ts';
import { counted } from '../core/text/quantities.ts';
import type { WorkerPool } from '../node/drain/drainWorkers.ts';
import type { DescribedExecutor } from '../node/drain/executors.ts';
import { refuseWorkers } from '../node/drain/runDrain.ts';
import { positiveInteger } from './arguments.ts';
import { requireWrite } from './builderCommandOptions.ts';
import { exitCodes, type CommandContext, type CommandResult } from './commandContext.ts';
import { requireConsent, type ConsentOptions } from './consent.ts';
import { workspaceFolderOf } from './databaseOption.ts';
import { drainResult } from './drainReport.ts';
import { DrainStatus } from './drainStatus.ts';
import { requireSameServer, resolveExecutor, type ExecutorOptions } from './executorOptions.ts';
import { authorise, type WriteOptions } from './guardOptions.ts';
import { textLines } from './textLayout.ts';

/** Who works on a drain. */
export interface WorkerOptions {
  readonly workers?: number | undefined;
  /** The id of a drain that is under way. */
  readonly join?: string;
}

/** Adds the options that say how many work on a drain. */
export function addWorkerOptions(command: Command): Command {
  return command
    .option(
      '--workers <n>',
      'so many processes work on the drain, each on a phase of its own; for databases on a PostgreSQL server',
      positiveInteger,
    )
    .option(
      '--join <session>',
      'take part in a drain that is under way, from this machine or another; its limits hold for all',
    );
}

/** The processes that are to work on a drain; `null` where this one does. Throws `unsupported` for a SQLite database. */
export function workerPoolFor(
  databasePath: string,
  { workers }: Pick<WorkerOptions, 'workers'>,
  { executor, modelKey }: { readonly executor: DescribedExecutor; readonly modelKey: string | null },
  { drainPrograms }: Pick<CommandContext, 'drainPrograms'>,
): WorkerPool | null {
  if (workers === undefined) return null;
  if (!isPostgresPath(databasePath)) throw refuseWorkers();
  if (workers === 1) return null;
  if (drainPrograms === undefined) {
    throw new UserFacingError(
      'unsupported',
      'Workers are started by the command line of the product alone.',
      'Drain without --workers.',
    );
  }
  return { ...drainPrograms, count: workers, executor: executor.description, modelKey };
}

/** What `drain --join` does and prints. */
export async function joinResult(
  path: string,
  databaseUrl: string,
  drain: string,
  how: WorkerOptions & ExecutorOptions & WriteOptions & ConsentOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (!isPostgresPath(path)) throw refuseWorkers();
  const workspaceFolder = workspaceFolderOf(how, context);
  const { executor, server, modelKey } = await resolveExecutor(how, context);
  const workerPool = workerPoolFor(path, how, { executor, modelKey }, context);
  if (executor.name === 'endpoint') requireWrite(how);
  const expected = await authorise(path, 'drain', how, context);
  const writer = context.createWriter(workspaceFolder);
  if (server !== undefined) {
    const inUse = { url: server, databasePath: path, folders: [workspaceFolder], expected };
    await requireSameServer(inUse, how, { ...context, writer });
  }
  const workers = workerPool?.count ?? 1;
  const details = {
    question: `Work on the drain ${drain} of ${path} with the ${executor.name} executor, by ${counted(workers, 'worker')}?`,
    rows: 0,
    params: { drain, workers, executor: executor.name, workspaceFolder },
  };
  const write = { operation: 'drain', path, database: expected, details: () => details } as const;
  await requireConsent(write, how, context);
  const { reader, clock, logger, signal } = context;
  const job = {
    drain,
    databasePath: path,
    workspaceFolder,
    expected,
    reader,
    writer,
    clock,
    logger,
    executor,
  };
  if (workerPool !== null) {
    const { startWorkerPool } = await import('../node/drain/drainWorkers.ts');
    const { requireJoinable } = await import('../node/drain/sharing.ts');
    await requireJoinable(path, drain);
    await startWorkerPool(workerPool, job, signal, (message) =>
      context.stderr(`${textLines([`warning: ${message}`])}\n`),
    );
    const text = `${counted(workers, 'worker')} took part in the drain ${drain}; what it came to is told where it was begun.`;
    return {
      exitCode: signal.aborted ? exitCodes.interrupted : exitCodes.good,
      json: { databaseUrl, drain, workers },
      text,
    };
  }
  const { joinSharedDrain } = await import('../node/drain/runSharedDrain.ts');
  const about = { databasePath: path, workspaceFolder, executor: executor.name, startedAt: clock.now() };
  const status = new DrainStatus(context, newLiveDrain(about));
  const onProgress = (progress: Parameters<DrainStatus['take']>[0]): void => status.take(progress);
  const summary = await joinSharedDrain({ ...job, onProgress }, signal).finally(() => status.end());
  return drainResult(databaseUrl, summary);
}
