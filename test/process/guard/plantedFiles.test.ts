import assert from 'node:assert/strict';
import { cp, link, lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserFacingError } from '../../../src/core/errors.ts';
import type { DatabasePin } from '../../../src/core/guard/databasePin.ts';
import type { CountsRecord } from '../../../src/core/telemetry/countsRecord.ts';
import { readCalibration, readEstimator } from '../../../src/node/calibration/calibrationFiles.ts';
import { acquireDrainLock, runningDrain } from '../../../src/node/drain/drainLock.ts';
import { runChild } from '../../../src/node/drain/runChild.ts';
import { SessionFiles } from '../../../src/node/drain/sessionFiles.ts';
import { Backups } from '../../../src/node/guard/backups.ts';
import { CanaryVerdicts } from '../../../src/node/guard/canaryVerdicts.ts';
import { ignoreInGit } from '../../../src/node/guard/gitHygiene.ts';
import { PinFile } from '../../../src/node/guard/pinFile.ts';
import { appendCounts, readCounts } from '../../../src/node/telemetry/countsFile.ts';
import { refuseForeignNote } from '../../../src/node/telemetry/exportNote.ts';
import { writeExport } from '../../../src/node/telemetry/writeExport.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import { suiteReader } from '../../support/guard/guardWorld.ts';
import { endless, planted, type Planted } from '../../support/plantedFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Long enough for a busy machine; what blocks never ends. */
const promptMs = 5000;
const sessionId = 'batch-drain-20261127-120000';
const sessions = ['.autonomous_runs', 'batch_drain_sessions'];
const pin: DatabasePin = {
  id: 'id',
  role: 'seed',
  path: '/data/seed.db',
  fileId: '1:2',
  schemaFingerprint: '',
  runs: [],
  pinnedAt: 0,
};
const verdict = {
  url: 'http://127.0.0.1:8000',
  databaseId: 'id',
  path: '/data/seed.db',
  fileId: '1:2',
  databaseIdentity: null,
  verdict: 'same',
  askedAt: 0,
} as const;
const counts: CountsRecord = {
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

const files: readonly FilePlace[] = [
  {
    file: 'the pins',
    at: ['.autopack-hygiene', 'pins.json'],
    uses: {
      read: (folder) => new PinFile(folder).read(),
      written: (folder) => new PinFile(folder).add(pin),
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

/** Everything under a folder, with what is in it: what must stay as it is. */
async function contentOf(folder: string): Promise<unknown> {
  const entries = await readdir(folder, { recursive: true });
  return Promise.all(
    entries.sort().map(async (name) => {
      const path = join(folder, name);
      const stats = await lstat(path);
      const inside = stats.isFile()
        ? await readFile(path, 'utf8')
        : stats.isSymbolicLink()
          ? await readlink(path)
          : '';
      return [name, stats.mode, stats.ino, stats.size < 1e6 ? inside : stats.size];
    }),
  );
}

async function refused(use: Promise<unknown>, at: string, message: RegExp): Promise<void> {
  const startedAt = Date.now();
  await assert.rejects(use, (error) => {
    assert.ok(error instanceof UserFacingError, String(error));
    assert.ok(error.message.startsWith(at), `names ${at}: ${error.message}`);
    assert.match(error.message, message);
    assert.match(error.nextStep, /^[A-Z].+\.$/);
    return true;
  });
  assert.ok(Date.now() - startedAt < promptMs, 'at once');
}

function makeDatabase(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE phases (id); INSERT INTO phases VALUES (1)');
  database.close();
}

describe('What is planted in a workspace', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const inside = (...names: readonly string[]): string => join(folder(), 'workspace', ...names);
  beforeEach(async () => {
    await mkdir(inside());
    makeDatabase(inside('seed.db'));
    await mkdir(join(folder(), 'outside'));
    await writeFile(join(folder(), 'outside', 'precious'), 'precious');
  });

  for (const { file, at, uses } of files) {
    const toLarge = at.length > 1 && !file.includes('counts');
    const kinds: readonly Planted[] = [
      ...planted,
      {
        kind: 'a link to a file outside',
        plant: (path) => symlink(join(folder(), 'outside', 'precious'), path),
        message: /is a symbolic link/,
      },
      ...(toLarge && 'read' in uses ? [endless] : []),
    ];
    for (const { kind, plant, message } of kinds) {
      it(`in the place of ${file}: ${kind} is refused and named`, async () => {
        const path = inside(...at);
        await mkdir(dirname(path), { recursive: true });
        await plant(path);
        const before = await contentOf(join(folder(), 'outside'));
        for (const use of Object.values(uses)) await refused(use(inside(), path), path, message);
        assert.deepEqual(await contentOf(join(folder(), 'outside')), before);
        assert.equal((await lstat(path)).isFile(), kind === endless.kind, 'it stays where it is');
      });
    }
  }

  const named: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    'an estimator': readEstimator,
    'a proposal': readCalibration,
  };
  for (const [what, read] of Object.entries(named)) {
    for (const target of ['/dev/zero', '/dev/ptmx', '/dev/tty', '/proc/kmsg', '/proc/kcore', '/etc']) {
      it(`where a person names ${what}: ${target} is never read, nor through a link`, async () => {
        await symlink(target, inside('link.json'));
        for (const path of [target, inside('link.json')]) await assert.rejects(read(path), UserFacingError);
      });
    }
  }

  describe('in the place of a folder', () => {
    const chains: readonly (readonly [readonly string[], (at: string) => Promise<unknown>])[] = [
      [['.autopack-hygiene'], (at) => new PinFile(at).add(pin)],
      [['.autopack-hygiene'], (at) => new CanaryVerdicts(at).keep(verdict)],
      [['.autopack-hygiene'], (at) => new Backups(at).make(join(at, 'seed.db'), 'asked', 0)],
      [['.autopack-hygiene'], (at) => new Backups(at).list(join(at, 'seed.db'))],
      [['.autopack-hygiene', 'backups'], (at) => new Backups(at).make(join(at, 'seed.db'), 'asked', 0)],
      [['.autonomous_runs'], (at) => new SessionFiles(at).create(0)],
      [['.autonomous_runs'], (at) => new SessionFiles(at).list()],
      [['.autonomous_runs'], (at) => new SessionFiles(at).load(sessionId)],
      [
        ['.autonomous_runs'],
        (at) => appendCounts(join(at, '.autonomous_runs', 'telemetry_counts.jsonl'), counts),
      ],
      [sessions, (at) => new SessionFiles(at).create(0)],
      [
        [...sessions, sessionId],
        (at) => new SessionFiles(at).logPaths(sessionId, { runId: 'r', phaseId: 'p' }, 1),
      ],
      [
        [...sessions, sessionId, 'logs'],
        (at) => new SessionFiles(at).logPaths(sessionId, { runId: 'r', phaseId: 'p' }, 1),
      ],
    ];
    for (const [index, [at, use]] of chains.entries()) {
      it(`${at.join('/')} (${index + 1}): a link out of the workspace is refused and named`, async () => {
        await mkdir(dirname(inside(...at)), { recursive: true });
        await symlink(join(folder(), 'outside'), inside(...at));
        const before = await contentOf(join(folder(), 'outside'));
        await refused(use(inside()), inside(...at), /is a symbolic link, and must be a folder\.$/);
        assert.deepEqual(await contentOf(join(folder(), 'outside')), before);
      });
      it(`${at.join('/')} (${index + 1}): a file is refused and named`, async () => {
        await mkdir(dirname(inside(...at)), { recursive: true });
        await writeFile(inside(...at), 'mine');
        await refused(use(inside()), inside(...at), /is a file, and must be a folder\.$/);
        assert.equal(await readFile(inside(...at), 'utf8'), 'mine');
      });
    }
  });

  describe('in the place of a database', () => {
    const reader = suiteReader();
    for (const { kind, plant } of planted.filter((each) => !/\/etc|environ/.test(each.kind))) {
      it(`${kind} is refused by reader and writer`, async () => {
        const path = inside('planted.db');
        await plant(path);
        const startedAt = Date.now();
        await assert.rejects(reader().ask(path, 'listRuns', null), UserFacingError);
        await assert.rejects(
          new DatabaseWriter().transaction(path, () => undefined),
          UserFacingError,
        );
        await assert.rejects(new Backups(inside()).make(path, 'asked', 0), UserFacingError);
        assert.ok(Date.now() - startedAt < promptMs);
      });
    }
  });

  it('under a second name is not emptied as a log, nor added to as counts', async () => {
    const victim = join(folder(), 'outside', 'precious');
    const path = inside('.autonomous_runs', 'telemetry_counts.jsonl');
    await mkdir(dirname(path));
    await link(victim, path);
    await refused(appendCounts(path, counts), path, /is a second name of another file/);
    assert.equal(await readFile(victim, 'utf8'), 'precious');
  });

  it('as the draft of an earlier version is not touched', async () => {
    const guesses = [
      'seed.db.restoring.tmp',
      '.seed.db.tmp',
      'pins.json.tmp',
      `events.csv.${process.pid}.part`,
    ];
    for (const name of guesses) await symlink(join(folder(), 'outside', 'precious'), inside(name));
    const before = await contentOf(join(folder(), 'outside'));
    await writeExport({ path: inside('events.csv'), overwrite: true }, ['a,b\n']);
    await new PinFile(inside()).add(pin);
    await new Backups(inside()).make(inside('seed.db'), 'asked', 0);
    assert.deepEqual(await contentOf(join(folder(), 'outside')), before);
    for (const name of guesses) assert.ok((await lstat(inside(name))).isSymbolicLink(), name);
  });

  it('does not keep a workspace that is a link itself from being used', async () => {
    await cp(inside(), join(folder(), 'real'), { recursive: true });
    await symlink('real', join(folder(), 'linked'));
    const linked = join(folder(), 'linked');
    await new PinFile(linked).add(pin);
    const { sessionPath } = await new SessionFiles(linked).create(0);
    assert.ok(sessionPath.startsWith(linked));
    assert.equal((await new Backups(linked).list(join(linked, 'seed.db'))).length, 0);
  });

  it('as an export note or its target is told apart from ours', async () => {
    await symlink('/dev/zero', inside('events.csv-metadata.json'));
    await assert.rejects(refuseForeignNote(inside('events.csv')), { code: 'exists' });
  });

  for (const id of ['../../outside', '..', 'a/b', 'a\\b', '.', 'a\0b']) {
    it(`as the name ${JSON.stringify(id)} of a session leads nowhere`, async () => {
      await assert.rejects(new SessionFiles(inside()).load(id), UserFacingError);
    });
  }
});
