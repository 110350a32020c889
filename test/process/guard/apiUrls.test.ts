import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDatabaseUrl } from '../../../src/core/db/databaseUrl.ts';
import { ApiClient } from '../../../src/node/identity/apiClient.ts';
import { askApiServer, askWithCanary } from '../../../src/node/identity/askApiServer.ts';
import { diagnose } from '../../../src/node/maintenance/diagnose.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { type ApiServerOptions, suiteApiServers } from '../../support/apiServer.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;

/** How a URL is given, what the server wants, and what it is asked then. */
const forms: readonly {
  readonly given: (host: string) => string;
  readonly server?: Pick<ApiServerOptions, 'authorization' | 'root'>;
  readonly asked: readonly string[];
}[] = [
  { given: (host) => `http://${host}`, asked: ['/health', '/runs?limit=100', '/runs/a%2Fb'] },
  { given: (host) => ` http://${host}/// `, asked: ['/health', '/runs?limit=100', '/runs/a%2Fb'] },
  {
    given: (host) => `http://user:hunter2@${host}`,
    server: { authorization: basic('user:hunter2') },
    asked: ['/health', '/runs?limit=100', '/runs/a%2Fb'],
  },
  {
    given: (host) => `http://us%3Aer:p%40s%20ä@${host}/`,
    server: { authorization: basic('us:er:p@s ä') },
    asked: ['/health', '/runs?limit=100', '/runs/a%2Fb'],
  },
  {
    given: (host) => `http://hunter2@${host}/`,
    server: { authorization: basic('hunter2:') },
    asked: ['/health', '/runs?limit=100', '/runs/a%2Fb'],
  },
  {
    given: (host) => `http://${host}?token=hunter2`,
    asked: ['/health?token=hunter2', '/runs?token=hunter2&limit=100', '/runs/a%2Fb?token=hunter2'],
  },
  {
    given: (host) => `http://${host}/api/v1/?token=hunter%20%2B&tenant=a#part`,
    server: { root: '/api/v1' },
    asked: [
      '/api/v1/health?token=hunter%20%2B&tenant=a',
      '/api/v1/runs?token=hunter%20%2B&tenant=a&limit=100',
      '/api/v1/runs/a%2Fb?token=hunter%20%2B&tenant=a',
    ],
  },
];

describe('the URL of an API server', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const startServer = suiteApiServers();

  for (const { given, server: wanted = {}, asked } of forms) {
    it(`${given('host:8000')} is asked as it was meant`, async () => {
      const world = new GuardWorld(folder(), reader());
      const databasePath = await world.make('seed.db');
      const urls: string[] = [];
      const server = await startServer({
        databasePath,
        databaseUrl: formatDatabaseUrl(databasePath),
        onRequest: (_, url) => urls.push(url),
        ...wanted,
      });
      const url = given(new URL(server.url).host);
      const client = new ApiClient(url);
      const answers = await client.answers();
      assert.ok(!('unreachable' in answers) && answers.runs?.length === 1, JSON.stringify(answers));
      assert.equal(await client.hasRun('a/b'), false);
      assert.deepEqual(urls, asked);
      const verdict = await askApiServer({ url, databasePath, folders: [], reader: reader() });
      assert.equal(verdict.verdict, 'same');
    });
  }

  it('is refused where it is none, without being repeated', async () => {
    for (const url of ['localhost:8000', 'user:hunter2@host', 'ftp://hunter2@host', '']) {
      const answers = await new ApiClient(url).answers();
      assert.deepEqual(answers, { unreachable: 'its URL is not an http or https URL' });
    }
  });

  it('leaves its secrets in no file and no finding, and the server is known without them', async () => {
    const world = new GuardWorld(folder(), reader());
    const databasePath = await world.make('seed.db');
    const server = await startServer({ databasePath, authorization: basic('user:hunter2') });
    const url = server.url.replace('//', '//user:hunter2@').concat('/?token=hunter2');
    const expected = await world.authorise(databasePath, 'canary');
    const place = { expected, writer: world.writer, clock: systemClock, workspaceFolder: folder() };
    assert.equal((await askWithCanary({ url, databasePath }, place)).verdict, 'same');
    const kept = await readFile(join(folder(), '.autopack-hygiene', 'canaries.json'), 'utf8');
    assert.ok(kept.includes(server.url) && !kept.includes('hunter2'), kept);
    const environment = {};
    const subject = { path: databasePath, folders: [folder()], environment, apiUrls: [url], staleBefore: 0 };
    const found = await diagnose(subject, world.diagnosing);
    const source = found.drift.find(({ source: { origin } }) => origin.kind === 'api-server');
    assert.deepEqual([source?.state, source?.source.given], ['same', server.url]);
    assert.ok(!JSON.stringify(found).includes('hunter2'));
  });
});
