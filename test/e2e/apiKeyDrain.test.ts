import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { formatDatabaseUrl } from '../../src/core/db/databaseUrl.ts';
import { type ApiServer, startApiServer } from '../support/apiServer.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { nodeAsPython, seededWorkspace } from './support/seededWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

/** Like Autopack's script, in JavaScript: asks its API server for the run first, and does nothing unless that answers. */
const askingScript = `const { DatabaseSync } = require('node:sqlite');
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const { AUTOPACK_API_URL: url, AUTOPACK_API_KEY: key = '', DATABASE_URL } = process.env;
fetch(url + '/runs/' + option('--run-id'), { headers: { 'X-API-Key': key } }).then(({ status }) => {
  if (status !== 200) process.exit(1);
  const database = new DatabaseSync(DATABASE_URL.replace('sqlite:///', ''), { timeout: 5000 });
  database.prepare("UPDATE phases SET state = 'COMPLETE', builder_attempts = 1 WHERE phase_id = ?").run(option('--phase-id'));
  database.close();
});
`;

describe('draining with an API server that wants its key', () => {
  let folder: string;
  let database: string;
  let server: ApiServer;
  let workbench: Workbench;

  before(async () => {
    ({ folder, database } = await seededWorkspace(askingScript));
    server = await startApiServer({
      databasePath: database,
      databaseUrl: formatDatabaseUrl(database),
      apiKey: 'right-key',
    });
    const settings = { ...nodeAsPython, 'autopackHygiene.apiServers': [server.url] };
    workbench = await openWorkbench({ folder, settings });
    await workbench.statusBar.item('no database selected').click();
    await workbench.quickInput.rows.filter({ hasText: '10 phases' }).waitFor();
    await workbench.quickInput.pickDatabase('seed.db');
    await workbench.statusBar.read('1 run, 10 phases');
  });

  after(async () => {
    // First, for where no window was opened: mocha would wait for it for ever.
    await (server as ApiServer | undefined)?.close();
    await (workbench as Workbench | undefined)?.dispose();
  });

  it('gives the executor the key that was stored, and shows it nowhere', async function () {
    this.timeout(180_000);
    await workbench.runCommand('Autopack: Set API Key…');
    const input = workbench.quickInput.widget.locator('input[type="password"]');
    await input.waitFor();
    await input.fill('right-key');
    await workbench.page.keyboard.press('Enter');
    await workbench.notification(`API key stored for ${server.url}.`).waitFor();

    await workbench.tree.pressInline('telemetry-p1-string-util', 'Drain Phase');
    const question = workbench.dialog('Drain the phase telemetry-p1-string-util of telemetry-collection-v4?');
    await question.waitFor();
    assert.ok((await question.innerText()).includes(server.url.replace('http://', '')));
    await workbench.screenshot('drain-with-api-key');
    await question.getByRole('button', { name: 'Drain 1 Phase' }).click();
    await workbench.notification('1 phase drained in').waitFor({ timeout: 120_000 });
    await workbench.screenshot('drained-with-api-key');

    const opened = new DatabaseSync(database, { readOnly: true });
    const complete = opened.prepare("SELECT phase_id AS id FROM phases WHERE state = 'COMPLETE'").all();
    opened.close();
    assert.deepEqual(
      complete.map(({ id }) => id),
      ['telemetry-p1-string-util'],
    );
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!text.includes('right-key'), entry.name);
    }
  });
});
