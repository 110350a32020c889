import { UserFacingError } from '../errors.ts';
import type { PhaseKey } from '../model/phase.ts';
import { hasMatch, matchWords, type PhaseMatch } from '../model/phaseFilter.ts';
import type { State } from '../model/state.ts';
import { type DrainScope, drainableStates } from '../queries/candidates.ts';
import { contextual, t } from '../text/l10n.ts';

/** Everything that bounds a drain. `null` means no such limit. */
export interface DrainOptions {
  /** How many executions at most. */
  readonly batchSize: number;
  readonly phaseTimeoutSeconds: number;
  /** Looked at before each phase: the phase under way may run past it. Time in which nothing was drained does not count. */
  readonly maxTotalMinutes: number | null;
  /** Tokens that all executions used, whatever phase they were recorded under; looked at before each phase. */
  readonly maxTokens: number | null;
  /** US dollars by the price list; looked at before each phase and each further call of one. */
  readonly maxCost: number | null;
  /** From this cost on, in US dollars, the drain warns once. */
  readonly warnCost: number | null;
  readonly maxTimeoutsPerRun: number;
  /** Within one drain, however often it is resumed. */
  readonly maxAttemptsPerPhase: number;
  /** From this many results with the same fingerprint on, runs that end with it are left. */
  readonly maxFingerprintRepeats: number;
  readonly maxConsecutiveZeroYield: number | null;
  /** Circuit breaker: stop when so many runs in a row ended with the same failure and gave no telemetry. */
  readonly maxSameFailureRuns: number | null;
  /** How often in a row a failure that may pass by itself (a rate limit, a lock) is tried again after a pause; 0 is never. */
  readonly maxTransientRetries: number;
  /** The pause before the first of those; each further one is four times as long, up to two minutes. */
  readonly retryDelaySeconds: number;
  /** Runs whose id starts with one of these are left alone. */
  readonly skipRunPrefixes: readonly string[];
  readonly allowEmptyDatabase: boolean;
  /** Drain although no sample can be stored. */
  readonly allowMissingTelemetry: boolean;
  /**
   * Where the executor runs an earlier QUEUED phase of the run that is not in scope: take that one in place of the phase
   * that was chosen. Without it such a phase is left.
   */
  readonly allowEarlierQueued: boolean;
  /** Drain this run only. */
  readonly runId: string | null;
  /** Drain only phases that are in one of these states when the drain begins. */
  readonly states: readonly State[] | null;
  /** Drain only phases that match. */
  readonly match: PhaseMatch | null;
  /** Drain these phases only. */
  readonly phaseKeys: readonly PhaseKey[] | null;
}

/** Options as a caller gives them: what is left out gets Autopack's default. */
export type DrainRequest = { readonly [Name in keyof DrainOptions]?: DrainOptions[Name] | undefined };

/** Autopack's defaults; where it has no such limit, what keeps a drain from paying for nothing. */
export const drainDefaults: DrainOptions = {
  batchSize: 10,
  phaseTimeoutSeconds: 900,
  maxTotalMinutes: null,
  maxTokens: null,
  maxCost: null,
  warnCost: null,
  maxTimeoutsPerRun: 2,
  maxAttemptsPerPhase: 2,
  maxFingerprintRepeats: 3,
  maxConsecutiveZeroYield: null,
  maxSameFailureRuns: 5,
  maxTransientRetries: 2,
  retryDelaySeconds: 5,
  skipRunPrefixes: [],
  allowEmptyDatabase: false,
  allowMissingTelemetry: false,
  allowEarlierQueued: false,
  runId: null,
  states: null,
  match: null,
  phaseKeys: null,
};

/** Names, as a person reads them, of the options that are counts or durations. */
const limits = () => ({
  batchSize: t`The batch size`,
  phaseTimeoutSeconds: t`The phase timeout (seconds)`,
  maxTotalMinutes: t`The total time (minutes)`,
  maxTokens: t`The token budget`,
  maxCost: t`The cost limit (US dollars)`,
  warnCost: t`The cost to warn at (US dollars)`,
  maxTimeoutsPerRun: t`Timeouts per run`,
  maxAttemptsPerPhase: t`Attempts per phase`,
  maxFingerprintRepeats: t`Repeats of one fingerprint`,
  maxConsecutiveZeroYield: t`Consecutive phases without telemetry`,
  maxSameFailureRuns: t`Runs in a row with the same failure`,
  retryDelaySeconds: t`The pause before a retry (seconds)`,
});

/** Durations and amounts of money may be fractions; counts may not. */
const fractions: ReadonlySet<string> = new Set([
  'phaseTimeoutSeconds',
  'maxTotalMinutes',
  'maxCost',
  'warnCost',
  'retryDelaySeconds',
]);

/** One week: longer is a slip of the pen, and timers overflow beyond 24 days. */
const longestTimeoutSeconds = 7 * 24 * 3600;

/**
 * Fills in the defaults and refuses what makes no sense with `invalid-argument`.
 * The batch of chosen phases is as large as the choice unless said otherwise.
 */
export function resolveDrainOptions(request: DrainRequest): DrainOptions {
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  const chosen = request.phaseKeys?.length;
  const options: DrainOptions = {
    ...drainDefaults,
    ...(chosen !== undefined && chosen > 0 ? { batchSize: chosen } : {}),
    ...given,
  };
  for (const [name, label] of Object.entries(limits()) as [keyof ReturnType<typeof limits>, string][]) {
    requirePositive(options[name], label, fractions.has(name));
  }
  const { maxTransientRetries, states } = options;
  if (!Number.isInteger(maxTransientRetries) || maxTransientRetries < 0) {
    throw invalid(
      t`Retries of transient failures is ${maxTransientRetries}.`,
      t`Give a whole number, 0 for none.`,
    );
  }
  const refused = states?.find((state) => !drainableStates.includes(state));
  if (refused !== undefined) {
    throw invalid(
      t`Phases that are ${refused} cannot be drained.`,
      t`Give ${drainableStates.join(t` or `)}.`,
    );
  }
  if (options.phaseTimeoutSeconds > longestTimeoutSeconds) {
    throw invalid(
      t`The phase timeout (seconds) is ${options.phaseTimeoutSeconds}.`,
      t`Give at most one week.`,
    );
  }
  if (options.runId !== null && options.phaseKeys !== null) {
    throw invalid(t`Both a run and single phases were given to drain.`, t`Give the one or the other.`);
  }
  if (options.match !== null && options.phaseKeys !== null) {
    throw invalid(t`Both single phases and a match were given to drain.`, t`Give the one or the other.`);
  }
  return options;
}

/** Which phases the options are about. */
export function scopeOf(options: DrainOptions): DrainScope {
  if (options.phaseKeys !== null) return { kind: 'phases', keys: options.phaseKeys };
  const match = options.match !== null && hasMatch(options.match) ? { match: options.match } : {};
  return options.runId === null ? { kind: 'all', ...match } : { kind: 'run', runId: options.runId, ...match };
}

function requirePositive(value: number | null, label: string, mayBeFraction: boolean): void {
  if (value === null) return;
  const isRight = Number.isFinite(value) && value > 0 && (mayBeFraction || Number.isInteger(value));
  if (!isRight) {
    throw invalid(
      contextual('option')`${label} is ${value}.`,
      mayBeFraction ? t`Give a number above zero.` : t`Give a whole number above zero.`,
    );
  }
}

function invalid(message: string, nextStep: string): UserFacingError {
  return new UserFacingError('invalid-argument', message, nextStep);
}

/**
 * What a drain is limited to, in words: `FAILED, "auth", tests or docs`; `null` where any phase may be taken. A run and
 * chosen phases are not named: every step tells them.
 */
export function describeScope({ states, match }: Pick<DrainRequest, 'states' | 'match'>): string | null {
  const words = [
    ...(states === null || states === undefined ? [] : [states.join(' or ')]),
    ...(match === null || match === undefined ? [] : matchWords(match)),
  ];
  return words.length === 0 ? null : words.join(', ');
}
