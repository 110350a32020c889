import assert from 'node:assert/strict';
import { cp, link, lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserFacingError } from '../../../src/core/errors.ts';
import { readCalibration, readEstimator } from '../../../src/node/telemetry/calibrationFiles.ts';
import { SessionFiles } from '../../../src/node/drain/sessionStore.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { CanaryVerdicts } from '../../../src/node/identity/askApiServer.ts';
import { PinFile } from '../../../src/node/identity/pinFile.ts';
import { appendCounts } from '../../../src/node/telemetry/countsFile.ts';
import { refuseForeignNote, writeExport } from '../../../src/node/telemetry/writeExport.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import { counts, filePlaces, pin, sessionId, sessions, verdict } from '../../support/guard/filePlaces.ts';
import { suiteReader } from '../../support/guard/guardWorld.ts';
import { endless, planted, type Planted } from '../../support/plantedFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Long enough for a busy machine; what blocks never ends. */
const promptMs = 5000;
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

  for (const { file, at, uses } of filePlaces) {
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
        await assert.rejects(reader().request(path, 'listRuns', null), UserFacingError);
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
