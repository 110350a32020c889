import assert from 'node:assert/strict';
import { createAutopackTables } from '../support/postgres/loadDatabase.ts';
import { ownPostgresServer } from '../support/postgres/usePostgres.ts';
import { builtAnswer } from '../support/models/builtAnswer.ts';
import { startModelServer, type ModelServer } from '../support/models/modelServer.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const database = 'measure';
const title = `${database} on localhost`;
const usage = { uncached: 1000, cached: 200, output: 321, reasoning: 21 };
const runId = 'telemetry-collection-v4';

describe('draining a PostgreSQL database from the editor', () => {
  const server = ownPostgresServer();
  let model: ModelServer;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    await server().createDatabase(database);
    await server().withClient(database, (client) => createAutopackTables(client), 'owner');
    model = await startModelServer((asked) => ({ ...builtAnswer(asked, usage), betweenMs: 60 }));
    workbench = await openWorkbench({
      folder: await temporaryWorkspace(),
      settings: {
        'autopackHygiene.drain.executor': 'endpoint',
        'autopackHygiene.endpoint.provider': 'openai',
        'autopackHygiene.endpoint.baseUrl': model.baseUrl,
        'autopackHygiene.endpoint.model': 'gpt-5-mini',
      },
      env: { AUTOPACK_HYGIENE_API_KEY: 'sk-build-0123456789abcdef' },
    });
    await workbench.openViewContainer('Autopack');
    await workbench.resizeSideBar(560);
    await workbench.statusBar.item('no database selected').waitFor();
    await workbench.runCommand('Autopack: Connect to PostgreSQL…');
    await workbench.quickInput.widget.locator('input[placeholder^="postgresql://"]').waitFor();
    await workbench.quickInput.type(server().url(database));
    await workbench.page.keyboard.press('Enter');
    const dialog = workbench.dialog(`Connected to ${title}`);
    await dialog.getByRole('button', { name: 'Select Database', exact: true }).click();
    await workbench.statusBar.read(title);
  });

  after(async () => {
    await model.close();
    await workbench.dispose();
  });

  const query = (sql: string): Promise<unknown[]> => server().query(database, sql);

  async function press(question: string | RegExp, button: string): Promise<void> {
    const dialog = workbench.dialog(question);
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  it('gives it an identity with consent alone', async () => {
    assert.deepEqual(await query(`SELECT 1 FROM pg_namespace WHERE nspname = 'autopack_hygiene'`), []);
    await workbench.runCommand('Autopack: Adopt Database');
    const question = workbench.dialog(`Adopt ${title}`);
    await question.waitFor();
    assert.match(await question.innerText(), /Adopting adds the schema autopack_hygiene/);
    await workbench.screenshot('postgres-adopt');
    await press(`Adopt ${title}`, 'Adopt as Telemetry Seed');
    await workbench.statusBar.read(/Seed: measure on localhost:\d+ · no runs yet/);
    assert.equal((await query('SELECT 1 FROM autopack_hygiene.identity')).length, 1);
  });

  it('seeds it', async () => {
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    await press(`Seed the run ${runId} into ${title}`, 'Seed');
    await workbench.notification(`Seeded the run ${runId} with 10 phases`).waitFor();
    await workbench.tree.row('telemetry-p10-file-util').waitFor();
    assert.deepEqual(await query('SELECT count(*)::int AS n FROM phases'), [{ n: 10 }]);
  });

  it('drains it with workers, which are shown at work', async function () {
    this.timeout(180_000);
    await workbench.runCommand('Autopack: Write Files Without Asking…');
    await press('Let drains write files in this workspace without asking?', 'Write Without Asking');
    await workbench.tree.pressInline(runId, 'Drain Run');
    const question = `Drain 10 phases of the run ${runId}?`;
    await press(question, 'Change Options…');
    await workbench.quickInput.pick('Workers');
    await workbench.quickInput.widget.getByText('How many processes work on this drain').waitFor();
    await workbench.quickInput.type('3');
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.pick('Use These Options');
    await workbench.dialog(question).waitFor();
    assert.match(await workbench.dialog(question).innerText(), /Executor: endpoint.*, 3 workers/s);
    await workbench.screenshot('postgres-drain-question');
    await press(question, 'Drain 10 Phases');
    await workbench.tree.row(/Draining measure on localhost/).waitFor();
    await workbench.tree.expand(/Draining measure on localhost/);
    await workbench.tree.row(/worker \d.*executing for/i).waitFor({ timeout: 60_000 });
    await workbench.screenshot('postgres-drain-workers');
    await workbench.setTheme('light');
    await workbench.screenshot('postgres-drain-workers-light');
    await workbench.setTheme('dark');
    await workbench.notification(/10 phases drained in/).waitFor({ timeout: 120_000 });
    await workbench.screenshot('postgres-drained');
    assert.deepEqual(await query('SELECT state, count(*)::int AS n FROM phases GROUP BY state'), [
      { state: 'COMPLETE', n: 10 },
    ]);
    await waitUntil(
      'the telemetry is counted',
      async () => JSON.stringify(await query('SELECT count(*)::int AS n FROM token_estimation_v2_events')),
      (found) => found === JSON.stringify([{ n: 10 }]),
    );
  });

  it('keeps every write in the journal', async () => {
    await workbench.runCommand('Autopack: Show Journal');
    const rows = await workbench.quickInput.texts();
    assert.match(
      rows.join('\n'),
      /Drain ended: executed 10, succeeded 10.*Ended a phase: 1 phase.*state COMPLETE/s,
    );
    await workbench.screenshot('postgres-journal');
    await workbench.quickInput.cancel();
  });
});
