import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCommandLine } from '../support/commandLine.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, '../../dist/cli.js');
const script = 'ulimit -n "$0" && exec "$@"';

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

describe('A process that has hardly any file descriptors', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  for (const [command, ...more] of [
    ['backup'],
    ['seed', '--yes'],
    ['identity'],
    // Half of what it needs is loaded when the reader's thread answers.
    ['export', '--format', 'md'],
  ] as const) {
    // Node itself needs about twenty to start.
    for (const limit of [24, 26, 27, 30]) {
      it(`does it or says why not: ${command} with ${limit}`, async () => {
        const cwd = folder();
        await runCommandLine(['init', '--database', 'seed.db'], { cwd });
        const args = [script, String(limit), process.execPath, program, command, ...more];
        const { code, stderr } = await run('sh', ['-c', ...args, '--database', 'seed.db'], {
          cwd,
          env: { ...process.env, DATABASE_URL: '' },
          timeout: 25_000,
        }).then(
          (ended): Ended => ({ code: 0, stderr: ended.stderr }),
          (error: unknown) => error as Ended,
        );
        assert.ok([0, 1, 2].includes(code), `${code} ${stderr}`);
        assert.doesNotMatch(stderr, /internal error|\n {4}at /);
        if (code === 2) assert.match(stderr, /^(?:Telemetry seed: .+\n)?autopack-hygiene: .+\. [A-Z].+\.\n$/);
      });
    }
  }
});
