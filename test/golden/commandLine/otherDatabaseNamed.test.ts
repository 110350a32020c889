import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type CommandLineRun, runCommandLine } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Prefers the file to the URL, and what a `.env` says where the environment is silent, as newer versions of Autopack do. */
const script = `
const { existsSync, readFileSync } = require('node:fs');
const { DatabaseSync } = require('node:sqlite');
const dotenv = existsSync('.env') ? readFileSync('.env', 'utf8') : '';
for (const [, name, value] of dotenv.matchAll(/^(\\w+)=(.*)$/gm)) process.env[name] ??= value;
const file = process.env.DATABASE_URL_FILE;
const url = file ? readFileSync(file, 'utf8').trim() : process.env.DATABASE_URL;
new DatabaseSync(url.replace('sqlite:///', ''))
  .prepare("UPDATE phases SET state = 'COMPLETE' WHERE run_id = ? AND phase_id = ?").run(process.argv[3], process.argv[5]);
`;

describe('command line, where something names another database', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let env: Record<string, string> = {};

  const run = (...args: readonly string[]): Promise<CommandLineRun> =>
    runCommandLine(args, { cwd: folder(), env });

  beforeEach(async () => {
    env = {};
    await run('init', '--database', 'right.db');
    await run('seed', '--yes', '--database', 'right.db');
    await copyFile(join(folder(), 'right.db'), join(folder(), 'wrong.db'));
    await mkdir(join(folder(), 'scripts'));
    await writeFile(join(folder(), 'scripts', 'drain_one_phase.py'), script);
    await writeFile(join(folder(), 'url.txt'), `sqlite:///${join(folder(), 'wrong.db')}\n`);
  });

  const states = (name: string): unknown[] =>
    new DatabaseSync(join(folder(), name), { readOnly: true })
      .prepare('SELECT DISTINCT state FROM phases ORDER BY state')
      .all()
      .map(({ state }) => state);

  const places: readonly (readonly [what: string, place: () => Promise<void> | void, warning: RegExp])[] = [
    [
      'DATABASE_URL_FILE in the environment',
      () => void (env = { DATABASE_URL_FILE: join(folder(), 'url.txt') }),
      /warning: DATABASE_URL_FILE \(.*url\.txt\) in the environment names another file/,
    ],
    [
      'DATABASE_URL_FILE in .env',
      () => writeFile(join(folder(), '.env'), 'DATABASE_URL_FILE=url.txt\n'),
      /warning: DATABASE_URL_FILE \(.*url\.txt\) in .*\.env names another file/,
    ],
    [
      'DATABASE_URL in .env',
      () => writeFile(join(folder(), '.env'), `DATABASE_URL=sqlite:///${join(folder(), 'wrong.db')}\n`),
      /warning: DATABASE_URL in .*\.env names another file/,
    ],
    [
      'another spelling in the environment',
      () => void (env = { database_url: `sqlite:///${join(folder(), 'wrong.db')}` }),
      /warning: database_url in the environment names another file/,
    ],
    [
      'DATABASE_URL in the environment',
      () => void (env = { DATABASE_URL: `sqlite:///${join(folder(), 'wrong.db')}` }),
      /note: DATABASE_URL names another database .*--database wins/,
    ],
  ];
  for (const [what, place, warning] of places) {
    it(`drains into the one that was asked for, and warns of ${what}`, async () => {
      await place();
      // As where it was there before the first write: what comes later is refused without a terminal.
      await rm(join(folder(), '.autopack-hygiene', 'sources.json'));
      const before = await readFile(join(folder(), 'wrong.db'));
      const args = ['--database', 'right.db', '--python', process.execPath, '--batch-size', '1', '--yes'];
      const { stdout, stderr } = await run('drain', '--yes', ...args);
      assert.match(stderr, warning, stdout);
      assert.deepEqual(states('right.db'), ['COMPLETE', 'QUEUED']);
      assert.ok(before.equals(await readFile(join(folder(), 'wrong.db'))));
      const { exitCode, stdout: doctor } = await run('doctor', '--database', 'right.db');
      assert.equal(exitCode, 1);
      assert.match(doctor, /drift: .*wrong\.db, not .*right\.db/);
    });
  }

  it('says where a relative URL leads below the root of Autopack', async () => {
    await mkdir(join(folder(), 'src', 'autopack'), { recursive: true });
    await writeFile(join(folder(), 'src', 'autopack', 'config.py'), 'Path(__file__).resolve().parents[2]\n');
    const { stdout, stderr } = await runCommandLine(['identity', '--database', 'sqlite:///right.db'], {
      cwd: join(folder(), 'scripts'),
    });
    assert.match(
      stderr,
      /note: Autopack takes sqlite:\/\/\/right\.db from the root of its repository: .*right\.db/,
    );
    assert.match(stdout, /10 \(QUEUED 10\)/);
  });
});
