import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runNpm } from '../host/runNpm.ts';
import { withoutAgent } from '../support/commandLine.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const project = join(import.meta.dirname, '../..');

describe('the packed archive', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('installs by npm alone, without any dependency, and runs from elsewhere', async () => {
    await runNpm(['pack', project, '--ignore-scripts', '--pack-destination', folder()], folder());
    const [archive = ''] = (await readdir(folder())).filter((name) => name.endsWith('.tgz'));
    const prefix = join(folder(), 'prefix');
    // Offline: whatever it had to fetch would fail here.
    await runNpm(['install', '-g', join(folder(), archive), '--prefix', prefix, '--offline'], folder());
    const isWindows = process.platform === 'win32';
    const installed = isWindows ? join(prefix, 'autopack-hygiene.cmd') : join(prefix, 'bin/autopack-hygiene');
    const { status, stderr } = spawnSync(installed, ['quickstart', '--yes', '--batch-size', '2'], {
      cwd: folder(),
      encoding: 'utf8',
      env: { ...withoutAgent(), DATABASE_URL: '', AUTOPACK_EXAMPLE_DELAY_MS: '0' },
      shell: isWindows,
    });
    assert.equal(status, 0, stderr);
    assert.ok((await readdir(folder())).includes('autopack_telemetry_seed.db'));
  });
});
