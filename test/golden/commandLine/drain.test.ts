import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommandLine, transcript } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const database = ['--database', 'seed.db'];
const first = 'telemetry-collection-v4/telemetry-p1-string-util';
const ninth = 'telemetry-collection-v4/telemetry-p9-readme';

describe('command line, drains and their sessions', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  async function story(...commands: readonly (readonly string[])[]): Promise<string> {
    const parts: string[] = [];
    for (const args of commands) {
      const run = await runCommandLine(args, { cwd: folder() });
      parts.push(transcript(args, run, folder()).replaceAll(/process \d+/g, 'process <pid>'));
    }
    return parts.join('\n');
  }
  const golden = (name: string): string => join(import.meta.dirname, name);

  it('explains the list of sessions', async () => {
    assertGolden(golden('sessions-help.txt'), await story(['sessions', '--help']));
  });

  it('plans, probes, stops at its budget, and goes on where it was', async () => {
    await symlink(join(folder(), 'seed.db'), join(folder(), 'link.db'));
    const text = await story(
      ['init', ...database],
      ['seed', '--yes', ...database],
      ['sessions'],
      ['drain', ...database, '--dry-run', '--batch-size', '3'],
      ['drain', ...database, '--dry-run', '--phase', first, '--phase', ninth, '--json'],
      ['drain', '--yes', ...database, '--probe'],
      ['drain', '--yes', ...database, '--state', 'FAILED'],
      ['drain', '--yes', ...database, '--phase', ninth],
      ['drain', '--yes', ...database, '--max-tokens', '1'],
      ['drain', ...database, '--dry-run', '--resume'],
      ['drain', '--database', 'link.db', '--dry-run', '--resume', '--max-tokens', '900000'],
      ['drain', '--yes', ...database, '--resume'],
      ['drain', '--yes', ...database, '--resume', '--max-tokens', '900000', '--batch-size', '3'],
      ['drain', '--yes', ...database, '--resume'],
    );
    assertGolden(golden('drain-sessions.txt'), text);
  });

  it('refuses what cannot be meant', async () => {
    await mkdir(join(folder(), '.autonomous_runs', 'batch_drain_sessions'), { recursive: true });
    const torn = join(
      folder(),
      '.autonomous_runs',
      'batch_drain_sessions',
      'batch-drain-20260102-030405.json',
    );
    await writeFile(torn, '{"session_id": "batch-dra');
    const text = await story(
      ['init', ...database],
      ['seed', '--yes', ...database],
      ['drain', '--yes', ...database, '--phase', 'telemetry-p1-string-util'],
      ['drain', '--yes', ...database, '--phase', first, '--run-id', 'telemetry-collection-v4'],
      ['drain', '--yes', ...database, '--phase', 'telemetry-collection-v4/none'],
      ['drain', '--yes', ...database, '--state', 'COMPLETE'],
      ['drain', '--yes', ...database, '--max-tokens', '0'],
      ['drain', '--yes', ...database, '--max-transient-retries', '-1'],
      ['drain', '--yes', ...database, '--probe', '--resume'],
      ['drain', '--yes', ...database, '--resume', 'batch-drain-20200101-000000'],
      ['drain', '--yes', ...database, '--resume', 'batch-drain-20260102-030405'],
      ['sessions'],
      ['sessions', '--json'],
    );
    assertGolden(golden('drain-refusals.txt'), text);
  });
});
