import { DatabaseSync } from 'node:sqlite';
import { formatAnswer, type AnsweredFile } from '../../src/core/builders/answerFormat.ts';
import type { BuildOptions, BuildParts } from '../../src/core/builders/attempt.ts';
import type { JournalEntry } from '../../src/core/builders/attemptJournal.ts';
import { buildPhase, type BuildResult } from '../../src/core/builders/buildPhase.ts';
import type { FilePlan, Verification } from '../../src/core/builders/builderPorts.ts';
import { claimPhaseOperation } from '../../src/core/builders/claimPhase.ts';
import type { ModelReply, ModelRequest } from '../../src/core/builders/modelPort.ts';
import { settlePhaseOperation } from '../../src/core/builders/settlePhase.ts';
import type { Row, WriteDatabase } from '../../src/core/db/databasePorts.ts';
import { autopackSchemaStatements } from '../../src/core/db/schema/autopackSchema.ts';
import { createIdentity } from '../../src/core/identity/identityTable.ts';
import { CancelledError } from '../../src/core/errors.ts';
import type {
  ExecutionActivity,
  ExecutionBudget,
  ExecutionHost,
  PersonPort,
  PhaseLedgerPort,
} from '../../src/core/model/executionHost.ts';
import type { ModelUsage } from '../../src/core/model/modelCall.ts';
import { seedOperation } from '../../src/core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../../src/core/seed/telemetryCollectionV4.ts';
import { autopackEstimator } from '../../src/core/telemetry/estimator/estimator.ts';

/** The boundary of every request in this world. */
export const boundary = 'b0b1b2b3b4b5';

/** What a provider reports of a call; tokens. */
export function reported(input: number, output: number): ModelUsage {
  const none = { cachedInput: 0, cacheWrite: 0, reasoning: 0 };
  return { input, uncachedInput: input, output, ...none, source: 'reported' };
}

/** A whole answer with some files, as a provider that reports its usage gives it. */
export function answer(files: readonly AnsweredFile[], output = 700): ModelReply {
  return { text: formatAnswer(files, boundary), usage: reported(1200, output), stopReason: 'end_turn' };
}

/** One turn of the scripted model. */
type Turn = (
  request: ModelRequest,
  signal: AbortSignal,
  onOutput: (text: string) => void,
) => Promise<ModelReply>;

/** A database in memory with the seeded run, a folder in memory, and a model that answers by a script. */
export class BuilderWorld {
  readonly native = new DatabaseSync(':memory:');
  readonly runId = telemetryCollectionV4.runId;
  /** By path. */
  readonly files = new Map<string, string>();
  readonly turns: Turn[] = [];
  readonly requests: ModelRequest[] = [];
  readonly journal: JournalEntry[] = [];
  readonly activities: ExecutionActivity[] = [];
  readonly logged: string[] = [];
  readonly slept: number[] = [];
  readonly refused: FilePlan['refused'][number][] = [];
  parseProblems: string[] = [];
  verification: Verification = { problems: [], notChecked: [] };
  person: PersonPort | null = null;
  budget: ExecutionBudget = { tokens: null, cost: null };
  now = Date.UTC(2026, 0, 2, 3, 4, 5);
  /** US dollars an output token. */
  price: number | null = 0.001;
  #checkpoint: ReadonlyMap<string, string> | null = null;

  constructor() {
    for (const statement of autopackSchemaStatements()) this.native.exec(statement);
    const createdAt = this.now;
    createIdentity(this.db, { id: '11111111-2222-4333-8444-555555555555', role: 'seed', createdAt });
    seedOperation.run(this.db, { plan: telemetryCollectionV4, now: this.now, anyRole: false }, 'memory');
  }

  get db(): WriteDatabase {
    return {
      all: (sql, params = []) => this.native.prepare(sql).all(...params) as Row[],
      run: (sql, params = []) => Number(this.native.prepare(sql).run(...params).changes),
    };
  }

  readonly ledger: PhaseLedgerPort = {
    claim: (key) => Promise.resolve(claimPhaseOperation.run(this.db, { key, now: this.now }, 'memory')),
    holds: ({ runId, phaseId, attempt }) => {
      const row = this.one('SELECT state, builder_attempts FROM phases WHERE run_id = ? AND phase_id = ?', [
        runId,
        phaseId,
      ]);
      return Promise.resolve(row.state === 'EXECUTING' && row.builder_attempts === attempt);
    },
    settle: (claim, settlement) =>
      Promise.resolve(settlePhaseOperation.run(this.db, { claim, settlement, now: this.now }, 'memory')),
  };

  one(sql: string, params: readonly string[] = []): Record<string, unknown> {
    return { ...this.native.prepare(sql).get(...params) };
  }

  rows(table: string): Record<string, unknown>[] {
    return this.native
      .prepare(`SELECT * FROM ${table} ORDER BY rowid`)
      .all()
      .map((row) => ({ ...row }));
  }

  phase(phaseId: string): Record<string, unknown> {
    return this.one('SELECT * FROM phases WHERE phase_id = ?', [phaseId]);
  }

  /** What the model says next: a reply, an error to throw, or a whole turn. */
  next(...turns: (ModelReply | Error | Turn)[]): void {
    for (const turn of turns) {
      if (typeof turn === 'function') this.turns.push(turn);
      else this.turns.push(() => (turn instanceof Error ? Promise.reject(turn) : Promise.resolve(turn)));
    }
  }

  build(
    phaseId: string,
    options: Partial<BuildOptions> = {},
    signal = new AbortController().signal,
  ): Promise<BuildResult> {
    const whole = {
      ...{ continueCut: false, stallMs: 60_000, maxOutputTokens: null, timeoutMs: 900_000 },
      ...{ attemptFolder: '/attempt', ...options },
    };
    return buildPhase({ runId: this.runId, phaseId }, whole, this.parts(), this.host(), signal);
  }

  host(): ExecutionHost {
    return {
      ledger: this.ledger,
      report: (activity: ExecutionActivity) => void this.activities.push(activity),
      person: this.person,
      budget: this.budget,
    };
  }

  parts(): BuildParts {
    return {
      model: {
        provider: 'openai',
        model: 'test-model',
        call: async (request, signal, onOutput) => {
          this.requests.push(request);
          const turn = this.turns.shift();
          if (turn === undefined) throw new Error('The script of the model has ended.');
          if (signal.aborted) throw new CancelledError('The call');
          this.now += 1000;
          return turn(request, signal, onOutput);
        },
      },
      files: {
        existing: ({ deliverables }) => Promise.resolve(deliverables.map((path) => this.files.has(path))),
        context: () => Promise.resolve({ files: [], notes: [] }),
        plan: ({ runId, phaseId }, answered) =>
          Promise.resolve({
            refused: this.refused,
            proposal: {
              key: { runId, phaseId },
              files: answered.map(({ path, content }) => ({
                path,
                before: this.files.get(path) ?? null,
                after: content,
              })),
            },
          }),
        write: ({ proposal }) => {
          this.#checkpoint = new Map(this.files);
          for (const { path, after } of proposal.files) this.files.set(path, after);
          return Promise.resolve();
        },
        restore: () => {
          this.files.clear();
          for (const [path, content] of this.#checkpoint ?? []) this.files.set(path, content);
          return Promise.resolve([]);
        },
      },
      verifier: {
        prepare: () => () => undefined,
        parse: () => Promise.resolve({ problems: this.parseProblems, notChecked: [] }),
        verify: () => Promise.resolve(this.verification),
      },
      journal: {
        write: (entry) => {
          this.journal.push(entry);
          return Promise.resolve();
        },
        read: () => Promise.resolve(this.journal),
      },
      clock: {
        now: () => this.now,
        sleep: (ms, signal) =>
          ms >= 100_000
            ? new Promise((_, reject) => {
                const stop = (): void => reject(new CancelledError('Waiting'));
                if (signal?.aborted === true) stop();
                signal?.addEventListener('abort', stop, { once: true });
              })
            : ((this.now += ms), this.slept.push(ms), Promise.resolve()),
      },
      estimator: autopackEstimator,
      priceOf: ({ output }) =>
        this.price === null
          ? null
          : { input: 0, cached: 0, cacheWrite: 0, output: output * this.price, reasoning: 0 },
      newBoundary: () => boundary,
      log: (message) => void this.logged.push(message),
    };
  }
}
