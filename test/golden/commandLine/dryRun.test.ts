import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandLineRun, runCommandLine } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const database = ['--database', 'seed.db'];

describe('command line, planning a drain that would be refused', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  beforeEach(async () => {
    await runCommandLine(['init', ...database], { cwd: folder() });
    await runCommandLine(['seed', '--yes', ...database], { cwd: folder() });
  });

  const plan = (...args: readonly string[]): Promise<CommandLineRun> =>
    runCommandLine(['drain', ...database, '--dry-run', ...args], { cwd: folder() });

  async function assertRefused(reason: RegExp, ...args: readonly string[]): Promise<void> {
    const { exitCode, stdout } = await plan(...args);
    assert.match(stdout, /^Plan: 10 phases of 10 candidates/);
    assert.match(stdout, reason);
    assert.equal(exitCode, 2);
    const drained = await runCommandLine(['drain', '--yes', ...database, ...args], { cwd: folder() });
    assert.equal(drained.exitCode, 2);
  }

  it('warns where the executor is not there, and where its interpreter is not', async () => {
    await assertRefused(
      /^warning: The drain would be refused: There is no scripts.drain_one_phase\.py in .*\. Open the root/m,
      '--executor',
      'autopack',
    );
    await mkdir(join(folder(), 'scripts'));
    await writeFile(join(folder(), 'scripts', 'drain_one_phase.py'), '');
    const nowhere = join(folder(), 'no-python');
    await assertRefused(/would be refused: The Python interpreter .*no-python/, '--python', nowhere);
  });

  it('warns of a server that does not answer, as JSON too', async () => {
    const server = ['--api-url', 'http://127.0.0.1:9'];
    await assertRefused(/would be refused: The API server http:\/\/127\.0\.0\.1:9 does not/, ...server);
    const { exitCode, stdout } = await plan(...server, '--json');
    const { warnings } = JSON.parse(stdout) as { warnings: string[] };
    assert.match(warnings[0] ?? '', /^The drain would be refused: The API server/);
    assert.equal(exitCode, 2);
  });

  it('says nothing where nothing speaks against the drain', async () => {
    const { exitCode, stdout } = await plan();
    assert.doesNotMatch(stdout, /warning/);
    assert.equal(exitCode, 0);
  });
});
