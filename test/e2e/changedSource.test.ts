import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { GuardWorld, suiteReader } from '../support/guard/guardWorld.ts';
import { IdentityWindow } from './support/identityWindow.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

describe('a .env that changed since it was last confirmed', () => {
  const reader = suiteReader();
  let world: GuardWorld;
  let window: IdentityWindow;
  let workbench: Workbench;
  const question = 'A database source changed since it was last confirmed.';

  before(async () => {
    world = new GuardWorld(await temporaryWorkspace(), reader());
    await world.make('seed.db');
    await world.make('other.db');
    window = await IdentityWindow.open({ folder: world.folder });
    await writeFile(world.path('.env'), 'DATABASE_URL=sqlite:///seed.db\n');
    ({ workbench } = window);
    await window.select('seed.db');
  });

  after(() => workbench.dispose());

  /** Begins a write, which asks more before anything is written. */
  async function seed(): Promise<void> {
    await workbench.runCommand('Autopack: Seed for Missing Coverage');
  }

  it('is said in the status bar and in the view, and asked about before the next write', async () => {
    await seed();
    await workbench.dialog('seed.db').waitFor();
    await workbench.page.keyboard.press('Escape');
    await writeFile(world.path('.env'), 'DATABASE_URL=sqlite:///other.db\n');
    await window.warns('seed.db', 'drift: DATABASE_URL in .env and 1 more');
    await workbench.tree.row(/^\s*Source changed/).waitFor();
    await workbench.screenshot('source-changed');
    const before = await readFile(world.path('seed.db'));
    await seed();
    const dialog = workbench.dialog(question);
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /was sqlite:\/\/\/seed\.db, and is sqlite:\/\/\/other\.db/);
    await workbench.screenshot('source-changed-question');
    await window.answer(question, 'Cancel');
    assert.deepEqual(await readFile(world.path('seed.db')), before);
  });

  it('is confirmed on a word in the view', async () => {
    await window.fixIssue('Source changed');
    const dialog = workbench.dialog('Confirm the change?');
    await dialog.waitFor();
    await workbench.screenshot('source-changed-confirm');
    await window.answer('Confirm the change?', 'Confirm');
    await window.rowGoes('Source changed');
    await window.isRid('seed.db', 'and 1 more');
  });
});
