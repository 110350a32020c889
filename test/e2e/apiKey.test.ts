import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { formatDatabaseUrl } from '../../src/core/db/databaseUrl.ts';
import { type ApiServer, startApiServer } from '../support/apiServer.ts';
import { IdentityWindow } from './support/identityWindow.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';

const legacy = 'autopack_legacy.db';

describe('the API key of a server', () => {
  let folder: string;
  let server: ApiServer;
  let window: IdentityWindow;

  before(async () => {
    folder = await temporaryWorkspace();
    await prepareExampleWorkspace(folder);
    const databasePath = join(folder, legacy);
    const databaseUrl = formatDatabaseUrl(databasePath);
    server = await startApiServer({ databasePath, databaseUrl, apiKey: 'right-key' });
    const url = `${server.url}/?token=hunter2`;
    window = await IdentityWindow.open({ folder, settings: { 'autopackHygiene.apiServers': [url] } });
    await window.select(legacy);
  });

  after(async () => {
    // First, for where no window was opened: mocha would wait for it for ever.
    await server.close();
    await window.workbench.dispose();
  });

  async function enter(key: string): Promise<void> {
    const { quickInput } = window.workbench;
    const input = quickInput.widget.locator('input[type="password"]');
    await input.waitFor();
    await input.fill(key);
    await window.workbench.page.keyboard.press('Enter');
  }

  it('is asked for by the row of a server that answers 403', async () => {
    const { workbench } = window;
    await window.warns(legacy, 'an API server requires its API key');
    await workbench.tree.row(/API server.*requires its API key/).waitFor();
    await window.fixIssue('API server');
    const { quickInput } = workbench;
    await quickInput.widget.getByText(`API key of ${server.url}`).waitFor();
    assert.match(
      await quickInput.message(),
      /Sent to this server only, as X-API-Key\. Kept in VS Code's secret storage/,
    );
    await quickInput.type('two\u00a0words');
    await waitUntil(
      'the input says what a key consists of',
      () => quickInput.message(),
      (message) => message.includes('printable ASCII'),
    );
    await quickInput.type('wrong-key');
    await workbench.screenshot('api-key');
    await workbench.page.keyboard.press('Enter');
    await workbench.notification('does not accept this API key').waitFor();
    await workbench.screenshot('api-key-refused');
  });

  it('is replaced by the command, and the server answers', async () => {
    const { workbench } = window;
    await workbench.runCommand('Autopack: Set API Key…');
    await workbench.quickInput.pick('Replace API Key…');
    await enter('right-key');
    await workbench.notification(`API key stored for ${server.url}.`).waitFor();
    await workbench.tree.row(/API server.*the selected database/).waitFor();
    await workbench.screenshot('api-key-accepted');
  });

  it('is in no file of the folder', async () => {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!text.includes('right-key'), entry.name);
    }
  });

  it('is removed by the command, and the server refuses again', async () => {
    const { workbench } = window;
    await workbench.runCommand('Autopack: Set API Key…');
    await workbench.quickInput.pick('Remove API Key');
    await workbench.notification(`API key of ${server.url} removed.`).waitFor();
    await workbench.tree.row(/API server.*requires its API key/).waitFor();
  });
});
