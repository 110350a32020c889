import type { ExecutionResult } from '../model/execution.ts';
import { exitText } from './errorText.ts';
import { failureKindOf } from '../failures/failureKind.ts';
import { evidencePatterns, findEvidence } from '../failures/outputLines.ts';
import { t } from '../text/l10n.ts';

/** The codes Autopack's session file knows. */
export const zeroYieldCodes = [
  'success_no_llm_calls',
  'timeout',
  'failed_before_llm',
  'llm_boundary_hit',
  'execution_error',
  'unknown',
] as const;

/** One of {@link zeroYieldCodes}. */
export type ZeroYieldCode = (typeof zeroYieldCodes)[number];

/** Why a phase gave no telemetry, finer than Autopack's codes. */
export type ZeroYieldCause = (typeof zeroYieldCauses)[number];

/** All causes there are. */
export const zeroYieldCauses = [
  'cancelled',
  'interrupted',
  'not-started',
  'timed-out',
  'table-missing',
  'telemetry-disabled',
  'recorded-elsewhere',
  'import-error',
  'model-limit',
  'provider-error',
  'environment',
  'model-reached-and-failed',
  'failed-before-model',
  'succeeded-not-flushed',
  'succeeded-without-model',
  'did-nothing',
  'crashed-before-phase',
  'unknown',
] as const;

/** Why a phase gave no telemetry, what shows it, and what to do about it. */
export interface ZeroYield {
  readonly code: ZeroYieldCode;
  readonly cause: ZeroYieldCause;
  /** A line of output, the missing table, the number that tells. */
  readonly evidence: string;
  readonly advice: string;
}

/** What is known of an execution that left no telemetry. */
export interface ZeroYieldFacts {
  readonly execution: Pick<ExecutionResult, 'outcome' | 'exitCode' | 'stdoutTail' | 'stderrTail'>;
  readonly timeoutSeconds: number;
  readonly success: boolean;
  /** The row of the phase is as it was before. */
  readonly unchanged: boolean;
  /** Whether anything of its run is another than before, or telemetry of it appeared. */
  readonly hasTrace: boolean;
  readonly hasTelemetryTable: boolean;
  readonly llmCalls: number;
  /** Events that appeared under this phase id but another run, as `run: count`; empty if none. */
  readonly misfiled: string;
  readonly error: string;
}

/** Finds why an execution gave no telemetry: the first cause whose evidence is there. */
export function explainZeroYield(facts: ZeroYieldFacts): ZeroYield {
  return interrupted(facts) ?? lost(facts) ?? (facts.success ? succeeded(facts) : failed(facts));
}

function interrupted({ execution, timeoutSeconds, error }: ZeroYieldFacts): ZeroYield | null {
  switch (execution.outcome) {
    case 'exited':
      return null;
    case 'cancelled':
      return cause(
        'unknown',
        'cancelled',
        t`The drain was cancelled.`,
        t`Drain the phase again when you like.`,
      );
    case 'interrupted':
      return cause(
        'unknown',
        'interrupted',
        'The drain was interrupted while the phase was executed.',
        t`Nothing to fix: the phase is tried again while it has attempts left.`,
      );
    case 'failed-to-start':
      return cause(
        'failed_before_llm',
        'not-started',
        error,
        t`Fix what keeps the executor from starting, then drain again.`,
      );
    case 'timed-out':
      return cause(
        'timeout',
        'timed-out',
        t`No end after ${timeoutSeconds} s.`,
        t`Read the log for what it waited for, or allow more time per phase.`,
      );
  }
}

/** There may have been telemetry, but not where it counts. */
function lost(facts: ZeroYieldFacts): ZeroYield | null {
  const code = facts.success ? 'success_no_llm_calls' : 'execution_error';
  const missing = facts.hasTelemetryTable
    ? findEvidence(evidencePatterns.tableMissing, facts.execution)
    : t`There is no token_estimation_v2_events table.`;
  if (missing !== null) {
    return cause(
      code,
      'table-missing',
      missing,
      t`Create the telemetry tables, or drain a telemetry seed database.`,
    );
  }
  const disabled = findEvidence(evidencePatterns.telemetryDisabled, facts.execution);
  if (disabled !== null) {
    return cause(
      code,
      'telemetry-disabled',
      disabled,
      t`Find what overrides TELEMETRY_DB_ENABLED=1, which the drain sets.`,
    );
  }
  if (facts.misfiled !== '') {
    const advice = t`The executor recorded its telemetry under another run: those samples are in the database, under that name.`;
    return cause(code, 'recorded-elsewhere', facts.misfiled, advice);
  }
  return null;
}

function succeeded(facts: ZeroYieldFacts): ZeroYield {
  const called = evidenceOfModel(facts);
  return called === null
    ? cause(
        'success_no_llm_calls',
        'succeeded-without-model',
        t`COMPLETE without a row in llm_usage_events.`,
        t`Nothing to fix: the phase needed no model call.`,
      )
    : cause(
        'success_no_llm_calls',
        'succeeded-not-flushed',
        called,
        t`The model was called, but no sample was stored: look for a telemetry warning in the log.`,
      );
}

function failed(facts: ZeroYieldFacts): ZeroYield {
  const limit = findEvidence(evidencePatterns.modelLimit, facts.execution);
  if (limit !== null) {
    return cause('llm_boundary_hit', 'model-limit', limit, t`Give the phase a smaller scope.`);
  }
  const broken = findEvidence(evidencePatterns.importError, facts.execution);
  if (broken !== null) {
    return cause(
      'failed_before_llm',
      'import-error',
      broken,
      t`Fix the executor's environment; every phase fails like this until then.`,
    );
  }
  const known = failureKindOf(facts.error);
  const isOfProvider = known !== null && !['connection', 'database-locked'].includes(known.name);
  if (isOfProvider && (known.treatment !== 'environment' || known.name === 'model-not-found')) {
    return cause('execution_error', 'provider-error', facts.error, known.advice);
  }
  const called = evidenceOfModel(facts);
  if (called === null && known?.treatment === 'environment') {
    return cause('failed_before_llm', 'environment', facts.error, known.advice);
  }
  if (called !== null) {
    return cause(
      'execution_error',
      'model-reached-and-failed',
      called,
      t`The model was called and the phase failed: read its failure reason.`,
    );
  }
  const { exitCode } = facts.execution;
  const ended = facts.hasTrace ? null : findEvidence(evidencePatterns.endedPhase, facts.execution);
  if (ended !== null) {
    return cause('unknown', 'did-nothing', ended, t`Check that the executor works on this database and run.`);
  }
  if (exitCode !== 0 && !facts.hasTrace && facts.unchanged) {
    return cause(
      'failed_before_llm',
      'crashed-before-phase',
      t`${exitText(exitCode)}, and nothing changed in the database.`,
      t`The executor crashed before it began the phase, which is as it was: read its log, and check what names a database.`,
    );
  }
  if (exitCode === 0 && facts.unchanged) {
    return cause(
      'unknown',
      'did-nothing',
      t`Exit code 0, and the phase is as it was.`,
      t`Check that the executor works on this database and run.`,
    );
  }
  if (exitCode !== 0 || facts.error !== '') {
    return cause(
      'failed_before_llm',
      'failed-before-model',
      facts.error,
      t`Fix the error that occurs before the model call.`,
    );
  }
  return cause(
    'unknown',
    'unknown',
    `Exit code ${exitCode}, no output that says why.`,
    t`Read the log of the phase.`,
  );
}

function evidenceOfModel(facts: ZeroYieldFacts): string | null {
  if (facts.llmCalls > 0) return t`${facts.llmCalls} new row(s) in llm_usage_events.`;
  return findEvidence(evidencePatterns.modelCalled, facts.execution);
}

function cause(code: ZeroYieldCode, name: ZeroYieldCause, evidence: string, advice: string): ZeroYield {
  return { code, cause: name, evidence, advice };
}
