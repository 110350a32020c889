import { join } from 'node:path';
import { adopted } from '../../support/adopted.ts';
import { runCommandLine, transcript } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { meddle } from '../../support/guard/guardWorld.ts';
import { olderDatabase } from '../../support/olderDatabase.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('command line, changing many rows, as text', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  it('queues phases again and deletes a run: says what, asks, backs up, and tells the way back', async () => {
    const path = join(folder(), 'backlog.db');
    await olderDatabase(path);
    meddle(
      path,
      `UPDATE phases SET state = 'FAILED', last_failure_reason = 'Phase timeout after ' || rowid || ' seconds'
       WHERE phase_id IN ('left', 'waits')`,
      `CREATE TABLE notes (run_id TEXT)`,
      `INSERT INTO notes VALUES ('begun')`,
    );
    const parts: string[] = [];
    const run = async (...args: string[]): Promise<void> => {
      const all = [...args, '--database', 'backlog.db'];
      parts.push(transcript(all, await runCommandLine(all, { cwd: folder() }), folder()));
    };
    await run('requeue', '--all');
    await adopted(path, 'legacy', 'ask');
    await run('requeue');
    await run('requeue', '--run-id', 'nowhere');
    await run('requeue', '--phase', 'begun');
    await run('requeue', '--phase', 'begun/done', '--phase', 'begun/left', '--dry-run');
    await run('requeue', '--fingerprint', 'h2:something else');
    await run('requeue', '--all', '--dry-run', '--json');
    await run('requeue', '--all');
    await run('requeue', '--all', '--expect-role', 'seed', '--yes');
    await run('requeue', '--run-id', 'later', '--yes');
    await run('requeue', '--state', 'EXECUTING', '--all', '--yes', '--json');
    await run('requeue', '--run-id', 'later');
    await run('delete-run');
    await run('delete-run', 'nowhere');
    await run('delete-run', 'begun', '--dry-run');
    await run('delete-run', 'begun');
    await run('delete-run', 'begun', '--yes');
    await run('delete-run', 'later', '--yes', '--json');
    await run('identity');
    assertGolden(join(import.meta.dirname, 'bulkChanges.txt'), parts.join('\n'));
  });
});
