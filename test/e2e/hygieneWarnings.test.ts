import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { canaryPrefix } from '../../src/core/identity/databaseFingerprint.ts';
import { initDatabase } from '../../src/core/seed/seedDatabase.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../support/apiServer.ts';
import { aloneOnTheMachine } from '../support/guard/aloneOnTheMachine.ts';
import { GuardWorld, meddle, suiteReader } from '../support/guard/guardWorld.ts';
import { dropIdentity } from '../support/guard/meddling.ts';
import { hasGit } from '../support/hasGit.ts';
import { skipBecause } from '../support/skipBecause.ts';
import { IdentityWindow } from './support/identityWindow.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('issues around a database', () => {
  const reader = suiteReader();
  let world: GuardWorld;
  let window: IdentityWindow;
  let workbench: Workbench;
  /** What the server has, which the tests change as a restart would. */
  let served: { -readonly [Key in keyof ApiServerOptions]: ApiServerOptions[Key] };
  let server: ApiServer;

  before(async function () {
    if (!hasGit()) skipBecause(this, 'git is not installed');
    world = new GuardWorld(await temporaryWorkspace(), reader());
    git('init', '--quiet');
    await writeFile(world.path('.gitignore'), '*.db\n!loose.db\n');
    for (const name of ['clean', 'loose', 'tracked', 'staged', 'stale', 'canary', 'pins']) {
      await world.make(`${name}.db`);
    }
    git('add', '--force', 'tracked.db');
    git('-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '--quiet', '--message', 'By accident');
    git('add', '--force', 'staged.db');
    await initDatabase(world.writer, world.path('empty.db'), {
      id: randomUUID(),
      role: 'seed',
      createdAt: Date.now(),
    });
    await copyFile(world.path('clean.db'), world.path('elsewhere.db'));
    await copyFile(world.path('clean.db'), world.path('plain.db'));
    meddle(world.path('plain.db'), dropIdentity);
    meddle(world.path('elsewhere.db'), `DELETE FROM phases`, `DELETE FROM runs`);
    served = { databasePath: world.path('elsewhere.db') };
    server = await startApiServer(served);
    window = await IdentityWindow.open({ folder: world.folder });
    ({ workbench } = window);
  });

  after(async () => {
    // First, for where no window was opened: mocha would wait for it for ever.
    await (server as ApiServer | undefined)?.close();
    await (workbench as Workbench | undefined)?.dispose();
  });

  function git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: world.folder, encoding: 'utf8' });
  }

  it('nothing, where all is well', async () => {
    await window.select('clean.db');
    const status = await waitUntil(
      'the status bar says what is in it',
      () => workbench.statusBar.read('clean.db'),
      ({ text }) => text.includes('Seed: clean.db · 1 run, 10 phases'),
    );
    assert.equal(status.kind, 'standard');
    assert.equal(status.label, 'Autopack database Seed: clean.db, 1 run, 10 phases');
  });

  it('a database made to be seeded: says that it is empty, without a warning, and is seeded', async () => {
    await window.select('empty.db');
    // It was made to be seeded: that is no issue.
    const status = await waitUntil(
      'the status bar says so',
      () => workbench.statusBar.read('empty.db'),
      ({ text }) => text.includes('Seed: empty.db · no runs yet'),
    );
    assert.equal(status.kind, 'standard');
    await window.tooltip('empty.db', 'warning-empty');
    await window.rowGoes('Empty');
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    await workbench.dialog('Seed the run telemetry-collection-v4 into empty.db?').waitFor();
    await window.answer('into empty.db?', 'Seed');
    await window.isRid('empty.db', 'no runs yet');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('a database without an identity: is browsed, and adopted before it is written', async () => {
    await window.select('plain.db');
    await workbench.tree.row('Not adopted').waitFor();
    await window.tooltip('plain.db', 'warning-unadopted');
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    await window.answer('Adopt plain.db?', 'Cancel');
    await window.fixIssue('Not adopted');
    await workbench.dialog('Adopt plain.db?').waitFor();
    await workbench.screenshot('warning-unadopted-fix');
    await window.answer('Adopt plain.db?', 'Adopt as Telemetry Seed');
    await window.rowGoes('Not adopted');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('a database that git does not ignore: is ignored on request', async () => {
    await window.select('loose.db');
    await window.warns('loose.db', 'not ignored by git');
    await window.tooltip('loose.db', 'warning-not-ignored');
    await window.fixIssue('Git');
    await window.answer('Keep the database out of git?', 'Ignore');
    await window.isRid('loose.db', 'not ignored by git');
    await window.rowGoes('Git');
    git('check-ignore', '--quiet', 'loose.db');
  });

  it('a database that git tracks: is untracked on request, and stays', async () => {
    const before = await readFile(world.path('tracked.db'));
    await window.select('tracked.db');
    await window.warns('tracked.db', 'tracked by git');
    await window.fixIssue('Git');
    await workbench.dialog('Keep the database out of git?').waitFor();
    await workbench.screenshot('warning-tracked');
    await window.answer('Keep the database out of git?', 'Ignore and Untrack');
    await window.isRid('tracked.db', 'tracked by git');
    await window.rowGoes('Git');
    assert.equal(git('ls-files', 'tracked.db'), '');
    assert.deepEqual(await readFile(world.path('tracked.db')), before);
  });

  it('a database that the next commit would hold', async () => {
    await window.select('staged.db');
    await window.warns('staged.db', 'staged for a commit in git');
    await window.fixIssue('Git');
    await workbench.screenshot('warning-staged');
    await window.answer('Keep the database out of git?', 'Ignore and Untrack');
    await window.isRid('staged.db', 'staged for');
    assert.equal(git('diff', '--cached', '--name-only', '--', 'staged.db'), '');
  });

  it('phases that nobody works on any more: are marked FAILED, with the way back', async function () {
    await aloneOnTheMachine(this, world.path('stale.db'));
    const old = '2020-01-01 00:00:00.000000';
    meddle(
      world.path('stale.db'),
      `UPDATE phases SET state = 'EXECUTING', updated_at = '${old}', created_at = '${old}' WHERE phase_index < 2`,
      `UPDATE phases SET updated_at = '${old}', created_at = '${old}'`,
    );
    await window.select('stale.db');
    await window.warns('stale.db', 'stale phases');
    await window.tooltip('stale.db', 'warning-stale');
    await window.fixIssue('Stale phases');
    await workbench.dialog('as FAILED?').waitFor();
    await workbench.screenshot('warning-stale-mend');
    await workbench.dialog('as FAILED?').getByRole('button', { name: 'Mark 2 Phases as Failed' }).click();
    await workbench.notification('as FAILED. Backup saved.').waitFor();
    await window.isRid('stale.db', 'stale phases');
    await window.rowGoes('Stale phases');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('a canary run that a crash left behind: is deleted on request', async () => {
    meddle(
      world.path('canary.db'),
      `CREATE TEMP TABLE one AS SELECT * FROM runs`,
      `UPDATE one SET id = '${canaryPrefix}left'`,
      `INSERT INTO runs SELECT * FROM one`,
    );
    await window.select('canary.db');
    await window.warns('canary.db', 'a canary run is left in it');
    await window.tooltip('canary.db', 'warning-canary');
    await window.fixIssue('Canary run left');
    await workbench.dialog('Delete 1 canary run from canary.db?').waitFor();
    await workbench.screenshot('warning-canary-mend');
    await window.answer('Delete 1 canary run', 'Delete 1 Canary Run');
    await window.isRid('canary.db', 'canary run');
    await window.rowGoes('Canary run left');
    assert.deepEqual(runsOf('canary.db'), ['telemetry-collection-v4']);
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('an API server on another file: what to restart it with is copied, and then it is right', async () => {
    await window.select('clean.db');
    await workbench.updateSettings({ 'autopackHygiene.apiServers': [server.url] });
    await window.warns('clean.db', `drift: API server ${new URL(server.url).host}`);
    await window.tooltip('clean.db', 'warning-server');
    await window.fixIssue(
      'API server',
      `Restart the server at ${server.url} with DATABASE_URL=sqlite:///${world.path('clean.db')}.`,
    );
    const told = workbench.notification('Restart the server');
    await told.waitFor();
    await workbench.screenshot('warning-server-mend');
    await told.getByRole('button', { name: 'Copy DATABASE_URL' }).click();
    served.databasePath = world.path('clean.db');
    served.databaseUrl = `sqlite:///${world.path('clean.db')}`;
    await workbench.page.getByRole('button', { name: /^Identity\b.*Section/ }).hover();
    await workbench.page.locator('.part.sidebar').getByRole('button', { name: 'Refresh Identity' }).click();
    await window.isRid('clean.db', 'drift');
    await workbench.updateSettings({ 'autopackHygiene.apiServers': [] });
  });

  it('pins that cannot be read: nothing is written, and the file is moved away on request', async () => {
    const pins = world.path('.autopack-hygiene/pins.json');
    await writeFile(pins, '{ "version": 1, "pins": [');
    await window.select('pins.db');
    await window.warns('pins.db', 'record of known databases unreadable');
    await window.tooltip('pins.db', 'warning-pins');
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    await workbench.notification('pins.json does not hold the pins of this folder').waitFor();
    await workbench.screenshot('warning-pins-refusal');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await window.fixIssue('Record unreadable');
    await window.answer('Move the damaged record of known databases away?', 'Move It Away');
    await window.isRid('pins.db', 'cannot be read');
    await window.rowGoes('Record unreadable');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  function runsOf(name: string): unknown[] {
    const database = new DatabaseSync(world.path(name), { readOnly: true });
    const ids = database
      .prepare('SELECT id FROM runs')
      .all()
      .map(({ id }) => id);
    database.close();
    return ids;
  }
});
