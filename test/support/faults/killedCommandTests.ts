import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { calibrate } from '../../../src/core/telemetry/calibration/calibrate.ts';
import { autopackEstimator } from '../../../src/core/telemetry/estimator/estimator.ts';
import { writeCalibration } from '../../../src/node/telemetry/calibrationFiles.ts';
import { seededKinds, simulatedSamples } from '../../unit/core/telemetry/calibration/simulatedSamples.ts';
import { runCommandLine } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const program = join(import.meta.dirname, '../../../dist/cli.js');
const run = 'telemetry-collection-v4';
const database = ['--database', 'seed.db'];

/** A command that writes, in a folder made ready for it. */
interface KilledCommand {
  readonly name: string;
  readonly args: readonly string[];
  /** Makes a folder ready; it holds nothing yet. */
  readonly prepare: (folder: string) => Promise<void>;
  /** The file whose content is the old or the new. */
  readonly file: string;
}

const commands: readonly KilledCommand[] = [
  { name: 'init', args: ['init', ...database], prepare: () => Promise.resolve(), file: 'seed.db' },
  { name: 'seed', args: ['seed', ...database, '--yes'], prepare: (at) => make(at), file: 'seed.db' },
  {
    name: 'adopt',
    args: ['adopt', ...database, '--role', 'seed', '--yes'],
    prepare: (at) => make(at, 'DROP TABLE autopack_hygiene_identity'),
    file: 'seed.db',
  },
  { name: 'backup', args: ['backup', ...database], prepare: (at) => makeSeeded(at), file: 'seed.db' },
  {
    name: 'requeue',
    args: ['requeue', ...database, '--run-id', run, '--yes'],
    prepare: (at) => makeSeeded(at, `UPDATE phases SET state = 'FAILED'`),
    file: 'seed.db',
  },
  {
    name: 'delete-run',
    args: ['delete-run', run, ...database, '--yes'],
    prepare: (at) => makeSeeded(at),
    file: 'seed.db',
  },
  {
    name: 'restore',
    args: ['restore', ...database, '--yes'],
    prepare: async (at) => {
      await makeSeeded(at);
      await command(['backup', ...database], at);
      change(at, `UPDATE phases SET state = 'FAILED'`);
    },
    file: 'seed.db',
  },
  {
    name: 'apply',
    args: ['calibrate', '--estimator', 'estimator.json', '--apply', 'proposal.json', '--yes'],
    prepare: async (at) => {
      const origin = { databaseUrl: 'sqlite:////data/seed.db', generatedAt: 0, estimator: null };
      const proposal = calibrate(simulatedSamples({ kinds: seededKinds, phases: 50 }));
      const { json } = await writeCalibration(at, proposal, origin);
      await cp(json, join(at, 'proposal.json'));
      await writeFile(join(at, 'estimator.json'), JSON.stringify(autopackEstimator));
    },
    file: 'estimator.json',
  },
];

/** Kills each command that writes at random moments: the old content or the new, and no leftovers after the next command. */
export function killedCommandTests(killsPerCommand: number): void {
  const folder = temporaryFolder();

  for (const { name, args, prepare, file } of commands) {
    it(`${name}, killed ${killsPerCommand} times: all or nothing, and nothing is left lying about`, async function () {
      this.timeout(60_000 + killsPerCommand * 10_000);
      // Always the same path, for backups are kept by it.
      const at = join(folder(), 'work');
      const template = join(folder(), 'template');
      await mkdir(at);
      await prepare(at);
      // A copy of the file is another file than the one that was pinned.
      await rm(join(at, '.autopack-hygiene', 'pins.json'), { force: true });
      await rename(at, template);
      const before = await contentOf(join(template, file));
      await cp(template, at, { recursive: true });
      const startedAt = performance.now();
      const { exitCode, stderr } = await command(args, at);
      assert.equal(exitCode, 0, stderr);
      const usualMs = performance.now() - startedAt;
      const after = await contentOf(join(at, file));

      for (let kill = 0; kill < killsPerCommand; kill++) {
        await rm(at, { recursive: true });
        await cp(template, at, { recursive: true });
        // Most of the time goes by before anything is written.
        await killAfter(args, at, usualMs * (0.3 + 0.8 * Math.random()));
        const found = await contentOf(join(at, file));
        // A restore is noted in the journal when the content is back; one that was not noted is done again.
        const isUnnoted = name === 'restore' && found === withFurtherChanges(after, -1);
        assert.ok(found === before || found === after || isUnnoted, `neither old nor new: ${found}`);
        // It is refused where it was done already; a backup writes in any case.
        const next = await command(args, at);
        assert.notEqual(next.exitCode, null);
        assert.doesNotMatch(next.stderr, /internal error|damaged/);
        if (file === 'seed.db') assert.equal((await command(['backup', ...database], at)).exitCode, 0);
        // A restore that had done its work is undone by the next; one that had not is done again.
        const mayBeUndone = name === 'restore' && found === after;
        const expected = mayBeUndone ? [withFurtherChanges(before, 1), after] : [after];
        assert.ok(expected.includes(await contentOf(join(at, file))), await contentOf(join(at, file)));
        assert.deepEqual(await litterIn(at), []);
      }
    });
  }
}

/** Each line a table or row of a database, without what differs from run to run; or the text of another file. */
async function contentOf(path: string): Promise<string> {
  if (!existsSync(path)) return '';
  if (!path.endsWith('.db')) return readFile(path, 'utf8');
  // A process that was killed keeps its locks until the system has cleared it away, which takes a busy machine a moment.
  const db = new DatabaseSync(path, { timeout: 5000 });
  try {
    assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
    return tables
      .map(({ name }) => {
        const rows = db.prepare(`SELECT * FROM "${String(name)}"`).all();
        const states = name === 'phases' ? rows.map(({ state }) => String(state)).join(',') : '';
        return `${String(name)} ${rows.length} ${states}`;
      })
      .join('\n');
  } finally {
    db.close();
  }
}

/** The content with so many more changes noted in its journal. */
function withFurtherChanges(content: string, changes: number): string {
  return content.replace(/(?<=^autopack_hygiene_journal )\d+/m, (rows) => String(Number(rows) + changes));
}

/** Kills a command and what it started, as a machine that runs out of memory does, unless it has ended before. */
async function killAfter(args: readonly string[], cwd: string, ms: number): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...process.env, DATABASE_URL: '' },
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await Promise.race([wait(ms), ended]);
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
  await ended;
}

async function litterIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.tmp|\.part|-journal$|-wal$|-shm$|drain-lock|takeover/.test(name)).sort();
}

async function command(args: readonly string[], cwd: string): ReturnType<typeof runCommandLine> {
  return runCommandLine(args, { cwd });
}

async function make(folder: string, ...statements: readonly string[]): Promise<void> {
  await command(['init', ...database], folder);
  change(folder, ...statements);
}

async function makeSeeded(folder: string, ...statements: readonly string[]): Promise<void> {
  await make(folder);
  await command(['seed', '--yes', ...database], folder);
  change(folder, ...statements);
}

function change(folder: string, ...statements: readonly string[]): void {
  const db = new DatabaseSync(join(folder, 'seed.db'));
  for (const statement of statements) db.exec(statement);
  db.close();
}
