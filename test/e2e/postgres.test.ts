import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { loadIntoPostgres } from '../support/postgres/loadDatabase.ts';
import { users } from '../support/postgres/postgresServer.ts';
import { ownPostgresServer } from '../support/postgres/usePostgres.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const database = 'autopack';
const title = `${database} on localhost`;
/** What is typed where the password must be escaped in a URL. */
const { password } = users.owner;

describe('a PostgreSQL database in the editor', () => {
  const server = ownPostgresServer();
  let folder: string;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    folder = await temporaryWorkspace();
    await prepareExampleWorkspace(folder);
    await loadIntoPostgres(server(), database, join(folder, 'autopack_legacy.db'));
    await server().createDatabase('empty');
    workbench = await openWorkbench({ folder });
    await workbench.openViewContainer('Autopack');
    await workbench.resizeSideBar(560);
    await workbench.statusBar.item('no database selected').waitFor();
  });

  after(() => workbench.dispose());

  /** Opens the question for the URL by Select Database, as a person who looks for it does. */
  async function openConnect(): Promise<void> {
    await workbench.runCommand('Autopack: Select Database');
    await workbench.quickInput.pick('Connect to PostgreSQL…', { filter: 'Connect to' });
  }

  async function enterUrl(url: string): Promise<void> {
    await workbench.quickInput.widget.locator('input[placeholder^="postgresql://"]').waitFor();
    await workbench.quickInput.type(url);
    await workbench.page.keyboard.press('Enter');
  }

  async function enterPassword(text: string): Promise<void> {
    const input = workbench.quickInput.widget.locator('input[type="password"]');
    await input.waitFor();
    await input.fill(text);
    await workbench.page.keyboard.press('Enter');
  }

  async function agree(): Promise<string> {
    const dialog = workbench.dialog(`Connected to ${title}`);
    await dialog.waitFor();
    const text = await dialog.innerText();
    await dialog.getByRole('button', { name: 'Select Database', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    return text;
  }

  it('is named by a URL that is judged while it is typed, and shows no password', async () => {
    const { quickInput } = workbench;
    await openConnect();
    await quickInput.type('sqlite:///seed.db');
    await waitUntil(
      'the input says what it wants',
      () => quickInput.message(),
      (message) => message.includes('not the URL of a PostgreSQL database'),
    );
    await quickInput.type(server().url(database).replace('postgresql:', 'postgresql+psycopg2:'));
    const message = await waitUntil(
      'the input says what the URL comes to',
      () => quickInput.message(),
      (text) => text.includes('Database autopack on localhost'),
    );
    assert.match(message, /as autopack · postgresql\+psycopg2:\/\/ is the same as postgresql:\/\//);
    assert.match(message, /the password goes to VS Code's secret storage/);
    const shown = await quickInput.widget.locator('input[type="text"]').first().inputValue();
    assert.equal(shown, `postgresql+psycopg2://autopack:***@localhost:${String(server().port)}/autopack`);
    await workbench.screenshot('postgres-url');
    await workbench.setTheme('light');
    await workbench.screenshot('postgres-url-light');
    await workbench.setTheme('dark');
    await quickInput.cancel();
  });

  it('is not there under another name, which leads back to the URL', async () => {
    await openConnect();
    await enterUrl(server().url('missing'));
    const said = workbench.dialog('There is no such database');
    await said.waitFor();
    await workbench.screenshot('postgres-missing');
    await said.getByRole('button', { name: 'Change URL…' }).click();
    await enterUrl(server().url(database).replace(encodeURIComponent(password), 'wrong'));
    const refused = workbench.dialog('does not let this user in');
    await refused.waitFor();
    await workbench.screenshot('postgres-wrong-password');
    await refused.getByRole('button', { name: 'Enter Password…' }).click();
    await workbench.quickInput.widget.locator('input[type="password"]').waitFor();
    assert.match(await workbench.quickInput.message(), /did not accept the last one/);
    await workbench.screenshot('postgres-password');
    await enterPassword(password);
    await workbench.dialog(`Connected to ${title}`).waitFor();
    await workbench.screenshot('postgres-connected');
    await workbench.setTheme('light');
    await workbench.screenshot('postgres-connected-light');
    await workbench.setTheme('dark');
    const found = await agree();
    assert.match(found, /Server: PostgreSQL \d+/);
    assert.match(found, /User: autopack, may read and write/);
    assert.match(found, /Encryption: not encrypted \(sslmode prefer\)/);
  });

  it('is shown by its name and host, with the rows of its runs', async () => {
    const { text } = await waitUntil(
      'everything is counted',
      () => workbench.statusBar.read(title),
      (item) => item.text.includes('runs'),
    );
    assert.match(text, /^Legacy\?: autopack on localhost:\d+ · 12 runs, 89 phases$/);
    await workbench.tree.row('lantern-import-v1').waitFor();
    const tooltip = await workbench.hover(workbench.statusBar.item(title));
    await workbench.screenshot('postgres-tooltip');
    assert.match(tooltip, /URL: postgresql:\/\/autopack@localhost:\d+\/autopack/);
    assert.match(tooltip, /Encryption: not encrypted/);
    assert.ok(!tooltip.includes(password));
    await workbench.page.mouse.move(0, 0);
    await workbench.page.keyboard.press('Escape');
    await workbench.setTheme('light');
    await workbench.screenshot('postgres-runs-light');
    await workbench.setTheme('dark');
    await workbench.screenshot('postgres-runs');
  });

  it('shows what another program commits within two seconds', async () => {
    await server().query(
      database,
      `UPDATE runs SET state = 'DONE_FAILED_BUDGET_EXHAUSTED' WHERE id = 'lantern-import-v1'`,
    );
    const committed = performance.now();
    await workbench.tree.row(/lantern-import-v1.*budget/i).waitFor();
    const tookMs = performance.now() - committed;
    assert.ok(tookMs < 2000, `${String(tookMs)} ms`);
  });

  it('cannot be connected to while its server is away, and is by trying again', async () => {
    await server().halt();
    await openConnect();
    await enterUrl(server().url(database));
    const said = workbench.dialog('The server cannot be reached');
    await said.waitFor();
    await workbench.screenshot('postgres-unreachable');
    await server().control('start');
    await said.getByRole('button', { name: 'Try Again', exact: true }).click();
    await agree();
  });

  it('wants a password where none is known and none is given', async () => {
    await openConnect();
    await enterUrl(
      server()
        .url(database, 'reader')
        .replace(/:[^:@]*@/, '@'),
    );
    await workbench.quickInput.widget.locator('input[type="password"]').waitFor();
    assert.match(await workbench.quickInput.message(), /Leave empty to use PGPASSWORD or ~\/\.pgpass/);
    await enterPassword('');
    const said = workbench.dialog(/password/i);
    await said.waitFor();
    await workbench.screenshot('postgres-no-password');
    await said.getByRole('button', { name: 'Cancel', exact: true }).click();
  });

  it('keeps what was read while the server is away, says so, and comes back by itself', async () => {
    await server().halt('immediate');
    const view = workbench.page
      .locator('.part.sidebar')
      .getByText(/Cannot reach localhost; showing what was read at \d\d:\d\d/);
    await view.waitFor();
    const { kind } = await workbench.statusBar.read(/autopack on localhost.*cannot be reached/);
    assert.equal(kind, 'warning');
    await workbench.tree.row('lantern-import-v1').waitFor();
    await workbench.screenshot('postgres-cut');
    await workbench.setTheme('light');
    await workbench.screenshot('postgres-cut-light');
    await workbench.setTheme('dark');
    await server().control('start');
    await view.waitFor({ state: 'detached' });
    await waitUntil(
      'the status bar is content again',
      () => workbench.statusBar.read(title),
      (item) => !item.text.includes('cannot be reached'),
    );
  });

  it('has facts of its server in the identity check, and no backup to offer', async () => {
    await workbench.runCommand('Autopack: Check Database Identity');
    const page = workbench.webview();
    await page.getByRole('heading', { name: 'Identity of autopack on localhost' }).waitFor();
    await page.getByRole('heading', { name: 'Server', exact: true }).waitFor();
    assert.match(await page.locator('body').innerText(), /System: \d+, database \d+, timeline 1/);
    await workbench.screenshot('postgres-identity');
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.openPalette();
    await workbench.quickInput.type('>Autopack: Back Up Database');
    await waitUntil(
      'the palette was searched',
      () => workbench.quickInput.widget.innerText(),
      (shown) => shown.includes('No matching results') || shown.includes('similar commands'),
    );
    await workbench.quickInput.cancel();
  });

  it('may be one that can only be read, which is said, and then nothing is written', async () => {
    await openConnect();
    await enterUrl(server().url(database, 'reader'));
    assert.match(await agree(), /User: autopack_reader, may only read/);
    await waitUntil(
      'the status bar says that it can only be read',
      () => workbench.statusBar.read(title),
      ({ text }) => text.includes('read-only user'),
    );
    await workbench.screenshot('postgres-read-only');
    await workbench.runCommand('Autopack: Seed Telemetry Run');
    await workbench.notification('can only be read here. The user autopack_reader may only read.').waitFor();
    await workbench.screenshot('postgres-read-only-refused');
  });

  it('is one of the last databases, with its user', async () => {
    await workbench.runCommand('Autopack: Switch to Recent Database…');
    const rows = await workbench.quickInput.texts();
    assert.match(rows.join('\n'), /autopack on localhost:\d+.*PostgreSQL as autopack/);
    await workbench.screenshot('postgres-recent');
    await workbench.quickInput.cancel();
  });

  it('is offered where a .env names it, and is drift where another database is selected', async () => {
    const variable = server().url(database).replace('postgresql:', 'postgresql+psycopg2:');
    await writeFile(join(folder, '.env'), `DATABASE_URL=${variable}\n`);
    await workbench.runCommand('Autopack: Select Database');
    const { quickInput } = workbench;
    await waitUntil(
      'the named database was looked into',
      () => quickInput.texts(),
      (rows) => rows.some((row) => /autopack on localhost.*12 runs.*DATABASE_URL in \.env/.test(row)),
    );
    await workbench.screenshot('postgres-select');
    await quickInput.pickDatabase('autopack_legacy.db');
    await workbench.statusBar.read(/autopack_legacy\.db.*drift: DATABASE_URL in \.env/);
    await workbench.runCommand('Autopack: Show Database Sources');
    await workbench.tree.row(/DATABASE_URL in \.env.*another database: autopack on localhost/).waitFor();
    await workbench.screenshot('postgres-drift');
    await workbench.setTheme('light');
    await workbench.screenshot('postgres-drift-light');
    await workbench.setTheme('dark');
    await rm(join(folder, '.env'));
  });

  it('leaves no password in any file of the folder', async () => {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!text.includes(password) && !text.includes(encodeURIComponent(password)), entry.name);
    }
  });

  it('has its password forgotten when told so', async () => {
    await workbench.runCommand('Autopack: Forget PostgreSQL Password…');
    await workbench.quickInput.texts();
    await workbench.screenshot('postgres-forget');
    await workbench.quickInput.rows.filter({ hasText: `${users.reader.name}@` }).click();
    await workbench.notification("removed from VS Code's secret storage").waitFor();
  });
});
