import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runCommandLine, story } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const database = ['--database', 'seed.db'];
const foreign = ['--database', 'foreign.db'];

describe('command line, used wrongly, as text', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('says what is wrong and what to do, and makes nothing', async () => {
    const made = new DatabaseSync(join(folder(), 'foreign.db'));
    made.exec('CREATE TABLE notes (text)');
    made.close();
    await writeFile(join(folder(), 'notes.txt'), 'not a database, but long enough to look like one');
    await runCommandLine(['init', ...database], { cwd: folder() });
    await runCommandLine(['seed', '--yes', ...database], { cwd: folder() });
    const before = (await readdir(folder(), { recursive: true })).sort();
    const text = await story(
      folder(),
      ['drain', '--yes', ...database, '--workspace', 'nowhere'],
      ['drain', ...database, '--workspace', 'notes.txt', '--dry-run'],
      ['sessions', '--workspace', 'nowhere'],
      ['drain', '--yes', ...database, '--batch-size', '-1', '--json'],
      ['drain', '--yes', ...database, '--bogus'],
      ['adopt', ...database],
      ['seeed'],
      ['quickstart', '--database', '.', '--force'],
      ['quickstart', '--database', 'new.db', '--executor', 'autopack'],
      ['seed', '--yes', ...database, '--run-id', 'two\nlines'],
      ['seed', '--yes', ...database, '--run-id', 'x'.repeat(201)],
      ['counts', ...database],
      ['counts', ...database, '--label', ''],
      ['counts', ...database, '--label', 'a', '--run-id', 'no-such-run'],
      ['counts', ...foreign, '--label', 'a'],
      ['calibrate', ...database, '--estimator', '.'],
      ['calibrate', ...database, '--output-dir', 'notes.txt'],
      ['export', '--database', 'gone.db', '--format', 'csv'],
      ['backup', '--database', 'gone.db'],
      ['backup', ...foreign],
      ['restore', ...database, '--from', 'foreign.db', '--yes'],
      ['restore', ...database, '--from', 'seed.db', '--yes'],
    );
    assertGolden(join(import.meta.dirname, 'wrongUse.txt'), text);
    assert.deepEqual((await readdir(folder(), { recursive: true })).sort(), before);
  });

  it('refuses a time that ends before it begins, and a link to nothing, before it begins', async () => {
    await runCommandLine(['init', ...database], { cwd: folder() });
    const times = ['--since', '2026-02-01', '--until', '2026-01-31'];
    for (const where of [[], ['--output', 'events.csv']]) {
      const args = ['export', ...database, '--format', 'csv', ...times, ...where];
      const { exitCode, stdout, stderr } = await runCommandLine(args, { cwd: folder() });
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.match(stderr, /The range from 2026-02-01T.* to 2026-02-01T.*before --until/);
    }
    assert.ok(!existsSync(join(folder(), 'events.csv')));
    const oneDay = [
      'export',
      ...database,
      '--format',
      'csv',
      '--since',
      '2026-02-01',
      '--until',
      '2026-02-01',
    ];
    assert.equal((await runCommandLine(oneDay, { cwd: folder() })).exitCode, 0);

    await symlink('nowhere.db', join(folder(), 'link.db'));
    const begun = await runCommandLine(['quickstart', '--database', 'link.db'], { cwd: folder() });
    assert.equal(begun.exitCode, 2);
    assert.match(begun.stderr, /^autopack-hygiene: .*link\.db exists already/);
  });

  it('compares counts without noting any', async () => {
    const text = await story(
      folder(),
      ['init', ...database],
      ['counts', ...database, '--label', 'before'],
      ['counts', ...database, '--compare-to', 'before'],
      ['counts', ...database, '--compare-to', 'before', '--json'],
      ['counts', ...database, '--compare-to', 'gone'],
    );
    assertGolden(join(import.meta.dirname, 'countsCompared.txt'), text);
  });

  it('says so where its output cannot be written', async function () {
    if (!existsSync('/dev/full')) skipBecause(this, 'only Linux has a device that is always full');
    await runCommandLine(['init', ...database], { cwd: folder() });
    const full = openSync('/dev/full', 'w');
    const program = join(import.meta.dirname, '../../../dist/cli.js');
    const run = spawnSync(process.execPath, [program, 'identity', ...database], {
      cwd: folder(),
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    assert.equal(run.status, 2);
    assert.match(
      run.stderr,
      /^autopack-hygiene: The output cannot be written: .*ENOSPC.*\. Write it elsewhere\.\n$/,
    );
  });
});
