import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { story } from '../../support/commandLine.ts';
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
    const commands = ['init', 'seed', 'identity', 'drain', 'failures', 'analyze', 'calibrate', 'quickstart'];
    assertGolden(golden('no-database.txt'), await story(folder(), ...commands.map((name) => [name])));
    assert.deepEqual(await readdir(folder()), []);
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
      ['identity', '--database', 'postgresql://localhost/autopack'],
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
