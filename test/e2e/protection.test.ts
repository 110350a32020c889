import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { runCommandLine } from '../support/commandLine.ts';
import { openBacklog } from './support/openBacklog.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const legacy = 'autopack_legacy.db';
const agent = { CLAUDECODE: '1' };

describe('the protection of a database', () => {
  let path: string;
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    ({ workbench, folder, database: path } = await openBacklog(700, 'confirm'));
  });

  after(() => workbench.dispose());

  function read(sql: string): unknown {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      return Object.values(database.prepare(sql).get() ?? {})[0];
    } finally {
      database.close();
    }
  }
  const failed = (): number => Number(read("SELECT count(*) FROM phases WHERE upper(state) = 'FAILED'"));
  const level = (): unknown => read('SELECT level FROM autopack_hygiene_identity');

  it('is shown wherever the database is', async () => {
    const tooltip = await workbench.hover(workbench.statusBar.item(legacy));
    assert.match(tooltip, /Protection.*Confirm: a person types its name/);
    await workbench.screenshot('protection-tooltip');
    await workbench.runCommand('Autopack: Select Database');
    const texts = await workbench.quickInput.texts();
    assert.match(texts.find((text) => text.includes(legacy)) ?? '', /Legacy · Confirm · 12 runs/);
    await workbench.quickInput.cancel();
  });

  it('has the name typed before a write, and nothing else is enough', async () => {
    const before = failed();
    await workbench.page.locator('.pane-header', { hasText: 'Failures' }).click();
    const requeue = async (): Promise<void> => {
      await workbench.tree.row(/\d+ phases · \d+ runs? · \d{4}-/).click({ button: 'right' });
      await workbench.tree.chooseFromOpenMenu('Re-queue This Cluster');
      const question = workbench.dialog(/Re-queue \d+ failed phases\?/);
      assert.match(await question.innerText(), /Protection: Confirm/);
      await question.getByRole('button', { name: /^Re-queue \d+ Phases/ }).click();
      await workbench.quickInput.widget.waitFor();
    };
    await requeue();
    await workbench.quickInput.type('autopack_telemetry_seed.db');
    await waitUntil(
      'the name is refused',
      () => workbench.quickInput.message(),
      (text) => text.startsWith('This is not the name of the database'),
    );
    await workbench.screenshot('protection-name-wrong');
    await workbench.quickInput.cancel();
    assert.equal(failed(), before, 'another name, or none, writes nothing');
    await requeue();
    await workbench.screenshot('protection-name');
    await workbench.quickInput.enter(legacy);
    await workbench.notification(/Re-queued \d+ phases/).waitFor();
    assert.ok(failed() < before);
  });

  it('lets a person approve what an agent was refused, once', async () => {
    const before = failed();
    const args = ['requeue', '--database', path, '--all', '--yes'];
    const refused = await runCommandLine(args, { cwd: folder, env: agent });
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /or in VS Code with "Autopack: Approve Command…"/);
    await workbench.runCommand('Autopack: Approve Command…');
    const [waiting] = await workbench.quickInput.texts();
    assert.match(waiting ?? '', /^autopack-hygiene requeue .*--all --yes.*Claude Code/);
    await workbench.screenshot('approve-what-waits');
    await workbench.quickInput.rows.first().click();
    const question = workbench.dialog(`Approve this command for ${legacy}?`);
    await question.waitFor({ timeout: 60_000 });
    assert.match(await question.innerText(), new RegExp(`Re-queue ${before} FAILED.*Rows: ${before}`, 's'));
    await workbench.screenshot('approve-dialog');
    await question.getByRole('button', { name: 'Approve Once' }).click();
    await workbench.quickInput.enter(legacy);
    await workbench.notification('Approved once, for 10 minutes.').waitFor();
    const done = await runCommandLine(args, { cwd: folder, env: agent });
    assert.equal(done.exitCode, 0, done.stderr);
    assert.equal(failed(), 0);
    const again = await runCommandLine(['seed', '--database', path, '--any-role', '--yes'], {
      cwd: folder,
      env: agent,
    });
    assert.equal(again.exitCode, 2);
  });

  it('is raised by a click, and lowered by the typed name', async () => {
    await workbench.runCommand('Autopack: Set Protection Level…');
    assert.equal((await workbench.quickInput.texts()).length, 4);
    await workbench.screenshot('protection-levels');
    await workbench.quickInput.pick('Read-Only');
    const raise = workbench.dialog(`Raise the protection of ${legacy} from Confirm to Read-Only`);
    await raise.waitFor();
    await workbench.screenshot('protection-raise');
    await raise.getByRole('button', { name: 'Set to Read-Only' }).click();
    await workbench.notification(`Protection of ${legacy}: Read-Only`).waitFor();
    assert.equal(level(), 'read-only');
    await workbench.runCommand('Autopack: Drain…');
    await workbench.notification(/Draining is refused: .* is read-only/).waitFor();
    await workbench.screenshot('protection-read-only');
    await workbench.runCommand('Autopack: Set Protection Level…');
    await workbench.quickInput.pick('Ask');
    const lower = workbench.dialog(`Lower the protection of ${legacy} from Read-Only to Ask`);
    await lower.getByRole('button', { name: 'Set to Ask' }).click();
    await workbench.screenshot('protection-lower-name');
    assert.equal(level(), 'read-only', 'a button is not enough to lower it');
    await workbench.quickInput.enter(legacy);
    await waitUntil(
      'it is lowered',
      () => Promise.resolve(level()),
      (now) => now === 'ask',
    );
  });
});
