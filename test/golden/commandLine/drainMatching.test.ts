import { join } from 'node:path';
import { runCommandLine, transcript } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('command line, draining what matches', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('plans and drains it, and goes on with nothing else', async () => {
    const database = ['--database', 'seed.db'];
    const commands = [
      ['init', ...database],
      ['seed', '--yes', ...database],
      [
        'drain',
        ...database,
        '--dry-run',
        '--state',
        'QUEUED',
        '--match',
        'STRING',
        '--category',
        'tests',
        'docs',
      ],
      ['drain', ...database, '--dry-run', '--complexity', 'low', '--batch-size', '2'],
      ['drain', ...database, '--dry-run', '--state', 'FAILED', '--match', 'util'],
      ['drain', '--yes', ...database, '--match', 'readme', '--state', 'FAILED'],
      [
        'drain',
        '--yes',
        ...database,
        '--match',
        'readme',
        '--phase',
        'telemetry-collection-v4/telemetry-p9-readme',
      ],
      ['drain', '--yes', ...database, '--category', 'tests', '--max-tokens', '1'],
      ['drain', ...database, '--dry-run', '--resume', '--max-tokens', '900000'],
    ];
    const parts: string[] = [];
    for (const args of commands) {
      const run = await runCommandLine(args, { cwd: folder() });
      parts.push(transcript(args, run, folder()));
    }
    assertGolden(join(import.meta.dirname, 'drain-matching.txt'), parts.join('\n'));
  });
});
