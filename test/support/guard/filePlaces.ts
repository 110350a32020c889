import { join } from 'node:path';
import type { DatabasePin } from '../../../src/core/identity/databasePin.ts';
import type { JournalEntry } from '../../../src/core/identity/journalEntry.ts';
import type { CountsRecord } from '../../../src/core/telemetry/analysis/eventCounts.ts';
import { acquireDrainLock, runningDrain } from '../../../src/node/identity/drainLock.ts';
import { runChild } from '../../../src/node/drain/runChild.ts';
import { SessionFiles } from '../../../src/node/drain/sessionStore.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { FolderJournal } from '../../../src/node/writer/folderJournal.ts';
import { CanaryVerdicts } from '../../../src/node/identity/askApiServer.ts';
import { ignoreInGit } from '../../../src/node/identity/git.ts';
import { PinFile } from '../../../src/node/identity/pinFile.ts';
import { appendCounts, readCounts } from '../../../src/node/telemetry/countsFile.ts';
import { writeExport } from '../../../src/node/telemetry/writeExport.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';

/** Values to keep in those places. */
export const sessionId = 'batch-drain-20261127-120000';
export const sessions = ['.autonomous_runs', 'batch_drain_sessions'];
export const pin: DatabasePin = {
  id: 'id',
  role: 'seed',
  path: '/data/seed.db',
  fileId: '1:2',
  schemaFingerprint: '',
  runs: [],
  lastChange: { serial: 0, mark: null },
  pinnedAt: 0,
};
export const entry: JournalEntry = {
  ...{ serial: 1, mark: 'abc', before: 0, at: 0, operation: 'seed', subject: {}, rows: {}, further: 0 },
  ...{ database: 'id', path: '/data/seed.db', folder: null, backup: null, session: null },
  author: { user: 'anna', host: 'here', pid: 1, program: 'editor' },
};
export const verdict = {
  url: 'http://127.0.0.1:8000',
  databaseId: 'id',
  path: '/data/seed.db',
  fileId: '1:2',
  databaseIdentity: null,
  verdict: 'same',
  askedAt: 0,
} as const;
export const counts: CountsRecord = {
  timestamp: '2026-11-27T12:00:00Z',
  database_url: 'sqlite:////data/seed.db',
  run_id: null,
  label: 'before',
  counts: { token_estimation_v2_events: 0, token_budget_escalation_events: 0 },
};

/** A file of ours, or one that we are told of, and what is done with it. `folder` is the workspace folder. */
interface FilePlace {
  readonly file: string;
  readonly at: readonly string[];
  readonly uses: Readonly<Record<string, (folder: string, path: string) => Promise<unknown>>>;
}

/** Every place in which we read or write a file of a workspace. */
export const filePlaces: readonly FilePlace[] = [
  {
    file: 'the pins',
    at: ['.autopack-hygiene', 'pins.json'],
    uses: {
      read: (folder) => new PinFile(folder).read(),
      written: (folder) => new PinFile(folder).add(pin),
    },
  },
  {
    file: 'the journal',
    at: ['.autopack-hygiene', 'journal.jsonl'],
    uses: {
      read: (folder) => new FolderJournal(folder).read(),
      written: (folder) => new FolderJournal(folder).add(entry, () => []),
    },
  },
  {
    file: 'the verdicts of canaries',
    at: ['.autopack-hygiene', 'canaries.json'],
    uses: { written: (folder) => new CanaryVerdicts(folder).keep(verdict) },
  },
  {
    file: 'a session',
    at: [...sessions, `${sessionId}.json`],
    uses: { read: (folder) => new SessionFiles(folder).load(sessionId) },
  },
  {
    file: 'the counts',
    at: ['.autonomous_runs', 'telemetry_counts.jsonl'],
    uses: { read: (_, path) => readCounts(path), written: (_, path) => appendCounts(path, counts) },
  },
  {
    file: 'the lock',
    at: ['seed.db.drain-lock'],
    uses: {
      read: (folder) => runningDrain(join(folder, 'seed.db')),
      taken: (folder) => acquireDrainLock(join(folder, 'seed.db'), Date.now()),
    },
  },
  {
    file: 'the log of a phase',
    at: ['phase.stdout.txt'],
    uses: {
      written: (folder, path) =>
        runChild(
          { program: process.execPath, args: ['-e', ''], env: {} },
          {
            workspaceFolder: folder,
            databasePath: join(folder, 'seed.db'),
            runId: 'run',
            phaseId: 'phase',
            timeoutMs: 5000,
            stdoutPath: path,
            stderrPath: join(folder, 'phase.stderr.txt'),
          },
          new AbortController().signal,
        ),
    },
  },
  {
    file: 'the rules of git',
    at: ['.gitignore'],
    uses: {
      written: (folder) =>
        ignoreInGit({
          path: join(folder, 'seed.db'),
          relativePath: 'seed.db',
          repository: folder,
          isTracked: false,
          isStaged: false,
          isIgnored: false,
        }),
    },
  },
  {
    file: 'an export',
    at: ['events.csv'],
    uses: { replaced: (_, path) => writeExport({ path, overwrite: true }, ['a,b\n']) },
  },
  ...['-journal', '-wal', '-shm'].map((suffix) => ({
    file: `the ${suffix.slice(1)} of a database`,
    at: [`seed.db${suffix}`],
    uses: {
      'opened by SQLite': (folder: string) =>
        new DatabaseWriter().transaction(join(folder, 'seed.db'), (db) => db.run('DELETE FROM phases')),
      'met by a backup': (folder: string) => new Backups(folder).make(join(folder, 'seed.db'), 'asked', 0),
    },
  })),
];
