import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { type ApiServer, startApiServer } from '../support/apiServer.ts';
import { hasGit } from '../support/hasGit.ts';
import { skipBecause } from '../support/skipBecause.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const legacy = 'autopack_legacy.db';

describe('seeing drift', () => {
  let folder: string;
  let workbench: Workbench;
  /** Has a copy of the database, which looks the same to every question but one. */
  let server: ApiServer;

  before(async function () {
    if (!hasGit()) skipBecause(this, 'git is not installed');
    folder = await temporaryWorkspace();
    await prepareExampleWorkspace(folder);
    await writeFile(join(folder, '.env'), '# Autopack\nDATABASE_URL=sqlite:///elsewhere.db\nDEBUG=1\n');
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    const copy = join(await temporaryWorkspace(), legacy);
    await copyFile(join(folder, legacy), copy);
    server = await startApiServer({ databasePath: copy });
    workbench = await openWorkbench({ folder, settings: { 'autopackHygiene.apiServers': [server.url] } });
    await workbench.openViewContainer('Autopack');
    await workbench.statusBar.item('no database selected').click();
    await workbench.quickInput.pickDatabase(legacy);
  });

  after(async () => {
    // First, for where no window was opened: mocha would wait for it for ever.
    await (server as ApiServer | undefined)?.close();
    await (workbench as Workbench | undefined)?.dispose();
  });

  async function statusUntil(text: string): Promise<void> {
    await waitUntil(
      `the status bar warns of "${text}"`,
      () => workbench.statusBar.read(legacy),
      // The text may be there a moment before its color.
      (read) => read.text.includes(text) && read.kind === 'warning',
    );
  }

  it('warns in words where a .env names another file', async () => {
    await statusUntil('drift: DATABASE_URL in .env');
    const tooltip = await workbench.hover(workbench.statusBar.item(legacy));
    assert.match(tooltip, /elsewhere\.db, and there is no such file/);
    await workbench.screenshot('drift-status');
    await workbench.page.keyboard.press('Escape');
  });

  it('lists what names a database, and marks what differs', async () => {
    await workbench.runCommand('Autopack: Show Database Sources');
    await workbench.tree.row('DATABASE_URL in .env').waitFor();
    await workbench.resizeSideBar(520);
    // Room for all rows: one that has to be scrolled to cannot be pressed.
    await workbench.page.getByRole('button', { name: /^Drains\b.*Section/ }).click();
    // What git says comes later than what files say.
    await workbench.tree.row(/not ignored by git/).waitFor();
    const rows = await workbench.tree.texts();
    assert.ok(
      rows.some((row) => /^Selected \S+\.db$/.test(row)),
      rows.join('\n'),
    );
    assert.ok(
      rows.some((row) => /DATABASE_URL in \.env.*no such file: elsewhere\.db/.test(row)),
      rows.join('\n'),
    );
    assert.ok(
      rows.some((row) => /Git.*not ignored by git/.test(row)),
      rows.join('\n'),
    );
    await workbench.screenshot('identity-view');
  });

  it('writes the selected database into the .env, and leaves the rest of it alone', async () => {
    await workbench.tree.pressInline('DATABASE_URL in .env', 'Fix…');
    const database = join(folder, legacy);
    const dotenv = join(folder, '.env');
    await workbench.quickInput.pick(`Write DATABASE_URL=sqlite:///${database} into ${dotenv}.`);
    await statusUntil('an API server may have another database');
    const text = await readFile(dotenv, 'utf8');
    assert.equal(text, `# Autopack\nDATABASE_URL=sqlite:///${database}\nDEBUG=1\n`);
  });

  it('keeps the database out of git when asked to', async () => {
    await workbench.tree.pressInline(/Git/, 'Fix…');
    await workbench.screenshot('keep-out-of-git');
    await workbench.dialog('Keep the database out of git?').getByRole('button', { name: 'Ignore' }).click();
    await waitUntil(
      'git is no longer among the issues',
      () => workbench.tree.texts(),
      (rows) => !rows.some((row) => row.startsWith('Git')),
    );
    assert.match(await readFile(join(folder, '.gitignore'), 'utf8'), /^\/autopack_legacy\.db$/m);
  });

  it('does not take a server on a copy for one on the database: a canary run tells', async () => {
    const row = workbench.tree.row('API server');
    assert.match((await row.textContent()) ?? '', /database unknown/);
    await workbench.tree.pressInline('API server', 'Fix…');
    await workbench.quickInput.pick(`Ask ${server.url} with a canary run to be certain.`);
    const adopt = workbench.dialog('Adopt autopack_legacy.db?');
    await adopt.waitFor();
    await workbench.screenshot('adopt-before-the-canary');
    await adopt.getByRole('button', { name: /^Adopt as/ }).click();
    await workbench.dialog('with a canary run?').getByRole('button', { name: 'Ask', exact: true }).click();
    await workbench.quickInput.enter(legacy);
    await workbench.notification('different database').waitFor();
    await workbench.tree.row(/API server.*another database \(canary, just now\)/).waitFor();
    await workbench.screenshot('server-on-a-copy');
  });

  it('says how the database stands with Alembic, and warns where the Autopack of the folder would fail on it', async () => {
    await mkdir(join(folder, 'src', 'autopack'), { recursive: true });
    await writeFile(join(folder, 'src', 'autopack', 'config.py'), 'os.getenv("AUTOPACK_DB_BOOTSTRAP")\n');
    await workbench.runCommand('Autopack: Check Database Identity');
    await workbench.tree.row(/No migrations.*was made without migrations/).waitFor();
    await workbench.screenshot('no-migrations');
    const database = new DatabaseSync(join(folder, legacy), { timeout: 5000 });
    database.exec(
      "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('a1b2c3')",
    );
    database.close();
    await workbench.tree.row(/Migrations.*at version a1b2c3/).waitFor();
  });

  it('sees a setting that gives terminals another file, and opens it', async () => {
    const platforms: Partial<Record<NodeJS.Platform, string>> = { darwin: 'osx', win32: 'windows' };
    const platform = platforms[process.platform] ?? 'linux';
    const name = `terminal.integrated.env.${platform}`;
    await workbench.updateSettings({ [name]: { DATABASE_URL: 'sqlite:///${workspaceFolder}/elsewhere.db' } });
    await workbench.tree.row(new RegExp(`setting ${name}.*no such file: elsewhere\\.db`)).waitFor();
    await workbench.tree.pressInline(new RegExp(`^\\s*DATABASE_URL in the setting ${name}`), 'Fix…');
    await workbench.quickInput.pick(
      `Open the setting ${name}, and take DATABASE_URL out of it or set it to sqlite:///${join(folder, legacy)}.`,
    );
    await workbench.page.locator('.settings-editor').getByText('Edit in settings.json').waitFor();
    await workbench.screenshot('setting-that-drifts');
  });
});
