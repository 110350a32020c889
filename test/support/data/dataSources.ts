import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBacklog, makeOldestBacklog, makeReferenceSeed } from './generatedDatabases.ts';
import { type GeneratedLog, generatedLogs, writeGeneratedLogs } from './generatedLogs.ts';

/** A file to test on, never to be written: copy it first. */
export interface DataSource {
  readonly name: string;
  /** Written by the real system, and not by a generator of ours. */
  readonly isReal: boolean;
  /** Absolute; a generated file is made when it is asked for, once a process. */
  readonly path: string;
}

/** A database to test on. */
export interface DatabaseSource extends DataSource {
  readonly kind: DatabaseKind;
}

/** A log to test on; `written` is what the generator knows of its own. */
export interface LogSource extends DataSource {
  readonly written: GeneratedLog | null;
}

const databases = {
  /** A backlog from before telemetry was stored. */
  'oldest-backlog': { make: makeOldestBacklog, real: 'legacy-2025-12-09.db' },
  /** A backlog with a handful of telemetry events, columns of today missing. */
  backlog: { make: makeBacklog, real: 'legacy-2025-12-24.db' },
  /** A seeded database of Autopack's own. */
  'reference-seed': { make: makeReferenceSeed, real: 'reference-seed.db' },
} as const;

/** The kinds of database to test on, each of another schema. */
export type DatabaseKind = keyof typeof databases;

const realLogs = ['collection-v1.log', 'collection-v2.log', 'execution-v2.log', 'drain-2025-12.log'];

/**
 * Databases of a kind, or else of all: the generated one, and the real one where it lies beside the project. Tests in an extension host
 * pass the project's root, which their process was not started in.
 */
export function databaseSources(only?: DatabaseKind, projectRoot?: string): readonly DatabaseSource[] {
  const kinds = only === undefined ? (Object.keys(databases) as DatabaseKind[]) : [only];
  return kinds.flatMap((kind) => {
    const { make, real } = databases[kind];
    const generated: DatabaseSource = {
      kind,
      name: `generated-${kind}.db`,
      isReal: false,
      get path() {
        return once(this.name, make);
      },
    };
    return [generated, ...realFile(real, projectRoot).map((source) => ({ ...source, kind }))];
  });
}

/** Logs of every format. The generated ones lie in one folder, and so do the real ones. */
export function logSources(): readonly LogSource[] {
  const generated = Object.entries(generatedLogs).map(([name, written]) => ({
    name,
    isReal: false,
    written,
    get path() {
      return join(once('logs', makeLogs), name);
    },
  }));
  const real = realLogs.flatMap((name) => realFile(name).map((source) => ({ ...source, written: null })));
  return [...generated, ...real];
}

function realFile(name: string, projectRoot = process.cwd()): readonly DataSource[] {
  const path = join(projectRoot, '../shared/data', name);
  return existsSync(path) ? [{ name, isReal: true, path }] : [];
}

function makeLogs(folder: string): void {
  mkdirSync(folder);
  writeGeneratedLogs(folder);
}

const made = new Map<string, string>();
let folder: string | null = null;

function once(name: string, make: (path: string) => void): string {
  const known = made.get(name);
  if (known !== undefined) return known;
  folder ??= ownFolder();
  const path = join(folder, name);
  make(path);
  made.set(name, path);
  return path;
}

function ownFolder(): string {
  const created = mkdtempSync(join(tmpdir(), 'generated-data-'));
  process.once('exit', () => {
    rmSync(created, { recursive: true, force: true });
  });
  return created;
}
