import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { runCommandLine } from '../../support/commandLine.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const program = join(import.meta.dirname, '../../../dist/cli.js');
const database = ['--database', 'seed.db'];

describe('command line, whose terminal is closed while it drains', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  /** Begins a drain whose phases take so long, and waits for its first words. */
  const begin = async (phaseMs: number): Promise<ChildProcessByStdio<null, null, Readable>> => {
    await runCommandLine(['init', ...database], { cwd: folder() });
    await runCommandLine(['seed', '--yes', ...database], { cwd: folder() });
    const child = spawn(process.execPath, [program, 'drain', '--yes', ...database], {
      cwd: folder(),
      env: { ...process.env, DATABASE_URL: '', AUTOPACK_EXAMPLE_DELAY_MS: String(phaseMs) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    return child;
  };

  const assertInGoodOrder = (): void => {
    const open = new DatabaseSync(join(folder(), 'seed.db'), { readOnly: true });
    const row = open.prepare("SELECT count(*) AS n FROM phases WHERE state = 'EXECUTING'").get();
    open.close();
    assert.equal(row?.n, 0);
    assert.ok(!existsSync(join(folder(), 'seed.db.drain-lock')));
  };

  it('ends in good order when it is told so', async function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows has no signal to send');
    const child = await begin(600_000);
    child.kill('SIGHUP');
    assert.deepEqual(await once(child, 'close'), [130, null]);
    assertInGoodOrder();
  });

  it('ends in good order when nobody reads what it says', async () => {
    const child = await begin(200);
    child.stderr.destroy();
    assert.deepEqual(await once(child, 'close'), [130, null]);
    assertInGoodOrder();
  });
});
