import {
  drainableStates,
  keyOf,
  type Candidate,
  type DrainBacklog,
  type DrainScope,
} from '../../src/core/queries/candidates.ts';
import { drain } from '../../src/core/drain/drain.ts';
import type { DrainRequest } from '../../src/core/drain/drainOptions.ts';
import type { DrainedDatabase, DrainPorts } from '../../src/core/drain/drainPorts.ts';
import type { DrainProgress } from '../../src/core/drain/drainProgress.ts';
import type { DrainSummary } from '../../src/core/drain/drainSummary.ts';
import type { ExecutionRequest, ExecutionResult, ExecutorProblem } from '../../src/core/model/execution.ts';
import { classifyFailureReason } from '../../src/core/model/failureClass.ts';
import { UserFacingError } from '../../src/core/errors.ts';
import type { HygieneSession } from '../../src/core/drain/hygieneSession.ts';
import {
  addYields,
  type KeyedYield,
  noYield,
  type PhaseSnapshot,
  type PhaseYield,
} from '../../src/core/model/phaseObservation.ts';
import { anyPhase, matchTest } from '../../src/core/model/phaseFilter.ts';
import type { AutopackSession } from '../../src/core/drain/autopackSession.ts';
import { sessionIdAt } from '../../src/core/drain/sessionNames.ts';

/** A phase of the world; `touched` counts its changes, `attempts` those that are executions. */
export interface WorldPhase {
  readonly runId: string;
  readonly phaseId: string;
  readonly phaseIndex: number;
  readonly tierIndex: number;
  state: string;
  reason: string | null;
  touched: number;
  attempts: number;
  tokenCap: number | null;
}

/** What an executor does in the world: it changes phases, adds telemetry, and says how it ended. */
export type WorldExecutor = (
  phase: WorldPhase,
  world: DrainWorld,
  signal: AbortSignal,
) => Partial<ExecutionResult> | Promise<Partial<ExecutionResult>>;

/** A database, a clock, an executor and session files in memory: whole drains in milliseconds. */
export class DrainWorld {
  readonly phases: WorldPhase[];
  readonly events: { runId: string; phaseId: string; tokens: number }[] = [];
  readonly usage: { runId: string; phaseId: string; tokens: number }[] = [];
  readonly executed: string[] = [];
  readonly progress: DrainProgress[] = [];
  /** Every state of the session that was saved, as the text of its two files. */
  readonly saved: { session: AutopackSession; facts: HygieneSession }[] = [];
  readonly logged: string[] = [];
  now = Date.UTC(2026, 0, 2, 3, 4, 5);
  hasTelemetryTable = true;
  database: DrainedDatabase = { id: 'the-one', role: 'seed', level: 'ask', fileId: '1:2', lastSerial: 0 };
  settleMs = 0;
  runsFirstQueued = false;
  /** What keeps the executor from working. */
  problem: ExecutorProblem | null = null;
  /** Set to make the next look at the database fail. */
  readProblem: Error | null = null;
  writeProblem: Error | null = null;
  readonly #executor: WorldExecutor;

  constructor(phases: readonly Partial<WorldPhase>[], executor: WorldExecutor) {
    this.phases = phases.map((phase, index) => ({
      runId: 'run',
      phaseId: `phase-${index}`,
      phaseIndex: index,
      tierIndex: 0,
      state: 'QUEUED',
      reason: null,
      touched: 0,
      attempts: 0,
      tokenCap: null,
      ...phase,
    }));
    this.#executor = executor;
  }

  change(phase: WorldPhase, state: string, reason: string | null = null): void {
    phase.state = state;
    phase.reason = reason;
    phase.touched += 1;
    phase.attempts += 1;
  }

  addEvent(phase: WorldPhase, tokens = 100): void {
    this.events.push({ runId: phase.runId, phaseId: phase.phaseId, tokens });
  }

  find(phaseId: string, runId = 'run'): WorldPhase {
    const phase = this.phases.find((each) => each.runId === runId && each.phaseId === phaseId);
    if (phase === undefined) throw new Error(`no phase ${runId}/${phaseId} in this world`);
    return phase;
  }

  drain(request: DrainRequest = {}, signal = new AbortController().signal): Promise<DrainSummary> {
    const target = { databasePath: '/repo/seed.db', workspaceFolder: '/repo' };
    return drain({ options: request, ...target }, this.ports(), signal, (progress) =>
      this.progress.push(progress),
    );
  }

  /** A change that only the journal tells of. */
  #note(): Promise<number> {
    this.database = { ...this.database, lastSerial: this.database.lastSerial + 1 };
    return Promise.resolve(this.database.lastSerial);
  }

  ports(): DrainPorts {
    const log = (message: string): void => void this.logged.push(message);
    return {
      clock: {
        now: () => this.now,
        sleep: (ms) => {
          this.now += ms;
          return Promise.resolve();
        },
      },
      logger: { debug: log, info: log, warn: log, error: log },
      executor: {
        name: 'world',
        settleMs: this.settleMs,
        runsFirstQueued: this.runsFirstQueued,
        problem: () => Promise.resolve(this.problem),
        execute: (request, signal) => this.#execute(request, signal),
      },
      store: {
        identity: () => Promise.resolve(this.database),
        begin: () => this.#note(),
        end: () => this.#note(),
        backlog: (scope) => Promise.resolve(this.#backlog(scope)),
        observe: ({ runId, phaseId }, since) => {
          if (this.readProblem !== null) return Promise.reject(this.readProblem);
          const ofRun = this.phases.filter((each) => each.runId === runId).map(snapshotOf);
          return Promise.resolve({
            phase: ofRun.find((each) => each.phaseId === phaseId) ?? null,
            siblings: ofRun.filter((each) => each.phaseId !== phaseId),
            marks: { estimation: this.events.length, escalation: 0, usage: this.usage.length },
            hasTelemetryTable: this.hasTelemetryTable,
            runRevision: null,
            yields: since === null ? [] : this.#yields(since.estimation, since.usage),
          });
        },
        fail: ({ runId, phaseId }, reason, from) => {
          if (this.writeProblem !== null) return Promise.reject(this.writeProblem);
          const phase = this.find(phaseId, runId);
          if (phase.state !== from) return Promise.resolve(false);
          this.change(phase, 'FAILED', reason);
          return Promise.resolve(true);
        },
        // Only executors that work in the drain's own process claim and settle: this world's does it by itself.
        claim: () => Promise.resolve(null),
        holds: () => Promise.resolve(false),
        settle: () => Promise.resolve(false),
        requeue: ({ runId, phaseId }, from) => {
          if (this.writeProblem !== null) return Promise.reject(this.writeProblem);
          const phase = this.find(phaseId, runId);
          if (phase.state !== from) return Promise.resolve(false);
          this.change(phase, 'QUEUED', phase.reason);
          return Promise.resolve(true);
        },
      },
      sessions: {
        create: (startedAt) => {
          const sessionId = sessionIdAt(startedAt);
          return Promise.resolve({ sessionId, sessionPath: `/repo/${sessionId}.json` });
        },
        load: (sessionId) => {
          const stored = this.saved.findLast(({ session }) => session.session_id === sessionId);
          return stored === undefined
            ? Promise.reject(new UserFacingError('not-found', 'There is no such session.', 'List them.'))
            : Promise.resolve({ sessionPath: `/repo/${sessionId}.json`, ...structuredClone(stored) });
        },
        save: (session, facts) => {
          this.saved.push(structuredClone({ session, facts }));
          return Promise.resolve();
        },
        logPaths: (id, { runId, phaseId }, attempt) =>
          Promise.resolve({
            stdoutPath: `/repo/${id}/${runId}__${phaseId}.${attempt}.stdout.txt`,
            stderrPath: `/repo/${id}/${runId}__${phaseId}.${attempt}.stderr.txt`,
          }),
      },
    };
  }

  #backlog(scope: DrainScope): DrainBacklog {
    const isInScope = ({ runId, phaseId }: WorldPhase): boolean =>
      scope.kind === 'all' ||
      (scope.kind === 'run'
        ? runId === scope.runId
        : scope.keys.some((key) => key.runId === runId && key.phaseId === phaseId));
    const matches = matchTest((scope.kind === 'phases' ? undefined : scope.match) ?? anyPhase);
    const isMatching = ({ runId, phaseId }: WorldPhase): boolean =>
      matches({ runId, phaseId, name: phaseId, category: null, complexity: null });
    const inScope = this.phases.filter((phase) => isInScope(phase) && isMatching(phase));
    const candidates = inScope.filter(({ state }) => drainableStates.includes(state));
    const phaseStates: Record<string, number> = {};
    for (const { state } of inScope) phaseStates[state] = (phaseStates[state] ?? 0) + 1;
    return {
      databaseIsEmpty: this.phases.length === 0,
      hasTelemetryTable: this.hasTelemetryTable,
      isMigrated: false,
      runIsKnown: scope.kind !== 'run' || inScope.length > 0,
      phaseStates,
      candidates: candidates.map((phase) => this.#candidate(phase)),
      otherQueued: this.phases
        .filter((phase) => phase.state === 'QUEUED' && !candidates.includes(phase))
        .filter(({ runId }) => candidates.some((each) => each.runId === runId))
        .map((phase) => this.#candidate(phase)),
      refused:
        scope.kind === 'phases'
          ? scope.keys.flatMap(({ runId, phaseId }) => {
              const found = this.phases.find((each) => each.runId === runId && each.phaseId === phaseId);
              const state = found?.state ?? null;
              return state !== null && drainableStates.includes(state) ? [] : [{ runId, phaseId, state }];
            })
          : [],
    };
  }

  #candidate({ runId, phaseId, phaseIndex, tierIndex, state, reason, tokenCap }: WorldPhase): Candidate {
    const rowId = this.phases.findIndex((each) => each.runId === runId && each.phaseId === phaseId) + 1;
    const failureClass = classifyFailureReason(reason);
    return { rowId, runId, phaseId, phaseIndex, tierIndex, state, failureClass, tokenCap };
  }

  async #execute(request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionResult> {
    this.executed.push(`${request.runId}/${request.phaseId}`);
    const result = await this.#executor(this.find(request.phaseId, request.runId), this, signal);
    const durationMs = result.durationMs ?? 1000;
    this.now += durationMs;
    return { outcome: 'exited', exitCode: 0, stdoutTail: '', stderrTail: '', ...result, durationMs };
  }

  #yields(estimation: number, usage: number): KeyedYield[] {
    const yields = new Map<string, KeyedYield>();
    const add = ({ runId, phaseId }: { runId: string; phaseId: string }, part: Partial<PhaseYield>): void => {
      const key = keyOf({ runId, phaseId });
      const before = yields.get(key)?.yield ?? noYield;
      yields.set(key, { runId, phaseId, yield: addYields(before, { ...noYield, ...part }) });
    };
    for (const event of this.events.slice(estimation)) {
      add(event, { estimationEvents: 1, outputTokens: event.tokens });
    }
    for (const call of this.usage.slice(usage)) add(call, { llmCalls: 1, llmTokens: call.tokens });
    return [...yields.values()];
  }
}

/** Completes the phase and leaves one event, as a healthy executor does. */
export const completes: WorldExecutor = (phase, world) => {
  world.change(phase, 'COMPLETE');
  world.addEvent(phase);
  return {};
};

/** Fails the phase with a reason and leaves nothing. */
export function failsWith(reason: string): WorldExecutor {
  return (phase, world) => {
    world.change(phase, 'FAILED', reason);
    return { exitCode: 1 };
  };
}

function snapshotOf(phase: WorldPhase): PhaseSnapshot {
  const { phaseId, phaseIndex, tierIndex, state, reason, touched, attempts } = phase;
  const work = { attempts: [attempts], tokens: 0, startedAt: null, completedAt: null };
  return {
    ...{ phaseId, phaseIndex, tierIndex, rowId: 0, state },
    ...{ failureReason: reason, work, revision: `${touched}` },
  };
}

/** Phases `p1` to `p<count>` of one run. */
export function phasesNamed(count: number): { phaseId: string }[] {
  return Array.from({ length: count }, (_, index) => ({ phaseId: `p${index + 1}` }));
}
