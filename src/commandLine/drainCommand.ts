import type { Command } from 'commander';
import type { DrainRequest } from '../core/drain/drainOptions.ts';
import { earlierQueuedText } from '../core/drain/drainPlanText.ts';
import { newLiveDrain } from '../core/drain/drainProgress.ts';
import { probeLimits, judgeProbe } from '../core/drain/drainStops.ts';
import type { DrainSummary } from '../core/drain/drainSummary.ts';
import { UserFacingError } from '../core/errors.ts';
import { serverCommand } from '../node/drain/chooseExecutor.ts';
import { withVariables } from '../node/drain/executors.ts';
import { planDrainOf, type PlannedDrain } from '../node/drain/planDrainOf.ts';
import { runServedDrain } from '../node/drain/servedDrain.ts';
import { newestResumable, SessionFiles } from '../node/drain/sessionStore.ts';
import { drainedPathOf } from '../node/system/realPath.ts';
import {
  exitCodes,
  type CommandContext,
  type CommandResult,
  type Report,
  type ExitCode,
} from './commandContext.ts';
import { requireWrite } from './builderCommandOptions.ts';
import { askConsent, requireConsent, type ConsentOptions } from './consent.ts';
import { databaseOption, databaseTarget, workspaceFolderOf, type DatabaseOptions } from './databaseOption.ts';
import { addDrainLimits, drainRequest, type DrainLimitOptions } from './drainLimitOptions.ts';
import { drainDetails } from './drainDetails.ts';
import { planResult } from './drainPlan.ts';
import { displacedPhases, displacedText, drainJson, drainText, exitCodeOf } from './drainReport.ts';
import { DrainStatus } from './drainStatus.ts';
import { addWorkerOptions, workerPoolFor, joinResult, type WorkerOptions } from './drainWorkerOptions.ts';
import {
  addExecutorOptions,
  resolveExecutor,
  offerText,
  serverToStart,
  requireSameServer,
  type ExecutorOptions,
} from './executorOptions.ts';
import { acceptFileOption, allowTriggersOption, authorise, type WriteOptions } from './guardOptions.ts';
import { textLines } from './textLayout.ts';
import type { WriteDetails } from './proposedWrite.ts';

interface DrainCommandOptions
  extends DatabaseOptions, ConsentOptions, WriteOptions, DrainLimitOptions, ExecutorOptions, WorkerOptions {
  /** `true` without a session. */
  readonly resume?: string | true;
  readonly dryRun?: boolean;
  readonly probe?: boolean;
}

/** `drain`: executes phases, sample-first, and explains each that gave no telemetry. */
export function addDrainCommand(program: Command, context: CommandContext, report: Report): void {
  const command = program
    .command('drain')
    .description(
      'Execute QUEUED and FAILED phases, sample-first, within strict limits. Exits with 1 when a phase failed, or one named with --phase was not executed.',
    )
    .addOption(databaseOption())
    .option('--dry-run', 'print what would be drained, in which order, and the most it can come to')
    .option('--probe', 'execute one phase only: 0 is go, 1 is no-go')
    .option(
      '--resume [session]',
      'resume a session with its executor, by default the newest of this database',
    );
  addExecutorOptions(addDrainLimits(addWorkerOptions(command)))
    .addOption(acceptFileOption())
    .addOption(allowTriggersOption())
    .option(
      '--yes',
      'confirm without asking: the drain, a canary run for the API server, an earlier phase of a run',
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
  if (options.join !== undefined) return joinResult(path, databaseUrl, options.join, options, context);
  if (options.probe === true && options.resume !== undefined) {
    throw new UserFacingError(
      'invalid-argument',
      'A probe is a drain of its own and cannot be resumed.',
      'Give either --probe or --resume.',
    );
  }
  const resume = await sessionToResume(options, path, context);
  const how = {
    ...options,
    resume,
    executor: options.executor ?? (await executorOf(resume, options, context)),
  };
  if (options.dryRun === true) {
    const what = options.probe === true ? { ...request, ...probeLimits } : request;
    return planResult(path, databaseUrl, what, resume, how, context);
  }
  if (options.probe === true) {
    const summary = await drainDatabase(path, { ...request, ...probeLimits }, how, context);
    return probeResult(databaseUrl, summary, exitCodeOf(summary));
  }
  const summary = await drainDatabase(path, request, how, context);
  const notExecuted = displacedPhases(request.phaseKeys ?? [], summary);
  const exitCode = exitCodeOf(summary);
  return {
    // Whoever names a phase waits for that one, however well another did.
    exitCode: exitCode === exitCodes.good && notExecuted.length > 0 ? exitCodes.findings : exitCode,
    json: { ...drainJson(databaseUrl, summary), notExecuted },
    text: [drainText(summary), ...displacedText(notExecuted, summary)].join('\n'),
  };
}

async function sessionToResume(
  options: DrainCommandOptions,
  databasePath: string,
  context: CommandContext,
): Promise<string | undefined> {
  if (options.resume !== true) return options.resume;
  const { reader, signal } = context;
  const { value: fingerprint } = await reader.request(
    databasePath,
    'databaseFingerprint',
    { runIds: [] },
    signal,
  );
  return newestResumable(new SessionFiles(workspaceFolderOf(options, context)), databasePath, fingerprint.id);
}

/** What a session was executed with; `undefined` where it does not say, or there is none that can be read: the drain refuses it. */
async function executorOf(
  sessionId: string | undefined,
  options: DrainCommandOptions,
  context: CommandContext,
): Promise<string | undefined> {
  if (sessionId === undefined) return undefined;
  const files = new SessionFiles(workspaceFolderOf(options, context));
  return files.load(sessionId).then(
    ({ facts }) => facts?.executor,
    () => undefined,
  );
}

/** How a drain is run, besides its limits. */
export interface DrainHow extends Pick<
  DrainCommandOptions,
  keyof ExecutorOptions | keyof WriteOptions | keyof ConsentOptions
> {
  readonly resume?: string | undefined;
  readonly workers?: number | undefined;
}

/** Drains with progress on stderr. */
export async function drainDatabase(
  databasePath: string,
  request: DrainRequest,
  how: DrainHow,
  context: CommandContext,
): Promise<DrainSummary> {
  const workspaceFolder = workspaceFolderOf(how, context);
  const { executor: chosen, server, modelKey } = await resolveExecutor(how, context);
  const workerPool = workerPoolFor(databasePath, how, { executor: chosen, modelKey }, context);
  const { reader, clock, logger, signal } = context;
  const writer = context.createWriter(workspaceFolder);
  if (chosen.name === 'endpoint') requireWrite(how);
  const expected = await authorise(databasePath, 'drain', how, context);
  if (server !== undefined) {
    const inUse = { url: server, databasePath, folders: [workspaceFolder], expected };
    await requireSameServer(inUse, how, { ...context, writer });
  }
  const job = { databasePath, workspaceFolder, options: request, resume: how.resume };
  let plan: Promise<PlannedDrain> | undefined;
  const planOnce = (): Promise<PlannedDrain> =>
    (plan ??= planDrainOf({ ...job, reader, executor: chosen }, signal));
  const details = async (): Promise<WriteDetails | null> =>
    drainDetails({ ...job, executor: chosen, args: context.args }, (await planOnce()).plan);
  await requireConsent({ operation: 'drain', path: databasePath, database: expected, details }, how, context);
  const planned = chosen.runsFirstQueued === true || how.resume !== undefined ? await planOnce() : null;
  const executor = planned === null ? chosen : withVariables(chosen, planned.environment);
  if (how.resume !== undefined) {
    for (const warning of planned?.warnings ?? []) context.stderr(`${textLines([`note: ${warning}`])}\n`);
  }
  const earlier = planned === null ? null : earlierQueuedText(planned.plan);
  for (const offer of planned?.offers ?? []) context.stderr(`${textLines([`note: ${offerText(offer)}`])}\n`);
  // Whoever else agreed to the drain has read it.
  if (earlier !== null && how.isOwnDatabase === true) {
    await askConsent(`${earlier} Drain anyway?`, how, context);
  }
  const real = await drainedPathOf(databasePath);
  const about = { databasePath: real, workspaceFolder, executor: executor.name, startedAt: clock.now() };
  const status = new DrainStatus(context, newLiveDrain(about));
  const summary = await runServedDrain(
    {
      databasePath: real,
      expected,
      workspaceFolder,
      executor,
      options: earlier === null ? request : { ...request, allowEarlierQueued: true },
      resume: how.resume,
      ...(workerPool === null ? {} : { workerPool: { ...workerPool, executor: executor.description } }),
      reader,
      writer,
      clock,
      logger,
      onProgress: (progress) => status.take(progress),
    },
    signal,
  ).finally(() => status.end());
  const toStart = serverToStart(executor, databasePath, workspaceFolder, undefined);
  const lacksServer = server === undefined && summary.results.some(({ error }) => noServer.test(error ?? ''));
  if (toStart === null || !lacksServer) return summary;
  const nextStep = `Start an API server on this database (${serverCommand(toStart)}), then resume the session with --api-url http://127.0.0.1:8000.`;
  return { ...summary, nextStep };
}

/** What Autopack says where it cannot start its own server. */
const noServer = /\bAPI server\b/i;

/** What `drain --probe` prints: go or no-go, then what any drain prints. `drained` is the exit code of the drain itself. */
function probeResult(databaseUrl: string, summary: DrainSummary, drained: ExitCode): CommandResult {
  const { isGo, reason } = judgeProbe(summary);
  const isJudged = drained === exitCodes.good || drained === exitCodes.findings;
  return {
    exitCode: isJudged ? (isGo ? exitCodes.good : exitCodes.findings) : drained,
    json: { databaseUrl, go: isGo, reason, drain: drainJson(databaseUrl, summary) },
    text: `${isGo ? 'Go' : 'No go'}: ${reason}\n${drainText(summary)}`,
  };
}
