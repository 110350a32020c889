import { join } from 'node:path';
import { initDatabase, seedDatabase } from '../../src/core/seed/seedDatabase.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('the walkthrough', () => {
  let workbench: Workbench;

  before(async () => {
    const folder = await temporaryWorkspace();
    const database = join(folder, 'seed.db');
    const writer = new DatabaseWriter();
    await initDatabase(writer, database, { id: 'e2e', role: 'seed', createdAt: Date.now() });
    await seedDatabase(writer, database, { now: Date.now() });
    workbench = await openWorkbench({ folder });
  });

  after(() => workbench.dispose());

  it('has five steps with pictures, which check themselves off', async () => {
    const { page } = workbench;
    await workbench.runCommand('Welcome: Open Walkthrough...');
    await workbench.quickInput.rows.filter({ hasText: 'Get Started with Autopack' }).click();
    const steps = page.locator('.getting-started-step');
    await waitUntil(
      'the steps are there',
      () => steps.count(),
      (count) => count === 5,
    );
    await page.locator('.getting-started-media img').first().waitFor();
    await workbench.screenshot('walkthrough');
    const isDone = steps.nth(0).locator('.codicon-getting-started-step-checked.complete');
    await page.getByRole('button', { name: 'Select Database' }).first().click();
    await workbench.quickInput.pickDatabase('seed.db');
    await isDone.first().waitFor({ state: 'attached' });
    await workbench.screenshot('walkthrough-step-done');
  });
});
