import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { olderDatabase } from '../../support/olderDatabase.ts';
import { runCommandLine, transcript } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('command line, guarding databases, as text', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  it('adopts, refuses, finds, marks, backs up and restores', async () => {
    await olderDatabase(join(folder(), 'backlog.db'));
    const backlog = ['--database', 'backlog.db'];
    const parts: string[] = [];
    const run = async (...args: string[]): Promise<void> => {
      parts.push(transcript(args, await runCommandLine(args, { cwd: folder() }), folder()));
    };
    await run('seed', ...backlog);
    await run('drain', ...backlog);
    await run('adopt', ...backlog);
    await run('adopt', ...backlog, '--role', 'seed');
    await run('adopt', ...backlog, '--role', 'legacy');
    await run('adopt', ...backlog, '--role', 'legacy', '--yes');
    await run('adopt', ...backlog, '--role', 'seed', '--yes');
    await run('identity', ...backlog);
    await run('identity', ...backlog, '--expect-role', 'legacy', '--json');
    await run('identity', ...backlog, '--expect-role', 'seed');
    await run('analyze', ...backlog, '--expect-id', 'another');
    await run('seed', ...backlog);
    await run('seed', ...backlog, '--any-role');
    await run('seed', ...backlog, '--any-role', '--yes', '--json');
    await run('delete-run', 'telemetry-collection-v4', ...backlog, '--yes');
    await run('stale', ...backlog);
    await run('stale', ...backlog, '--mark-failed');
    await run('stale', ...backlog, '--mark-failed', '--yes');
    await run('stale', ...backlog);
    await run('doctor', ...backlog);
    await copyFile(join(folder(), 'backlog.db'), join(folder(), 'copy.db'));
    await run('doctor', '--database', 'copy.db');
    await run('doctor', '--database', 'copy.db', '--json');
    await run('drain', '--database', 'copy.db');
    await run('adopt', '--database', 'copy.db', '--role', 'legacy', '--new-id', '--yes');
    await run('backup', ...backlog);
    await run('restore', ...backlog);
    await run('restore', ...backlog, '--yes');
    await run('restore', ...backlog, '--from', 'nothing.db', '--yes');
    await writeFile(join(folder(), '.autopack-hygiene', 'pins.json'), '{"version": 1, "pins": [{');
    await run('identity', ...backlog);
    await run('doctor', ...backlog);
    await run('requeue', ...backlog, '--all', '--yes');
    assertGolden(join(import.meta.dirname, 'guard.txt'), parts.join('\n'));
  });
});
