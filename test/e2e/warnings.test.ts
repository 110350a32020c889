import assert from 'node:assert/strict';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { meddle, GuardWorld, suiteReader } from '../support/guard/guardWorld.ts';
import { setId, setRole } from '../support/guard/meddling.ts';
import { IdentityWindow } from './support/identityWindow.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('a database that is not the one that is meant', () => {
  const reader = suiteReader();
  let world: GuardWorld;
  let window: IdentityWindow;
  let workbench: Workbench;

  before(async () => {
    world = new GuardWorld(await temporaryWorkspace(), reader());
    const seed = await world.make('original.db');
    await copyFile(seed, world.path('copied.db'));
    await copyFile(seed, world.path('twin.db'));
    await world.make('swapped.db');
    await world.make('forged.db');
    await world.make('renamed.db');
    await world.make('older.db');
    await world.make('gone.db');
    await world.make('backlog.db', 'legacy');
    window = await IdentityWindow.open({ folder: world.folder });
    ({ workbench } = window);
  });

  after(() => workbench.dispose());

  it('a copy: is asked about before it is seeded, and is taken for the real one on a word', async () => {
    await window.select('copied.db');
    await window.warns('copied.db', 'Seed: copied.db · a copy or a restored file');
    const tooltip = await window.tooltip('copied.db', 'warning-copy-tooltip');
    assert.match(tooltip, /copied\.db is a copy of original\.db: same identity, different file/);
    assert.match(tooltip, /Fix…/);
    const before = await readFile(world.path('copied.db'));
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    const question = workbench.dialog('copied.db is a copy of original.db.');
    await question.waitFor();
    await workbench.screenshot('warning-copy-question');
    await window.answer('copied.db is a copy', 'Cancel');
    assert.deepEqual(await readFile(world.path('copied.db')), before);
    await window.fixIssue('Copy or restored file', 'Trust This File…');
    await workbench.dialog('Trust copied.db?').waitFor();
    await workbench.screenshot('warning-copy-mend');
    await window.answer('Trust copied.db?', 'Trust This File');
    await window.isRid('copied.db', 'a copy');
    await window.rowGoes('Copy or restored file');
  });

  it('a copy: becomes a database of its own', async () => {
    await window.select('twin.db');
    await window.warns('twin.db', 'a copy or a restored file');
    await window.fixIssue('Copy or restored file', 'Make It a Database of Its Own…');
    await workbench.dialog('Make twin.db a database of its own?').waitFor();
    await workbench.screenshot('warning-copy-anew');
    await window.answer('Make twin.db', 'Give It a New ID');
    await workbench.notification('twin.db has an id of its own now.').waitFor();
    await window.isRid('twin.db', 'a copy');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('a file that takes the place of the selected one: says so at once, and seeding is refused', async () => {
    await window.select('swapped.db');
    await waitUntil(
      'nothing is said against it',
      () => workbench.statusBar.read('swapped.db'),
      ({ text }) => text.includes('Seed: swapped.db · 1 run'),
    );
    const other = await world.make('other.db');
    await rename(other, world.path('swapped.db'));
    await window.warns('swapped.db', 'replaced by another file');
    await workbench.tree.row('Replaced file').waitFor();
    await workbench.tree.row('Another database').waitFor();
    await window.tooltip('swapped.db', 'warning-replaced');
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    const refusal = workbench.notification('Seeding is refused');
    await refusal.waitFor();
    await workbench.screenshot('warning-replaced-refusal');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await window.fixIssue('Another database', 'Trust This File…');
    await window.answer('Trust swapped.db?', 'Trust This File');
    await window.rowGoes('Another database');
    await window.fixIssue('Replaced file', 'Check Identity');
    await window.isRid('swapped.db', 'replaced');
    await window.rowGoes('Replaced file');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('View: Close All Editors');
  });

  it('an id that was forged: draining is refused, and the button shows the mend', async () => {
    await window.select('forged.db');
    await workbench.runCommand('Autopack: Back Up Database');
    await workbench.notification('Backed up forged.db').waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    meddle(world.path('forged.db'), setId('11111111-2222-4333-8444-555555555555'));
    await window.warns('forged.db', 'not the database known here');
    await workbench.runCommand('Autopack: Drain…');
    const refusal = workbench.notification('Draining is refused');
    await refusal.waitFor();
    await workbench.screenshot('warning-forged-refusal');
    await refusal.getByRole('button', { name: 'Show Issues' }).click();
    await window.fixIssue('Another database', 'Restore a Backup…');
    await workbench.quickInput.rows.first().click();
    await workbench.dialog('forged.db').waitFor();
    await workbench.screenshot('warning-forged-restore');
    await window.answer('forged.db', 'Restore');
    await window.isRid('forged.db', 'not the database known here');
    await window.rowGoes('Another database');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('a role that was changed: the change is taken on a word', async () => {
    await window.select('renamed.db');
    meddle(world.path('renamed.db'), setRole('legacy'));
    await window.warns('renamed.db', 'Legacy: renamed.db');
    await window.warns('renamed.db', 'its role was changed');
    await window.tooltip('renamed.db', 'warning-role');
    await window.fixIssue('Role changed', 'Trust This File…');
    await window.answer('Trust renamed.db?', 'Trust This File');
    await window.isRid('renamed.db', 'its role was changed');
    await window.rowGoes('Role changed');
  });

  it('an older state of the file, which lacks the runs that were there', async () => {
    const older = world.path('older.db');
    await copyFile(older, world.path('kept.copy'));
    await world.seed(older);
    await world.guard.pin(older);
    await window.select('older.db');
    await window.isRid('older.db', '1 run,');
    await writeFile(older, await readFile(world.path('kept.copy')));
    await window.warns('older.db', 'an older state than seen here');
    await workbench.screenshot('warning-older');
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    const question = workbench.dialog('older.db is an older state than this folder has seen.');
    await question.waitFor();
    await workbench.screenshot('warning-older-question');
    assert.match(
      await question.innerText(),
      /older\.db is at change 2, and this folder has seen change 3: an older state was put in its place/,
    );
    await window.answer('older.db is an older state', 'Cancel');
    await window.fixIssue('Older state', 'Trust This File…');
    await window.answer('Trust older.db?', 'Trust This File');
    await window.rowGoes('Older state');
    await window.isRid('older.db', 'an older state');
    await workbench.runCommand('Autopack: Show Journal');
    await workbench.quickInput.rows.filter({ hasText: 'Trusted this file' }).waitFor();
    const undone = workbench.quickInput.rows.filter({ hasText: 'Seeded: run another-run' });
    assert.match(await undone.innerText(), /undone/);
    await workbench.screenshot('journal-older');
    await workbench.page.keyboard.press('Escape');
  });

  it('a database that is deleted while it is selected comes back from its backup', async () => {
    await window.select('gone.db');
    await workbench.runCommand('Autopack: Back Up Database');
    await workbench.notification('Backed up gone.db').waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    await rm(world.path('gone.db'));
    await window.warns('gone.db', 'no such file');
    await window.tooltip('gone.db', 'warning-gone');
    await window.fixIssue('Selected', 'Restore a backup.');
    await workbench.quickInput.rows.first().click();
    await window.answer('which is gone', 'Restore');
    await window.isRid('gone.db', 'no such file');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('a role that the running command is not meant for', async () => {
    await window.select('backlog.db');
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    await workbench.dialog('backlog.db is a legacy backlog, not a telemetry seed database.').waitFor();
    await window.warns('backlog.db', 'wrong role for seeding');
    await workbench.screenshot('warning-wrong-role');
    await window.answer('is a legacy backlog', 'Cancel');
    await window.isRid('backlog.db', 'wrong role');
  });
});
