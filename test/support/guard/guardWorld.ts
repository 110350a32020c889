import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { WriteExpectation } from '../../../src/core/identity/databaseFingerprint.ts';
import type { Operation } from '../../../src/core/identity/operation.ts';
import type { WriteConsent } from '../../../src/core/identity/requireWritable.ts';
import type { GivenRole } from '../../../src/core/identity/identityTable.ts';
import { initDatabase, seedDatabase } from '../../../src/core/seed/seedDatabase.ts';
import { CanaryVerdicts } from '../../../src/node/identity/askApiServer.ts';
import { ConfirmedSourceFile } from '../../../src/node/identity/confirmedSourceFile.ts';
import { DatabaseGuard } from '../../../src/node/identity/databaseGuard.ts';
import type { DiagnosisDeps } from '../../../src/node/maintenance/diagnose.ts';
import { createDatabaseReader } from '../../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import type { DatabaseReader } from '../../../src/protocol/readerProtocol.ts';

const workerUrl = pathToFileURL(join(import.meta.dirname, '../../../src/node/reader/readerWorker.ts'));
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A reader as the product makes it, in a thread of its own, for the running suite. */
export function suiteReader(): () => DatabaseReader {
  let reader: DatabaseReader | undefined;
  after(() => reader?.dispose());
  return () => (reader ??= createDatabaseReader({ workerUrl, logger: quiet }));
}

/** A workspace folder with databases, and the guard over them. */
export class GuardWorld {
  readonly folder: string;
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriter;
  readonly guard: DatabaseGuard;

  constructor(folder: string, reader: DatabaseReader) {
    this.folder = folder;
    this.reader = reader;
    this.writer = this.writerIn(folder);
    this.guard = this.guardIn(folder);
  }

  /** The writer of another workspace folder, which notes its changes there. */
  writerIn(journalFolder: string): DatabaseWriter {
    return new DatabaseWriter({ lockTimeoutMs: 300, journalFolder });
  }

  /** The guard of another workspace folder. */
  guardIn(workspaceFolder: string): DatabaseGuard {
    return new DatabaseGuard({ reader: this.reader, clock: systemClock, workspaceFolder });
  }

  /** What a diagnosis in this folder needs. */
  get diagnosing(): DiagnosisDeps {
    const { reader, guard, folder } = this;
    const confirmed = new ConfirmedSourceFile(folder);
    return { reader, guard, clock: systemClock, verdicts: new CanaryVerdicts(folder), confirmed };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** A new database with an identity, one seeded run if it is a seed, and a pin. */
  async make(name: string, role: GivenRole = 'seed'): Promise<string> {
    const path = this.path(name);
    await initDatabase(this.writer, path, { id: randomUUID(), role, createdAt: Date.now() });
    if (role === 'seed') await seedDatabase(this.writer, path, { now: Date.now() });
    await this.guard.pin(path);
    return path;
  }

  /** Seeds as a command does: checked, then written. */
  async seed(path: string, consent: WriteConsent = {}): Promise<void> {
    await this.write(path, await this.authorise(path, 'seed', consent));
  }

  authorise(path: string, operation: Operation, consent: WriteConsent = {}): Promise<WriteExpectation> {
    return this.guard.authorise(path, operation, consent);
  }

  /** The write alone, with what was checked before. */
  async write(path: string, expected: WriteExpectation): Promise<void> {
    await seedDatabase(this.writer, path, { now: Date.now(), runId: 'another-run', expected });
  }

  /** Every database below the folder with a digest of its content, which a refusal leaves as it is. */
  async contents(): Promise<Record<string, string>> {
    const names = await readdir(this.folder, { recursive: true });
    const databases = names.filter((name) => name.endsWith('.db')).sort();
    const digests = databases.map(async (name) => [name, await digest(join(this.folder, name))] as const);
    return Object.fromEntries(await Promise.all(digests));
  }
}

/** Runs statements as somebody else would. */
export function meddle(path: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
}

async function digest(path: string): Promise<string> {
  const content = await readFile(path).catch(() => Buffer.from('a folder'));
  return createHash('sha256').update(content).digest('hex');
}
