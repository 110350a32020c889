import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { drainDefaults, type DrainRequest } from '../core/drain/drainOptions.ts';
import type { DrainSummary } from '../core/drain/drainSummary.ts';
import { chooseExecutor, executorNames } from '../node/drain/chooseExecutor.ts';
import { runDrain } from '../node/drain/runDrain.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult } from './commandResult.ts';
import type { ConsentOptions } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget, nonEmpty } from './databaseOption.ts';
import { drainJson, drainText } from './drainReport.ts';
import { drainProgressText } from './drainProgressText.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { acceptFileOption, authorise, type WriteOptions } from './guardOptions.ts';
import { positiveInteger, positiveNumber } from './numberArguments.ts';
import type { Report } from './program.ts';
import { requireSameServer } from './requireSameServer.ts';

interface DrainCommandOptions extends DatabaseOptions, ConsentOptions, WriteOptions {
  readonly runId?: string;
  readonly batchSize: number;
  readonly phaseTimeoutSeconds: number;
  readonly maxTotalMinutes?: number;
  readonly maxTimeoutsPerRun: number;
  readonly maxAttemptsPerPhase: number;
  readonly maxFingerprintRepeats: number;
  readonly maxConsecutiveZeroYield?: number;
  readonly skipRunsPrefix?: readonly string[];
  readonly allowEmpty?: boolean;
  readonly allowNoTelemetry?: boolean;
  readonly executor?: string;
  readonly python?: string;
  readonly apiUrl?: string;
}

/** `drain`: executes phases, sample-first, and explains each that gave no telemetry. */
export function addDrainCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('drain')
    .description('Execute QUEUED and FAILED phases, sample-first, within strict limits.')
    .addOption(databaseOption())
    .option('--run-id <id>', 'drain this run only')
    .option('--batch-size <n>', 'execute at most so many phases', positiveInteger, drainDefaults.batchSize)
    .option(
      '--phase-timeout-seconds <n>',
      'end a phase after so long',
      positiveNumber,
      drainDefaults.phaseTimeoutSeconds,
    )
    .option('--max-total-minutes <n>', 'start no phase after so long', positiveNumber)
    .option(
      '--max-timeouts-per-run <n>',
      'leave a run after so many',
      positiveInteger,
      drainDefaults.maxTimeoutsPerRun,
    )
    .option(
      '--max-attempts-per-phase <n>',
      'attempts in one drain',
      positiveInteger,
      drainDefaults.maxAttemptsPerPhase,
    )
    .option(
      '--max-fingerprint-repeats <n>',
      'leave runs whose failure was met so often',
      positiveInteger,
      drainDefaults.maxFingerprintRepeats,
    )
    .option(
      '--max-consecutive-zero-yield <n>',
      'stop after so many without telemetry (5 is advised)',
      positiveInteger,
    )
    .option('--skip-runs-prefix <prefix...>', 'leave runs alone whose id starts so')
    .option('--allow-empty', 'do not refuse a database without runs')
    .option('--allow-no-telemetry', 'drain although no telemetry can be stored')
    .addOption(
      new Option('--executor <name>', 'what executes a phase; by default what the workspace holds').choices(
        executorNames,
      ),
    )
    .option('--python <path>', 'the interpreter of the autopack executor')
    .option(
      '--api-url <url>',
      'an API server that the autopack executor reuses; it is asked which database it has',
    )
    .addOption(acceptFileOption())
    .option('--yes', 'agree to what would be asked: whether to ask the API server with a canary run')
    .option('--workspace <folder>', 'the repository root; by default the current folder')
    .option('--json', 'print one JSON object')
    .action((options: DrainCommandOptions) => report(options, drain(options, context)));
}

async function drain(options: DrainCommandOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const summary = await drainDatabase(path, drainRequest(options), options, context);
  return { exitCode: exitCodeOf(summary), json: drainJson(databaseUrl, summary), text: drainText(summary) };
}

/** Drains with progress on stderr. */
export async function drainDatabase(
  databasePath: string,
  request: DrainRequest,
  how: Pick<DrainCommandOptions, 'executor' | 'python' | 'apiUrl' | keyof WriteOptions | 'yes'>,
  context: CommandContext,
): Promise<DrainSummary> {
  const workspaceFolder = resolve(context.cwd, how.workspace ?? '.');
  const apiUrl = nonEmpty(how.apiUrl) ?? nonEmpty(context.env.AUTOPACK_API_URL);
  const executor = await chooseExecutor({
    name: how.executor,
    workspaceFolder,
    examplePath: context.exampleExecutorPath,
    interpreter: { setting: how.python },
    apiUrl,
  });
  const { reader, writer, clock, logger, signal } = context;
  const expected = await authorise(databasePath, 'drain', how, context);
  // The environment's server is only of interest to the executor that would use it.
  if (apiUrl !== undefined && (how.apiUrl !== undefined || executor.name === 'autopack')) {
    const server = { url: apiUrl, databasePath, folders: [workspaceFolder], expected };
    await requireSameServer(server, how, context);
  }
  return runDrain(
    {
      databasePath,
      expected,
      workspaceFolder,
      executor,
      options: request,
      reader,
      writer,
      clock,
      logger,
      onProgress: (progress) => {
        const line = drainProgressText(progress);
        if (line !== null) context.stderr(`${line}\n`);
      },
    },
    signal,
  );
}

function drainRequest(options: DrainCommandOptions): DrainRequest {
  return {
    runId: options.runId,
    batchSize: options.batchSize,
    phaseTimeoutSeconds: options.phaseTimeoutSeconds,
    maxTotalMinutes: options.maxTotalMinutes,
    maxTimeoutsPerRun: options.maxTimeoutsPerRun,
    maxAttemptsPerPhase: options.maxAttemptsPerPhase,
    maxFingerprintRepeats: options.maxFingerprintRepeats,
    maxConsecutiveZeroYield: options.maxConsecutiveZeroYield,
    skipRunPrefixes: options.skipRunsPrefix,
    allowEmptyDatabase: options.allowEmpty,
    allowMissingTelemetry: options.allowNoTelemetry,
  };
}

/** Interrupted, refused (nothing could be executed), findings (phases failed), or good. */
export function exitCodeOf({ stop, failed, timedOut }: DrainSummary): ExitCode {
  switch (stop.kind) {
    case 'cancelled':
      return exitCodes.interrupted;
    case 'executor-unavailable':
    case 'failed':
      return exitCodes.refused;
    case 'batch-done':
    case 'nothing-left':
    case 'total-time':
    case 'token-budget':
    case 'zero-yield-streak':
    case 'same-failure':
      return failed + timedOut > 0 ? exitCodes.findings : exitCodes.good;
  }
}
