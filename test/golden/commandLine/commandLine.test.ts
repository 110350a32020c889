import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommandLine, story } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const database = ['--database', 'seed.db'];

describe('command line, as text', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  const golden = (name: string): string => join(import.meta.dirname, name);

  it('explains itself', async () => {
    const commands = ['init', 'seed', 'identity', 'drain', 'failures', 'analyze', 'calibrate', 'quickstart'];
    assertGolden(
      golden('help.txt'),
      await story(folder(), ['--help'], ...commands.map((name) => [name, '--help'])),
    );
  });

  it('works on no database by default', async () => {
    const commands = ['init', 'seed', 'identity', 'runs', 'drain', 'failures', 'analyze', 'calibrate'];
    assertGolden(golden('no-database.txt'), await story(folder(), ...commands.map((name) => [name])));
    assert.deepEqual(await readdir(folder()), []);
  });

  it('quickstarts an empty folder without being told anything, and touches no file that is there', async () => {
    const first = await runCommandLine(['quickstart'], { cwd: folder() });
    const path = join(folder(), 'autopack_telemetry_seed.db');
    assert.equal(first.exitCode, 0, first.stderr);
    assert.ok(first.stderr.startsWith(`No database was named: creating ${path}.\n`), first.stderr);
    const made = await readFile(path);
    for (const args of [[], ['--force'], ['--yes']]) {
      const { exitCode, stderr } = await runCommandLine(['quickstart', ...args], { cwd: folder() });
      assert.equal(exitCode, 2);
      assert.match(stderr, /autopack_telemetry_seed\.db exists already, and no database was named\./);
    }
    assert.deepEqual(await readFile(path), made);
    await rm(path);
    await writeFile(`${path}-journal`, 'what is left of another');
    const left = await runCommandLine(['quickstart'], { cwd: folder() });
    assert.match(left.stderr, /autopack_telemetry_seed\.db-journal exists already/);
    assert.equal(left.exitCode, 2);
  });

  it('creates, seeds, drains and analyses step by step', async () => {
    const text = await story(
      folder(),
      ['init', ...database],
      ['identity', ...database],
      ['seed', '--yes', ...database],
      ['identity', ...database],
      ['drain', '--yes', ...database, '--run-id', 'telemetry-collection-v4', '--batch-size', '2'],
      ['drain', '--yes', ...database, '--run-id', 'telemetry-collection-v4', '--batch-size', '10'],
      ['analyze', ...database, '--success-only', '--stratify'],
    );
    assertGolden(golden('steps.txt'), text);
  });

  it('prints one JSON object where asked', async () => {
    const json = ['--json'];
    const text = await story(
      folder(),
      ['init', ...database, ...json],
      ['seed', '--yes', ...database, ...json],
      ['identity', ...database, ...json],
      ['drain', '--yes', ...database, ...json, '--batch-size', '1'],
      ['analyze', ...database, ...json],
    );
    assertGolden(golden('json.txt'), text);
  });

  it('refuses what would go wrong, with the next step', async () => {
    await writeFile(join(folder(), 'notes.txt'), 'not a database, but long enough to look like one');
    await writeFile(join(folder(), 'empty.db'), '');
    const text = await story(
      folder(),
      ['init', ...database],
      ['init', ...database],
      ['seed', '--yes', ...database, '--run-id', 'telemetry-collection-v4'],
      ['seed', '--yes', ...database],
      ['identity', '--database', 'gone.db'],
      ['identity', '--database', 'notes.txt'],
      ['identity', '--database', 'empty.db'],
      ['identity', '--database', '.'],
      ['identity', '--database', 'mysql://localhost/autopack'],
      ['identity', '--database', 'gone.db', '--json'],
      ['drain', '--yes', ...database, '--run-id', 'no-such-run'],
      ['drain', '--yes', ...database, '--batch-size', 'many'],
      ['drain', '--yes', ...database, '--executor', 'autopack'],
      ['analyze', ...database, '--under-multiplier', '0'],
      ['quickstart', ...database],
      ['frobnicate'],
    );
    assertGolden(golden('refusals.txt'), text);
  });
});
