import assert from 'node:assert/strict';
import { writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { startWorkerPool } from '../../../src/node/drain/drainWorkers.ts';
import { rememberPassword } from '../../../src/node/postgres/passwords.ts';
import { backlogOn, beginSharedDrain } from '../../support/postgres/sharedBacklog.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('the processes of workers', function () {
  this.timeout(60_000);
  const server = postgresServer();
  const folder = temporaryFolder();
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };

  /** Runs workers that are this script, each of whose starts adds its number to a file; gives that and what was told. */
  async function runPool(
    database: string,
    script: string,
    count = 1,
    prepare = '',
  ): Promise<{ readonly starts: string; readonly told: string[] }> {
    const url = await backlogOn(server(), database, { runs: 1, phases: 1 });
    await beginSharedDrain(url, { id: 'd', leaseMs: 30_000 });
    if (prepare !== '') await server().query(database, prepare);
    const { location, password } = parsePostgresUrl(url, { user: '' });
    rememberPassword(location.path, password);
    const [hostPath, starts] = [join(folder(), 'worker.cjs'), join(folder(), 'starts')];
    await writeFile(starts, '');
    const head = `const fs = require('node:fs'); const starts = ${JSON.stringify(starts)};
      const nth = fs.readFileSync(starts, 'utf8').length + 1; fs.appendFileSync(starts, '.');\n`;
    await writeFile(hostPath, head + script);
    const told: string[] = [];
    await startWorkerPool(
      {
        ...{ count, hostPath, workerUrl: 'file:///worker', writerUrl: 'file:///writer', modelKey: null },
        executor: { kind: 'example', interpreter: process.execPath } as never,
      },
      { drain: 'd', databasePath: location.path, workspaceFolder: folder(), logger },
      new AbortController().signal,
      (message) => void told.push(message),
    );
    return { starts: await readFile(starts, 'utf8'), told };
  }
  const log = (): Promise<string> =>
    readFile(join(folder(), '.autonomous_runs', 'batch_drain_sessions', 'd', 'worker-1.log'), 'utf8');

  it('are begun again when they fail, which is told and in their log', async () => {
    const { starts, told } = await runPool('pool fails', 'process.exit(nth < 3 ? 7 : 0)');
    assert.equal(starts, '...');
    assert.deepEqual(told, [
      'Worker 1 ended with exit code 7; it is begun again in 1.0 s.',
      'Worker 1 ended with exit code 7; it is begun again in 2.0 s.',
    ]);
    for (const message of told) assert.ok((await log()).includes(message));
  });

  it('are given up after three more tries, while the others go on', async () => {
    const { starts, told } = await runPool(
      'pool given up',
      `if (nth === 1) setTimeout(() => process.exit(0), 9000); else process.exit(1)`,
      2,
    );
    assert.equal(starts, '.....');
    assert.equal(told.length, 4);
    assert.match(
      told.at(-1) ?? '',
      /^Worker [12] ended with exit code 1, again, and is not begun any more: the others go on without it\. Its log is .*worker-[12]\.log\.$/,
    );
  });

  it('are begun again when they are killed', async () => {
    const { starts, told } = await runPool(
      'pool killed',
      `if (nth === 1) process.kill(process.pid, 'SIGKILL'); else process.exit(0)`,
    );
    assert.equal(starts, '..');
    assert.deepEqual(told, ['Worker 1 was ended by SIGKILL; it is begun again in 1.0 s.']);
  });

  it('are not begun again once the drain has stopped', async () => {
    const stop = `UPDATE autopack_hygiene.drains SET stop = '{"kind": "cancelled"}'`;
    const { starts, told } = await runPool('pool stopped', 'process.exit(1)', 1, stop);
    assert.equal(starts, '.');
    assert.deepEqual(told, []);
  });
});
