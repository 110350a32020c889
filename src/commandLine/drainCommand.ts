import type { Command } from 'commander';
import type { DrainRequest } from '../core/drain/drainOptions.ts';
import type { DrainSummary } from '../core/drain/drainSummary.ts';
import { lastResults } from '../core/drain/drainResult.ts';
import { probeLimits } from '../core/drain/drainStops.ts';
import { earlierQueuedText } from '../core/drain/drainPlanText.ts';
import { UserFacingError } from '../core/errors.ts';
import { newestResumable, SessionFiles } from '../node/drain/sessionStore.ts';
import { runServedDrain } from '../node/drain/servedDrain.ts';
import { withVariables } from '../node/drain/executors.ts';
import { planDrainOf } from '../node/drain/planDrainOf.ts';
import { serverCommand } from '../node/drain/chooseExecutor.ts';
import { realPathOf } from '../node/system/realPath.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult, Report } from './commandResult.ts';
import { type ConsentOptions, requireConsent } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { addDrainLimits, type DrainLimitOptions, drainRequest } from './drainLimitOptions.ts';
import { addDrainMeans, drainMeans, type MeansOptions, offerText, serverToStart } from './drainMeans.ts';
import { planResult } from './drainPlanResult.ts';
import { drainJson, drainText } from './drainReport.ts';
import { drainProgressText } from './drainProgressText.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { acceptFileOption, allowTriggersOption, authorise, type WriteOptions } from './guardOptions.ts';
import { probeResult } from './probeResult.ts';
import { requireSameServer } from './requireSameServer.ts';
import { workspaceFolderOf } from './workspaceFolder.ts';
import { textLines } from './textLines.ts';

interface DrainCommandOptions
  extends DatabaseOptions, ConsentOptions, WriteOptions, DrainLimitOptions, MeansOptions {
  /** `true` without a session. */
  readonly resume?: string | true;
  readonly dryRun?: boolean;
  readonly probe?: boolean;
}

/** `drain`: executes phases, sample-first, and explains each that gave no telemetry. */
export function addDrainCommand(program: Command, context: CommandContext, report: Report): void {
  const command = program
    .command('drain')
    .description('Execute QUEUED and FAILED phases, sample-first, within strict limits.')
    .addOption(databaseOption())
    .option('--dry-run', 'print what would be drained, in which order, and what it comes to at most')
    .option('--probe', 'execute one phase only: 0 is go, 1 is no-go')
    .option('--resume [session]', 'resume a session, by default the newest of this database');
  addDrainMeans(addDrainLimits(command))
    .addOption(acceptFileOption())
    .addOption(allowTriggersOption())
    .option(
      '--yes',
      'agree to what would be asked: a canary run for the API server, an earlier phase of a run',
    )
    .option('--workspace <folder>', 'the repository root; by default the current folder')
    .option('--json', 'print one JSON object')
    .action((options: DrainCommandOptions) => report(options, drain(options, command, context)));
}

async function drain(
  options: DrainCommandOptions,
  command: Command,
  context: CommandContext,
): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const request = drainRequest(options, command);
  if (options.probe === true && options.resume !== undefined) {
    throw new UserFacingError(
      'invalid-argument',
      'A probe is a drain of its own and cannot be resumed.',
      'Give either --probe or --resume.',
    );
  }
  const resume = await sessionToResume(options, path, context);
  const how = { ...options, resume };
  if (options.dryRun === true) {
    const what = options.probe === true ? { ...request, ...probeLimits } : request;
    return planResult(path, databaseUrl, what, resume, options, context);
  }
  if (options.probe === true) {
    const summary = await drainDatabase(path, { ...request, ...probeLimits }, how, context);
    return probeResult(databaseUrl, summary, exitCodeOf(summary));
  }
  const summary = await drainDatabase(path, request, how, context);
  return { exitCode: exitCodeOf(summary), json: drainJson(databaseUrl, summary), text: drainText(summary) };
}

async function sessionToResume(
  options: DrainCommandOptions,
  databasePath: string,
  context: CommandContext,
): Promise<string | undefined> {
  if (options.resume !== true) return options.resume;
  const { reader, signal } = context;
  const { value: mark } = await reader.ask(databasePath, 'databaseMark', { runIds: [] }, signal);
  return newestResumable(new SessionFiles(workspaceFolderOf(options, context)), databasePath, mark.id);
}

/** How a drain is run, besides its limits. */
export interface DrainHow extends Pick<DrainCommandOptions, keyof MeansOptions | keyof WriteOptions | 'yes'> {
  readonly resume?: string | undefined;
}

/** Drains with progress on stderr. */
export async function drainDatabase(
  databasePath: string,
  request: DrainRequest,
  how: DrainHow,
  context: CommandContext,
): Promise<DrainSummary> {
  const workspaceFolder = workspaceFolderOf(how, context);
  const { executor: chosen, server } = await drainMeans(how, context);
  const { reader, writer, clock, logger, signal } = context;
  const expected = await authorise(databasePath, 'drain', how, context);
  if (server !== undefined) {
    const inUse = { url: server, databasePath, folders: [workspaceFolder], expected };
    await requireSameServer(inUse, how, context);
  }
  const job = { databasePath, workspaceFolder, request, resume: how.resume, reader, executor: chosen };
  const planned =
    chosen.runsFirstQueued === true || how.resume !== undefined ? await planDrainOf(job, signal) : null;
  const executor = planned === null ? chosen : withVariables(chosen, planned.environment);
  if (how.resume !== undefined) {
    for (const warning of planned?.warnings ?? []) context.stderr(`${textLines([`note: ${warning}`])}\n`);
  }
  const earlier = planned === null ? null : earlierQueuedText(planned.plan);
  for (const offer of planned?.offers ?? []) context.stderr(`${textLines([`note: ${offerText(offer)}`])}\n`);
  if (earlier !== null) await requireConsent(`${earlier} Drain anyway?`, how, context);
  const summary = await runServedDrain(
    {
      databasePath: await realPathOf(databasePath),
      expected,
      workspaceFolder,
      executor,
      options: earlier === null ? request : { ...request, allowEarlierQueued: true },
      resume: how.resume,
      reader,
      writer,
      clock,
      logger,
      onProgress: (progress) => {
        const line = drainProgressText(progress);
        if (line !== null) context.stderr(`${textLines([line])}\n`);
      },
    },
    signal,
  );
  const toStart = serverToStart(executor, databasePath, workspaceFolder, undefined);
  const lacksServer = server === undefined && summary.results.some(({ error }) => noServer.test(error ?? ''));
  if (toStart === null || !lacksServer) return summary;
  const nextStep = `Start an API server on this database (${serverCommand(toStart)}), then resume the session with --api-url http://127.0.0.1:8000.`;
  return { ...summary, nextStep };
}

/** What Autopack says where it cannot start its own server. */
const noServer = /\bAPI server\b/i;

/** Interrupted, refused (nothing could be executed), findings (phases failed), or good. */
export function exitCodeOf({ stop, results }: DrainSummary): ExitCode {
  switch (stop.kind) {
    case 'cancelled':
      return exitCodes.interrupted;
    case 'executor-unavailable':
    case 'no-trace':
    case 'failed':
      return exitCodes.refused;
    case 'batch-done':
    case 'nothing-left':
    case 'total-time':
    case 'token-budget':
    case 'zero-yield-streak':
    case 'same-failure':
    case 'environment':
      return lastResults(results).every(({ success }) => success) ? exitCodes.good : exitCodes.findings;
  }
}
