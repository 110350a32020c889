import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runCommandLine } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const program = join(import.meta.dirname, '../../../dist/cli.js');

describe('command line, killed while a canary run is in the database', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('finds it next time, and deletes it when told', async () => {
    const run = (...args: readonly string[]) => runCommandLine(args, { cwd: folder() });
    const database = ['--database', 'seed.db'];
    await run('init', ...database);
    await run('seed', '--yes', ...database);

    // Answers what tells nothing, and then leaves the question for the canary open for ever.
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/runs/') !== true) response.writeHead(404).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = new Promise<void>((resolve) => {
      server.on('request', ({ url }) => {
        if (url?.startsWith('/runs/') === true) resolve();
      });
    });
    const args = [program, 'drain', ...database, '--api-url', `http://127.0.0.1:${port}`, '--yes'];
    const child = spawn(process.execPath, args, { cwd: folder(), stdio: 'ignore' });
    const ended = once(child, 'exit');
    await asked;
    child.kill('SIGKILL');
    await ended;
    server.close();
    server.closeAllConnections();

    assert.equal(runs().filter((id) => id.startsWith('autopack-hygiene-canary-')).length, 1);
    const found = await run('doctor', ...database);
    assert.equal(found.exitCode, 1);
    assert.match(found.stdout, /canary-left: A canary run was left behind: autopack-hygiene-canary-/);
    const refused = await run('doctor', ...database, '--delete-canaries');
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /A confirmation needs a terminal: Delete 1 canary/);
    const cleaned = await run('doctor', ...database, '--delete-canaries', '--yes');
    assert.match(cleaned.stdout, /^Deleted 1 canary run\.\n.*no issues/);
    assert.equal(cleaned.exitCode, 0);
    assert.deepEqual(runs(), ['telemetry-collection-v4']);
  });

  function runs(): string[] {
    const database = new DatabaseSync(join(folder(), 'seed.db'), { readOnly: true });
    const rows = database.prepare('SELECT id FROM runs ORDER BY id').all();
    database.close();
    return rows.map(({ id }) => String(id));
  }
});
