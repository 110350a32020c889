import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TelemetrySample } from '../../../src/core/telemetry/samples/telemetrySamples.ts';
import { runCommandLine, story } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { addTelemetry } from '../../support/telemetryDatabase.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { seededKinds, simulateSamples } from '../../unit/core/telemetry/calibration/simulatedSamples.ts';

const example = join(import.meta.dirname, '../../../examples/executor/estimator.json');
const database = ['--database', 'seed.db'];

describe('calibrate, as text', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const run = (...args: string[]) => runCommandLine(args, { cwd: folder() });

  /** The stamps in file names differ each time. */
  const told = async (...commands: readonly string[][]): Promise<string> =>
    (await story(folder(), ...commands)).replaceAll(/(?<=calibration_)\d{8}_\d{6}/g, 'YYYYMMDD_HHMMSS');
  const golden = (name: string): string => join(import.meta.dirname, name);
  const jsonFiles = async (name: string): Promise<string[]> =>
    (await readdir(join(folder(), name))).filter((file) => file.endsWith('.json'));

  it('explains itself, and works on no database by default', async () => {
    assertGolden(golden('help.txt'), await told(['calibrate', '--help'], ['calibrate']));
  });

  it('proposes, applies only when told to, and keeps the old coefficients', async () => {
    await run('init', ...database);
    addTelemetry(join(folder(), 'seed.db'), simulateSamples({ kinds: seededKinds, phases: 50 }));
    await copyFile(example, join(folder(), 'estimator.json'));
    const estimator = ['--estimator', 'estimator.json'];
    const proposed = await told(['calibrate', ...database, ...estimator, '--output-dir', 'out']);
    const [file = ''] = await jsonFiles('out');
    const apply = ['calibrate', '--apply', join('out', file), ...estimator];
    assertGolden(
      golden('command.txt'),
      [proposed, await told(apply, [...apply, '--yes'], [...apply, '--yes'])].join('\n'),
    );
    const kept = (await readdir(folder())).filter((name) => name.endsWith('.bak'));
    assert.equal(await readFile(join(folder(), kept[0] ?? ''), 'utf8'), await readFile(example, 'utf8'));
  });

  it('withholds what the evidence does not bear, and exits with 1', async () => {
    await run('init', ...database);
    addTelemetry(join(folder(), 'seed.db'), simulateSamples({ kinds: seededKinds, phases: 10 }));
    const { exitCode, stdout } = await run('calibrate', ...database, '--json');
    assert.equal(exitCode, 1);
    const found = JSON.parse(stdout) as { verdict: string; files: { json: string } };
    assert.equal(found.verdict, 'withheld');
    const stored = JSON.parse(await readFile(found.files.json, 'utf8')) as { proposed_changes: unknown[] };
    assert.deepEqual(stored.proposed_changes, []);
    await copyFile(example, join(folder(), 'estimator.json'));
    const refused = await run(
      'calibrate',
      '--apply',
      found.files.json,
      '--estimator',
      'estimator.json',
      '--yes',
    );
    assert.equal(refused.exitCode, 2);
    assert.equal(await readFile(join(folder(), 'estimator.json'), 'utf8'), await readFile(example, 'utf8'));
  });

  it('takes logs beside the database, each call once, and logs alone, which have no role', async () => {
    const all = simulateSamples({ kinds: seededKinds, phases: 60 });
    await run('init', ...database);
    addTelemetry(join(folder(), 'seed.db'), all.slice(0, 40));
    await mkdir(join(folder(), 'logs'));
    // The last ten of the database's calls are in the log too, one of them with another figure.
    const logged = all.slice(30).map((sample, index) => (index === 3 ? { ...sample, actual: 9 } : sample));
    await writeFile(join(folder(), 'logs', 'run.log'), loggedLines(logged));
    const logs = ['--log-dir', 'logs'];
    const both = await told(['calibrate', ...database, ...logs, '--output-dir', 'both']);
    const alone = await told(['calibrate', ...logs, '--output-dir', 'alone']);
    assertGolden(golden('logs.txt'), `${both}\n${alone}`);
    const [file = ''] = await jsonFiles('alone');
    const { hygiene } = JSON.parse(await readFile(join(folder(), 'alone', file), 'utf8')) as {
      hygiene: { databaseUrl: string | null; logs: { folder: string; added: number } };
    };
    assert.equal(hygiene.databaseUrl, null);
    assert.deepEqual([hygiene.logs.folder, hygiene.logs.added], [join(folder(), 'logs'), 30]);
  });

  it('holds the database to its role beside logs too', async () => {
    await run('init', ...database);
    const backlog = simulateSamples({ kinds: seededKinds, phases: 50, but: () => ({ runId: 'feature-x' }) });
    addTelemetry(join(folder(), 'seed.db'), backlog);
    forgetIdentity(join(folder(), 'seed.db'));
    await mkdir(join(folder(), 'logs'));
    await writeFile(join(folder(), 'logs', 'run.log'), loggedLines(backlog));
    const both = ['calibrate', ...database, '--log-dir', 'logs', '--output-dir', 'out'];
    const refused = await run(...both);
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /the role of this one is legacy.*--any-role/);
    assert.equal((await run(...both, '--any-role')).exitCode, 0);
  });

  it('refuses a backlog and writes nothing, unless told that any role will do', async () => {
    await run('init', ...database);
    const backlog = simulateSamples({ kinds: seededKinds, phases: 50, but: () => ({ runId: 'feature-x' }) });
    addTelemetry(join(folder(), 'seed.db'), backlog);
    // As Autopack made its databases: without an identity, by its runs a backlog.
    forgetIdentity(join(folder(), 'seed.db'));
    const refused = await run('calibrate', ...database, '--output-dir', 'out');
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /the role of this one is legacy.*--any-role/);
    assert.ok(!(await readdir(folder())).includes('out'));
    assert.equal((await run('calibrate', ...database, '--output-dir', 'out', '--any-role')).exitCode, 0);
  });
});

/** What Autopack would have logged of these calls, at their times. */
function loggedLines(samples: readonly TelemetrySample[]): string {
  return samples
    .map(
      ({ timestamp = 0, predicted, actual, category, complexity, deliverableCount, truncated, model }) =>
        `[${new Date(timestamp).toISOString().slice(0, 19).replace('T', ' ')}] INFO: [TokenEstimationV2] ` +
        `predicted_output=${predicted} actual_output=${actual} smape=1.0% selected_budget=8192 ` +
        `category=${category} complexity=${complexity} deliverables=${deliverableCount} success=True ` +
        `stop_reason=end_turn truncated=${truncated ? 'True' : 'False'} model=${model}\n`,
    )
    .join('');
}

function forgetIdentity(path: string): void {
  const file = new DatabaseSync(path);
  file.exec('DROP TABLE autopack_hygiene_identity');
  file.close();
}
