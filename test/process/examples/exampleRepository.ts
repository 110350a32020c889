import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { initDatabase, seedDatabase } from '../../../src/core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../../../src/core/seed/telemetryCollectionV4.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';

const program = join(import.meta.dirname, '../../../examples/executor/drainOnePhase.mjs');

/** The run of every seeded repository. */
export const { runId } = telemetryCollectionV4;

/** What the program left behind when it ended. */
export interface ExampleResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to call the program, where it matters. */
export interface ExampleCall {
  readonly runId?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A repository with a seed database, and the example executor to be run in it as a child process. */
export class ExampleRepository {
  readonly folder: string;
  readonly databasePath: string;

  constructor(folder: string, name = 'seed.db') {
    this.folder = folder;
    this.databasePath = join(folder, name);
  }

  /** A repository in the folder, with a database as `init` and `seed` make it. */
  static async seeded(folder: string): Promise<ExampleRepository> {
    const repository = new ExampleRepository(folder);
    const writer = new DatabaseWriter();
    const identity = { id: randomUUID(), role: 'seed', createdAt: Date.now() } as const;
    await initDatabase(writer, repository.databasePath, identity);
    await seedDatabase(writer, repository.databasePath, { now: Date.now() });
    return repository;
  }

  /** Starts the program on a phase; its environment holds nothing but what is given. */
  start(phaseId: string, call: ExampleCall = {}): ChildProcess {
    const { args = ['--run-id', call.runId ?? runId, '--phase-id', phaseId, '--force'], env = {} } = call;
    const defaults = {
      DATABASE_URL: `sqlite:///${relative(this.folder, this.databasePath)}`,
      TELEMETRY_DB_ENABLED: '1',
      AUTOPACK_EXAMPLE_DELAY_MS: '0',
    };
    return spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      env: { ...defaults, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs the program on a phase to its end. */
  async run(phaseId: string, call: ExampleCall = {}): Promise<ExampleResult> {
    return finished(this.start(phaseId, call));
  }

  /** Runs a query or a statement on a connection of its own. */
  query(sql: string, ...params: (string | number)[]): Record<string, unknown>[] {
    const database = new DatabaseSync(this.databasePath, {
      timeout: 5000,
      enableForeignKeyConstraints: false,
    });
    try {
      return database
        .prepare(sql)
        .all(...params)
        .map((row) => ({ ...row }));
    } finally {
      database.close();
    }
  }

  /** The state of a phase, as stored. */
  stateOf(phaseId: string): unknown {
    return this.query('SELECT state FROM phases WHERE phase_id = ?', phaseId)[0]?.state;
  }

  /** How many rows each telemetry table holds. */
  telemetryRows(): Record<string, unknown> | undefined {
    return this.query(`SELECT
      (SELECT count(*) FROM token_estimation_v2_events) AS estimations,
      (SELECT count(*) FROM llm_usage_events) AS usages,
      (SELECT count(*) FROM phase_outcome_events) AS outcomes`)[0];
  }
}

/** What a started program leaves behind when it ends. */
export async function finished(child: ChildProcess): Promise<ExampleResult> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the child has no pipes');
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, error, exitCode] = await Promise.all([text(stdout), text(stderr), code]);
  return { code: exitCode, stdout: out, stderr: error };
}
