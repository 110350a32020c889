import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { queryDatabase } from '../support/queryDatabase.ts';
import { builtAnswer, requestedFiles } from '../support/models/builtAnswer.ts';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const seed = 'autopack_telemetry_seed.db';
const second = 'autopack_telemetry_seed-2.db';

describe('quickstart', () => {
  let folder: string;
  let server: ModelServer;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryWorkspace();
    server = await startModelServer((asked, index) => {
      const usage = { uncached: 1400 + index, cached: 100, output: 900 + 10 * index };
      // What tries the endpoint asks for no files.
      return requestedFiles(asked).boundary === ''
        ? { kind: 'text', text: 'ready', usage }
        : builtAnswer(asked, usage);
    });
    const env = {
      OPENAI_API_KEY: undefined,
      ANTHROPIC_API_KEY: undefined,
      AUTOPACK_HYGIENE_API_KEY: undefined,
    };
    workbench = await openWorkbench({ folder, env });
    await workbench.openViewContainer('Autopack');
    await workbench.resizeSideBar(480);
  });

  after(async () => {
    await server.close();
    await workbench.dispose();
  });

  const query = (name: string, sql: string): unknown => queryDatabase(join(folder, name), sql);

  async function saveAs(path: string): Promise<void> {
    const input = workbench.quickInput.widget.locator('input[type="text"]').first();
    await input.waitFor();
    await waitUntil(
      'the dialog proposes a file',
      () => input.inputValue(),
      (value) => value.endsWith('.db'),
    );
    if ((await input.inputValue()) !== path) await input.fill(path);
    await workbench.page.keyboard.press('Enter');
  }

  it('creates and seeds a database, and can be left at the next question', async () => {
    await workbench.page.getByRole('button', { name: 'Quickstart' }).first().waitFor();
    await workbench.screenshot('quickstart-welcome');
    await workbench.page.getByRole('button', { name: 'Quickstart' }).first().click();
    await saveAs(join(folder, seed));
    await workbench.quickInput.rows.filter({ hasText: 'endpoint' }).waitFor();
    await workbench.tree.row('telemetry-collection-v4').waitFor();
    await workbench.screenshot('quickstart-executor');
    await workbench.quickInput.cancel();
    await workbench.notification(`Quickstart stopped before draining ${seed}.`).waitFor();
    await workbench.screenshot('quickstart-left');
    assert.deepEqual(query(seed, 'SELECT state, count(*) AS n FROM phases GROUP BY 1'), [
      { state: 'QUEUED', n: 10 },
    ]);
  });

  it('goes on from there, sets up an endpoint, and confirms one plan with what may follow', async () => {
    await workbench
      .notification('Quickstart stopped')
      .getByRole('button', { name: 'Continue Quickstart' })
      .click();
    const { quickInput, page } = workbench;
    const row = quickInput.rows.filter({ hasText: `Continue with ${seed}` });
    await row.filter({ hasText: '10 queued · 0 of 20 phases with a clean sample' }).waitFor();
    await workbench.screenshot('quickstart-standing');
    await quickInput.pick(`Continue with ${seed}`);
    await quickInput.pick('endpoint');
    await quickInput.pick('Other OpenAI-Compatible Server…');
    await quickInput.widget.getByText('Base URL of the server').waitFor();
    await quickInput.type(server.baseUrl);
    await page.keyboard.press('Enter');
    await quickInput.widget.getByText('lists no models').waitFor();
    await quickInput.type('test-model');
    await page.keyboard.press('Enter');
    const question = workbench.dialog('Drain 10 phases?');
    await question.waitFor();
    const text = await question.innerText();
    assert.match(text, /Executor: endpoint \(test-model at 127\.0\.0\.1:\d+\)/);
    assert.match(text, /until 20 phases have a clean sample: 10 more phases if all succeed/);
    assert.match(text, /There is no cost limit/);
    await workbench.screenshot('quickstart-plan');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await workbench.notification(`Quickstart stopped before draining ${seed}.`).waitFor();
  });

  it('drains, seeds what is missing and drains on, up to 20 clean samples, and opens the report', async function () {
    this.timeout(240_000);
    await workbench.runCommand('Autopack: Write Files Without Asking…');
    await workbench
      .dialog('Let drains write files in this workspace without asking?')
      .getByRole('button', { name: 'Write Without Asking' })
      .click();
    const asked = server.asked.length;
    await workbench.runCommand('Autopack: Quickstart');
    await workbench.quickInput.pick(`Continue with ${seed}`);
    await workbench.quickInput.rows
      .filter({ hasText: 'current' })
      .filter({ hasText: 'test-model' })
      .waitFor();
    await workbench.quickInput.pick('endpoint');
    await workbench.dialog('Drain 10 phases?').getByRole('button', { name: 'Drain 10 Phases' }).click();
    await workbench
      .notification('Quickstart is done: 20 of 20 phases have a clean sample')
      .waitFor({ timeout: 200_000 });
    await workbench.webview().getByText('20 samples').first().waitFor();
    await workbench.screenshot('quickstart-done');
    assert.equal(server.asked.length - asked, 20);
    assert.deepEqual(query(seed, 'SELECT state, count(*) AS n FROM phases GROUP BY 1'), [
      { state: 'COMPLETE', n: 20 },
    ]);
    assert.equal(await workbench.notification('phases drained in').count(), 0);
  });

  it('says what it would do with a database that has enough, and never touches a file that exists', async () => {
    await workbench.runCommand('Autopack: Quickstart');
    const { quickInput } = workbench;
    await quickInput.rows.filter({ hasText: 'Next: look at the report' }).waitFor();
    await quickInput.pick('Create a New Database…');
    const input = quickInput.widget.locator('input[type="text"]').first();
    await waitUntil(
      'the dialog proposes a free name',
      () => input.inputValue(),
      (value) => value === join(folder, second),
    );
    await saveAs(join(folder, seed));
    await quickInput.widget.getByText(/already exists/).waitFor();
    await workbench.page.keyboard.press('Enter');
    const taken = workbench.dialog(`${seed} exists already.`);
    await taken.waitFor();
    await workbench.screenshot('quickstart-exists');
    await taken.getByRole('button', { name: `Use ${second}` }).click();
    await quickInput.rows.filter({ hasText: 'example' }).waitFor();
    assert.ok(existsSync(join(folder, second)));
    assert.deepEqual(query(seed, 'SELECT count(*) AS n FROM phases'), [{ n: 20 }]);
  });

  it('says with recorded answers that they never count, and what would', async function () {
    this.timeout(200_000);
    await workbench.quickInput.pick('example');
    await workbench.dialog('Drain 10 phases?').getByRole('button', { name: 'Drain 10 Phases' }).click();
    const told = workbench.notification('too few for a calibration');
    await told.waitFor({ timeout: 150_000 });
    assert.match(
      await told.innerText(),
      /0 of 20 phases have a clean sample, too few for a calibration\. Recorded answers never count\. Run/,
    );
    await workbench.screenshot('quickstart-example');
    await told.getByRole('button', { name: 'Continue Quickstart' }).click();
    await workbench.quickInput.rows.filter({ hasText: 'Next: seed for missing coverage' }).waitFor();
    await workbench.quickInput.cancel();
  });
});
