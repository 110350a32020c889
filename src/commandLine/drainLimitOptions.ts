import { type Command, Option } from 'commander';
import { drainableStates } from '../core/queries/candidates.ts';
import { drainDefaults, type DrainRequest } from '../core/drain/drainOptions.ts';
import { hasMatch, type PhaseMatch } from '../core/model/phaseFilter.ts';
import { positiveInteger, positiveNumber, wholeNumber, collect, phaseKey } from './arguments.ts';

/** What a drain is about, and what bounds it. */
export interface DrainLimitOptions {
  readonly runId?: string;
  readonly phase?: readonly string[];
  readonly state?: string;
  readonly match?: string;
  readonly category?: readonly string[];
  readonly complexity?: readonly string[];
  readonly skipRunsPrefix?: readonly string[];
  readonly batchSize: number;
  readonly phaseTimeoutSeconds: number;
  readonly maxTotalMinutes?: number;
  readonly maxTokens?: number;
  readonly maxCost?: number;
  readonly warnCost?: number;
  readonly maxTimeoutsPerRun: number;
  readonly maxAttemptsPerPhase: number;
  readonly maxFingerprintRepeats: number;
  readonly maxConsecutiveZeroYield?: number;
  readonly maxSameFailureRuns: number;
  readonly maxTransientRetries: number;
  readonly allowEmpty?: boolean;
  readonly allowNoTelemetry?: boolean;
}

/** Adds the options that say what is drained and within which limits. */
export function addDrainLimits(command: Command): Command {
  const defaults = drainDefaults;
  return command
    .option('--run-id <id>', 'drain this run only')
    .option('--phase <run/phase>', 'drain this phase only; can be given again', collect)
    .addOption(new Option('--state <state>', 'drain phases in this state only').choices(drainableStates))
    .option('--match <text>', 'drain phases only whose id, name or run id holds this text')
    .option('--category <name...>', 'drain phases of these categories only')
    .option('--complexity <name...>', 'drain phases of these complexities only')
    .option('--skip-runs-prefix <prefix...>', 'skip runs whose id starts with this')
    .option('--batch-size <n>', 'execute at most this many phases', positiveInteger, defaults.batchSize)
    .option(
      '--phase-timeout-seconds <n>',
      'end a phase after this long',
      positiveNumber,
      defaults.phaseTimeoutSeconds,
    )
    .option('--max-total-minutes <n>', 'start no phase after this long', positiveNumber)
    .option('--max-tokens <n>', 'start no phase after this many tokens', positiveInteger)
    .option('--max-cost <dollars>', 'start no phase after this cost, by the price list', positiveNumber)
    .option('--warn-cost <dollars>', 'warn once the drain has cost this much', positiveNumber)
    .option(
      '--max-timeouts-per-run <n>',
      'leave a run after this many timeouts',
      positiveInteger,
      defaults.maxTimeoutsPerRun,
    )
    .option(
      '--max-attempts-per-phase <n>',
      'attempts per phase in one drain',
      positiveInteger,
      defaults.maxAttemptsPerPhase,
    )
    .option(
      '--max-fingerprint-repeats <n>',
      'skip runs whose failure was seen this often',
      positiveInteger,
      defaults.maxFingerprintRepeats,
    )
    .option(
      '--max-consecutive-zero-yield <n>',
      'stop after this many phases in a row without telemetry (5 is advised)',
      positiveInteger,
    )
    .option(
      '--max-same-failure-runs <n>',
      'stop when this many runs in a row end with the same failure',
      positiveInteger,
      defaults.maxSameFailureRuns ?? undefined,
    )
    .option(
      '--max-transient-retries <n>',
      'retry this often after a rate limit or a lock',
      wholeNumber,
      defaults.maxTransientRetries,
    )
    .option('--allow-empty', 'do not refuse a database without runs')
    .option('--allow-no-telemetry', 'drain although no telemetry can be stored');
}

/** What was given on the command line: what was not is left to the defaults, or to the session that is resumed. */
export function drainRequest(options: DrainLimitOptions, command: Command): DrainRequest {
  const given = <T>(name: keyof DrainLimitOptions, value: T): T | undefined =>
    command.getOptionValueSource(name) === 'cli' ? value : undefined;
  return {
    runId: options.runId,
    phaseKeys: options.phase?.map(phaseKey),
    states: options.state === undefined ? undefined : [options.state],
    match: phaseMatch(options),
    skipRunPrefixes: options.skipRunsPrefix,
    batchSize: given('batchSize', options.batchSize),
    phaseTimeoutSeconds: given('phaseTimeoutSeconds', options.phaseTimeoutSeconds),
    maxTotalMinutes: options.maxTotalMinutes,
    maxTokens: options.maxTokens,
    maxCost: options.maxCost,
    warnCost: options.warnCost,
    maxTimeoutsPerRun: given('maxTimeoutsPerRun', options.maxTimeoutsPerRun),
    maxAttemptsPerPhase: given('maxAttemptsPerPhase', options.maxAttemptsPerPhase),
    maxFingerprintRepeats: given('maxFingerprintRepeats', options.maxFingerprintRepeats),
    maxConsecutiveZeroYield: options.maxConsecutiveZeroYield,
    maxSameFailureRuns: given('maxSameFailureRuns', options.maxSameFailureRuns),
    maxTransientRetries: given('maxTransientRetries', options.maxTransientRetries),
    allowEmptyDatabase: options.allowEmpty,
    allowMissingTelemetry: options.allowNoTelemetry,
  };
}

function phaseMatch({ match, category, complexity }: DrainLimitOptions): PhaseMatch | undefined {
  const sought = { text: match ?? '', categories: category ?? [], complexities: complexity ?? [] };
  return hasMatch(sought) ? sought : undefined;
}
