import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDatabaseUrl } from '../../../src/core/db/databaseUrl.ts';
import { apiKeyOf } from '../../../src/node/identity/apiClient.ts';
import { askApiServer, askWithCanary } from '../../../src/node/identity/askApiServer.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { suiteApiServers } from '../../support/apiServer.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('an API server that wants a key', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const startServer = suiteApiServers();

  it('says so, is not asked with a canary run, and answers to the key', async () => {
    const world = new GuardWorld(folder(), reader());
    const databasePath = await world.make('seed.db');
    const databaseUrl = formatDatabaseUrl(databasePath);
    const { url } = await startServer({ databasePath, databaseUrl, apiKey: 'right-key' });
    const question = { url, databasePath, folders: [folder()], reader: reader() };
    for (const apiKey of [undefined, 'wrong-key']) {
      const refused = await askApiServer({ ...question, apiKey });
      assert.deepEqual([refused.verdict, refused.isRefusing], ['unknown', true]);
      assert.match(refused.evidence, /HTTP 403.*API key .* missing or wrong/);
    }
    assert.equal((await askApiServer({ ...question, apiKey: 'right-key' })).verdict, 'same');
    const expected = await world.guardIn(folder()).authorise(databasePath, 'canary');
    const place = { expected, writer: world.writer, clock: systemClock, workspaceFolder: folder() };
    assert.equal((await askWithCanary({ ...question, apiKey: 'right-key' }, place)).verdict, 'same');
  });

  it('gets the key that the environment names, a file before the variable', async () => {
    const file = join(folder(), 'key');
    await writeFile(file, 'from-file\n');
    const cases = [
      [{}, undefined],
      [{ AUTOPACK_API_KEY: ' from-variable ' }, 'from-variable'],
      [{ AUTOPACK_API_KEY_FILE: '', AUTOPACK_API_KEY: 'from-variable' }, 'from-variable'],
      [{ AUTOPACK_API_KEY_FILE: file, AUTOPACK_API_KEY: 'from-variable' }, 'from-file'],
    ] as const;
    for (const [environment, expected] of cases) assert.equal(await apiKeyOf(environment), expected);
    await rejectsWith('unreadable', apiKeyOf({ AUTOPACK_API_KEY_FILE: `${file}.none` }));
  });
});
