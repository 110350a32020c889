import type { DrainResult } from '../../../../src/core/drain/drainResult.ts';
import type { DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { noYield } from '../../../../src/core/model/phaseObservation.ts';
import type { DatabaseFacts, PostgresServer } from '../../../../src/core/model/databaseFacts.ts';
import type { Phase } from '../../../../src/core/model/phase.ts';
import type { DatabaseState } from '../../../../src/editor/database/databaseState.ts';

/** A phase of which only what matters to a test is given. */
export function examplePhase(changes: Partial<Phase> = {}): Phase {
  return {
    rowId: 7,
    runId: 'run-a',
    phaseId: 'phase-a',
    tierRowId: 1,
    index: 0,
    name: 'Phase A',
    description: null,
    state: 'QUEUED',
    category: 'implementation',
    complexity: 'LOW',
    scope: { paths: [], readOnlyContext: [], deliverables: [] },
    builderAttempts: 0,
    auditorAttempts: 0,
    maxBuilderAttempts: null,
    retryAttempt: 0,
    tokensUsed: 0,
    incidentTokenCap: null,
    failureReason: null,
    createdAt: null,
    updatedAt: null,
    startedAt: null,
    completedAt: null,
    ...changes,
  };
}

/** The facts of a freshly seeded database. */
export function exampleFacts(changes: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return {
    path: '/project/seed.db',
    sizeBytes: 266_240,
    modifiedAt: 0,
    journalMode: 'wal',
    fileId: '1:2',
    id: 'an-id',
    role: 'seed',
    roleSource: 'identity-table',
    level: 'ask',
    counts: {
      runs: 1,
      phases: 10,
      llmUsageEvents: 0,
      tokenEstimationEvents: 0,
      tokenBudgetEscalationEvents: null,
    },
    phaseStates: { QUEUED: 10 },
    telemetry: { total: 0, success: 0, truncated: 0, byCategory: {}, byComplexity: {} },
    otherTelemetry: {},
    schema: { fingerprint: '0123456789abcdef', missingTables: [], missingColumns: [] },
    migrations: { state: 'older-schema', versions: [] },
    warnings: [],
    ...changes,
  };
}

/** A server with everything in order. */
export function examplePostgres(changes: Partial<PostgresServer> = {}): PostgresServer {
  return {
    version: '15.18',
    systemIdentifier: '7300000000000000001',
    databaseOid: '16384',
    timeline: 1,
    address: '10.0.0.3',
    port: 5432,
    user: 'me',
    database: 'autopack',
    isReplica: false,
    mayWrite: true,
    isPooled: false,
    encryption: 'encrypted',
    sslMode: 'prefer',
    ...changes,
  };
}

/** A database that was read. */
export function readyState(
  facts: DatabaseFacts,
  replaced = false,
): Extract<DatabaseState, { kind: 'ready' }> {
  return { kind: 'ready', path: facts.path, facts, version: { token: 't', fileId: facts.fileId }, replaced };
}

/** One phase that was drained. */
export function exampleResult(changes: Partial<DrainResult> = {}): DrainResult {
  return {
    runId: 'run-a',
    phaseId: 'phase-a',
    phaseIndex: 0,
    askedFor: null,
    alongside: null,
    attempt: 1,
    initialState: 'QUEUED',
    finalState: 'COMPLETE',
    success: true,
    outcome: 'exited',
    exitCode: 0,
    startedAt: 0,
    finishedAt: 2000,
    durationMs: 2000,
    error: null,
    fingerprint: null,
    yield: { ...noYield, estimationEvents: 1 },
    otherTokens: 0,
    zeroYield: null,
    reachedModelLimit: false,
    stdoutPath: '/project/.autonomous_runs/batch_drain_sessions/s/logs/a b.stdout.txt',
    stderrPath: '/project/.autonomous_runs/batch_drain_sessions/s/logs/a b.stderr.txt',
    stdoutTail: '',
    stderrTail: '',
    notes: [],
    ...changes,
  };
}

/** A drain of one phase that went well. */
export function exampleSummary(changes: Partial<DrainSummary> = {}): DrainSummary {
  return {
    sessionId: 's',
    sessionPath: '/project/.autonomous_runs/batch_drain_sessions/s.json',
    executor: 'example',
    startedAt: 0,
    endedAt: 12_000,
    activeMs: 12_000,
    stop: { kind: 'nothing-left', message: 'Every candidate was drained.', complete: true },
    processed: 1,
    succeeded: 1,
    failed: 0,
    timedOut: 0,
    cancelled: 0,
    interrupted: 0,
    events: 1,
    yield: noYield,
    results: [exampleResult()],
    notTaken: [],
    warnings: [],
    nextStep: 'Analyze the telemetry.',
    ...changes,
  };
}
