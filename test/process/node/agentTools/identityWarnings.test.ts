import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'mocha';
import type { ToolWorld } from '../../../../src/node/agentTools/agentTool.ts';
import { ServerChecks } from '../../../../src/node/agentTools/serverChecks.ts';
import { ConfirmedSourceFile } from '../../../../src/node/identity/confirmedSourceFile.ts';
import { collectDatabaseSources } from '../../../../src/node/maintenance/collectDatabaseSources.ts';
import { AgentToolWorld } from '../../../support/agentTools.ts';
import { suiteApiServers } from '../../../support/apiServer.ts';
import { GuardWorld, suiteReader } from '../../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('the warnings of the identity tool', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const startServer = suiteApiServers();
  let world: GuardWorld;
  let path: string;
  let opened: AgentToolWorld | undefined;

  beforeEach(async () => {
    world = new GuardWorld(folder(), reader());
    path = await world.make('seed.db');
    await world.make('other.db');
  });

  afterEach(async () => {
    await opened?.dispose();
    opened = undefined;
  });

  async function warnings(changes: Partial<ToolWorld>): Promise<string> {
    opened ??= new AgentToolWorld(path, folder(), changes);
    const { answer } = await opened.call('autopack_identity');
    return (answer.warnings as string[]).join('\n');
  }

  it('name an API server with another database, and none with this one', async () => {
    const [other, same] = [
      await startServer({ databasePath: world.path('other.db') }),
      await startServer({ databasePath: path, databaseUrl: `sqlite:///${path}` }),
    ];
    const changes = { apiUrls: () => [other.url, same.url] };
    let told = await warnings(changes);
    // The first call may be over before they have answered, as on a busy machine.
    while (told.includes('has not answered yet')) told = await warnings(changes);
    assert.match(told, new RegExp(`The API server ${other.url} has another database`));
    assert.ok(!told.includes(same.url), told);
  });

  it('do not wait for a server that does not answer, and name it', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    try {
      const changes = { apiUrls: () => [url], servers: new ServerChecks() };
      await warnings(changes);
      const started = performance.now();
      assert.match(await warnings(changes), /has not answered yet: call again/);
      // Of a busy machine; what counts servers takes 150 ms.
      assert.ok(performance.now() - started < 1500);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it('name a setting and new terminals that have another database', async () => {
    const told = await warnings({
      namedElsewhere: () => ({
        seesSettings: true,
        others: [
          {
            origin: { kind: 'setting', name: 'terminal.integrated.env.linux' },
            given: world.path('other.db'),
          },
          { origin: { kind: 'terminals' }, given: world.path('other.db') },
        ],
      }),
    });
    assert.match(told, /DATABASE_URL in the setting terminal\.integrated\.env\.linux names another file/);
    assert.match(told, /DATABASE_URL of new terminals names another file/);
  });

  it('say what changed since a person confirmed it', async () => {
    await writeFile(world.path('.env'), 'DATABASE_URL=sqlite:///seed.db\n');
    const sources = await collectDatabaseSources({ folders: [folder()], environment: {}, selection: path });
    const file = new ConfirmedSourceFile(folder());
    await file.beginWith(await file.compare({ sources, environment: {}, seesSettings: false }), 1);
    assert.equal(await warnings({}), '');
    await writeFile(world.path('.env'), 'DATABASE_URL=sqlite:///other.db\n');
    assert.match(
      await warnings({}),
      /changed since it was last confirmed: it was sqlite:\/\/\/seed\.db, and is/,
    );
  });
});
