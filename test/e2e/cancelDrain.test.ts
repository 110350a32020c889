import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { openWorkbench } from './support/openWorkbench.ts';
import { nodeAsPython, seededWorkspace } from './support/seededWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

/** Like Autopack's script, in JavaScript, but it never comes to an end. */
const hangingScript = `const { DatabaseSync } = require('node:sqlite');
const phase = process.argv[process.argv.indexOf('--phase-id') + 1];
const database = new DatabaseSync(process.env.DATABASE_URL.replace('sqlite:///', ''), { timeout: 5000 });
database.prepare("UPDATE phases SET state = 'EXECUTING' WHERE phase_id = ?").run(phase);
database.close();
console.log('working on', phase);
setTimeout(() => undefined, 600_000);
`;

describe('cancelling a drain', () => {
  let database: string;
  let workbench: Workbench;

  before(async () => {
    const seeded = await seededWorkspace(hangingScript);
    database = seeded.database;
    workbench = await openWorkbench({ folder: seeded.folder, settings: nodeAsPython });
    await workbench.statusBar.item('no database selected').click();
    await workbench.quickInput.rows.filter({ hasText: '10 phases' }).waitFor();
    await workbench.quickInput.pickDatabase('seed.db');
    await workbench.statusBar.read('1 run, 10 phases');
  });

  after(() => workbench.dispose());

  const executing = (): unknown => {
    const opened = new DatabaseSync(database, { readOnly: true });
    try {
      return opened.prepare("SELECT phase_id FROM phases WHERE state = 'EXECUTING'").all().length;
    } finally {
      opened.close();
    }
  };

  it('ends what runs, and leaves nothing executing', async () => {
    await workbench.tree.pressInline('telemetry-p1-string-util', 'Drain Phase');
    const question = workbench.dialog('Drain the phase telemetry-p1-string-util of telemetry-collection-v4?');
    await question.waitFor();
    assert.match(await question.innerText(), /Executor: autopack/);
    await question.getByRole('button', { name: 'Drain 1 Phase' }).click();
    await workbench.tree
      .row(/telemetry-p1/)
      .and(workbench.page.locator('[aria-label*="executing"]'))
      .waitFor();
    assert.equal(executing(), 1);
    await workbench.screenshot('drain-phase');
    await workbench.notification('Draining seed.db').getByRole('button', { name: 'Cancel' }).click();
    await workbench.notification('cancelled').waitFor();
    assert.equal(executing(), 0);
    await workbench.screenshot('drain-cancelled');
  });
});
