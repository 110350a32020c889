import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import { openSeeded } from './support/openSeeded.ts';
import { seededWorkspace } from './support/seededWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

const key = 'sk-e2e-0123456789abcdef';

describe('setting up a model endpoint', () => {
  let server: ModelServer;
  let plain: ModelServer;
  let workbench: Workbench;

  before(async () => {
    const models = [{ id: 'builder-large', max_model_len: 128_000 }, { id: 'builder-small' }];
    const list = (data: readonly object[]): object => ({ object: 'list', data });
    const ready = { kind: 'text', text: 'ready' } as const;
    const usage = { uncached: 12, output: 1 };
    server = await startModelServer([{ ...ready, usage }], { apiKey: key, models: list(models) });
    plain = await startModelServer([{ ...ready, usage: null }], { models: list([]) });
    const { folder } = await seededWorkspace('');
    // A repository that wants phases and keys to go elsewhere.
    await mkdir(join(folder, '.vscode'));
    const planted = { 'autopackHygiene.endpoint.baseUrl': 'https://evil.example/v1' };
    await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(planted));
    const env = {
      OPENAI_API_KEY: undefined,
      ANTHROPIC_API_KEY: undefined,
      AUTOPACK_HYGIENE_API_KEY: undefined,
    };
    workbench = await openSeeded(folder, { env });
  });

  after(async () => {
    await server.close();
    await plain.close();
    await workbench.dispose();
  });

  async function chooseOther(url: string): Promise<void> {
    const { quickInput } = workbench;
    await workbench.runCommand('Autopack: Set Up Model Endpoint…');
    await quickInput.rows.filter({ hasText: 'Ollama' }).waitFor();
    await quickInput.pick('Other OpenAI-Compatible Server…');
    await quickInput.widget.getByText('Base URL of the server').waitFor();
    await quickInput.type(url);
    await workbench.page.keyboard.press('Enter');
  }

  async function enterKey(text: string, why: string): Promise<void> {
    const { quickInput, page } = workbench;
    await quickInput.widget.getByText(why).waitFor();
    const input = quickInput.widget.locator('input[type="password"]');
    await input.fill(text);
    await page.keyboard.press('Enter');
  }

  it('offers the usual servers', async () => {
    await workbench.runCommand('Autopack: Set Up Model Endpoint…');
    await workbench.quickInput.rows.filter({ hasText: 'Ollama' }).waitFor();
    await workbench.screenshot('endpoint-servers');
    await workbench.quickInput.cancel();
  });

  it('says what is wrong with a URL while it is typed, and knows nothing of what the repository sets', async () => {
    const { quickInput } = workbench;
    await workbench.runCommand('Autopack: Set Up Model Endpoint…');
    await quickInput.pick('Other OpenAI-Compatible Server…');
    const input = quickInput.widget.locator('input[type="text"]').first();
    await quickInput.widget.getByText('Base URL of the server').waitFor();
    assert.equal(await input.inputValue(), '');
    await quickInput.type('http://user:pass@models.example');
    await quickInput.widget.getByText('has a user or password in it').waitFor();
    await quickInput.cancel();
  });

  it('asks for the key that the server wants, until it is right, tries the model, and says what it found', async () => {
    await chooseOther(server.baseUrl);
    const { quickInput } = workbench;
    await enterKey('sk-wrong', 'requires an API key.');
    await quickInput.widget.getByText('does not accept the API key.').waitFor();
    await workbench.screenshot('endpoint-key');
    await enterKey(key, 'does not accept the API key.');
    await quickInput.rows
      .filter({ hasText: 'builder-large' })
      .filter({ hasText: '128K tokens of context' })
      .waitFor();
    await workbench.screenshot('endpoint-models');
    await quickInput.pick('builder-large');
    const found = workbench.notification(/builder-large at 127\.0\.0\.1:\d+ answers/);
    await found.waitFor();
    const text = await found.innerText();
    assert.match(text, /Context: 128,000 tokens\. Usage is reported\./);
    await workbench.screenshot('endpoint-found');
    assert.ok(
      server.asked.some(
        ({ path, headers }) => path === '/v1/chat/completions' && headers.authorization === `Bearer ${key}`,
      ),
    );
  });

  it('keeps the key for that server, and shows it nowhere', async () => {
    await chooseOther(server.baseUrl);
    const { quickInput } = workbench;
    await quickInput.rows.filter({ hasText: 'Use the Known API Key' }).waitFor();
    await quickInput.pick('Use the Known API Key');
    await quickInput.rows.filter({ hasText: 'current' }).filter({ hasText: 'builder-large' }).waitFor();
    await quickInput.cancel();
    assert.doesNotMatch(await workbench.page.locator('body').innerText(), /sk-e2e/);
  });

  it('says of a server without a list and without usage what that means', async () => {
    await chooseOther(plain.baseUrl);
    const { quickInput } = workbench;
    await quickInput.widget.getByText('The server lists no models.').waitFor();
    await quickInput.type('local-model');
    await workbench.page.keyboard.press('Enter');
    await workbench
      .notification(/local-model at .* answers.*Usage is not reported: its samples are counted here/)
      .waitFor();
    await workbench.screenshot('endpoint-no-usage');
    assert.ok(plain.authorizations.length > 0);
    assert.ok(plain.authorizations.every((each) => each === undefined));
  });

  it('says what keeps a server from being tried, and can save it all the same', async () => {
    await plain.close();
    await chooseOther(plain.baseUrl);
    const { quickInput } = workbench;
    await quickInput.widget.getByText('cannot be reached').waitFor();
    await quickInput.type('local-model');
    await workbench.page.keyboard.press('Enter');
    const dialog = workbench.dialog('local-model could not be tried');
    await dialog.waitFor();
    await workbench.screenshot('endpoint-unreachable');
    await dialog.getByRole('button', { name: 'Save Anyway' }).click();
    await workbench.notification('is saved, but was not tried.').waitFor();
  });
});
