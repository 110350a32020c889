// npm run screenshots: makes the pictures of the README and of the walkthrough from the real extension, in a browser.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { prepareExampleWorkspace } from '../examples/prepareExampleWorkspace.ts';
import { initDatabase, seedDatabase } from '../src/core/seed/seedDatabase.ts';
import { DatabaseWriter } from '../src/node/writer/databaseWriter.ts';
import { generateDatabase } from './bench/generateDatabase.ts';
import { openWorkbench } from './e2e/support/openWorkbench.ts';
import { removeTemporaryWorkspaces, temporaryWorkspace } from './e2e/support/temporaryWorkspace.ts';
import type { Workbench } from './e2e/support/workbench.ts';
import { exitOnSignals } from './host/exitOnSignals.ts';
import { projectRoot } from './host/projectPaths.ts';
import { adopted } from './support/adopted.ts';

const legacy = 'autopack_legacy.db';
const seed = 'autopack_telemetry_seed.db';
const measured = 'measured.db';

/** The part of the window that a step of the walkthrough has room for. */
const walkthroughPart = { x: 0, y: 0, width: 1000, height: 640 };
/** As large as VS Code shows it. */
const walkthroughSize = { width: 800, height: 512 };

exitOnSignals();
const folder = await prepareWorkspace();
const workbench = await openWorkbench({ folder });
try {
  await takePictures(workbench);
} finally {
  await workbench.dispose();
  await removeTemporaryWorkspaces();
}

/** A folder with a backlog, a freshly seeded database, and one with telemetry. */
async function prepareWorkspace(): Promise<string> {
  const folder = await temporaryWorkspace();
  await prepareExampleWorkspace(folder);
  await adopted(join(folder, legacy), 'legacy');
  const writer = new DatabaseWriter();
  await initDatabase(writer, join(folder, seed), { id: 'pictures', role: 'seed', createdAt: Date.now() });
  await seedDatabase(writer, join(folder, seed), { now: Date.now() });
  const path = join(folder, measured);
  generateDatabase(path, { name: 'pictures', runs: 12, phasesPerRun: 10, eventsPerPhase: 4 });
  nameLikeSeeded(path);
  await adopted(join(folder, measured), 'seed');
  return folder;
}

/** Runs of a seed database are known by their ids. */
function nameLikeSeeded(path: string): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const seeded = (column: string): string =>
    `${column} = replace(${column}, 'build-', 'telemetry-collection-')`;
  database.exec(`UPDATE runs SET ${seeded('id')}`);
  for (const table of ['tiers', 'phases', 'token_estimation_v2_events'])
    database.exec(`UPDATE ${table} SET ${seeded('run_id')}`);
  database.close();
}

async function takePictures(window: Workbench): Promise<void> {
  const { page, quickInput, statusBar, tree } = window;
  await window.openViewContainer('Autopack');
  await window.resizeSideBar(480);
  await statusBar.item('no database selected').click();
  await quickInput.rows.filter({ hasText: '12 runs, 89 phases' }).waitFor();
  await quickInput.rows.filter({ hasText: '1 run, 10 phases' }).waitFor();
  await readmePicture(window, 'select');
  await walkthroughPicture(window, 'open');

  await quickInput.pickDatabase(legacy);
  await tree.expand('maintenance-20251216');
  await tree.click('fix-flaky-import-test');
  await window.webview().getByRole('heading', { name: 'fix-flaky-import-test' }).waitFor();
  await statusBar.read(legacy);
  await readmePicture(window, 'runs');

  await window.runCommand('Autopack: Check Database Identity');
  await window
    .webview()
    .getByRole('heading', { name: `Identity of ${legacy}` })
    .waitFor();
  await window.runCommand('Notifications: Clear All Notifications');
  await walkthroughPicture(window, 'identity');

  await select(window, seed);
  await window.runCommand('View: Close All Editors');
  await tree.click('telemetry-p2-number-util');
  await window.webview().getByRole('heading', { name: 'telemetry-p2-number-util' }).waitFor();
  await tree.pressInline('telemetry-collection-v4', 'Drain Run');
  const question = window.dialog('Drain 10 phases');
  await question.getByRole('button', { name: 'Change Options…' }).click();
  await quickInput.rows.filter({ hasText: 'Executor' }).click();
  await quickInput.rows.filter({ hasText: 'recorded answers' }).waitFor();
  await walkthroughPicture(window, 'executor');
  await quickInput.pick('example');
  await question.getByRole('button', { name: 'Drain 10 Phases' }).click();
  await tree.row(/[3-7] of 10/).waitFor({ timeout: 60_000 });
  await readmePicture(window, 'drain');
  // Further down, where the Drains view is.
  await walkthroughPicture(window, 'drain', { ...walkthroughPart, y: 250 });
  await window.notification('10 phases drained in').waitFor({ timeout: 120_000 });
  await window.runCommand('Notifications: Clear All Notifications');

  await window.runCommand('View: Close All Editors');
  await select(window, measured);
  await window.runCommand('Autopack: Analyze Telemetry');
  await window.webview().getByText('480 samples').first().waitFor();
  await page.setViewportSize({ width: 1400, height: 1300 });
  await window.webview().locator('canvas').first().waitFor();
  await readmePicture(window, 'telemetry');
  await page.setViewportSize({ width: 1400, height: 900 });
  await walkthroughPicture(window, 'report');

  await writeFile(join(folder, '.env'), `DATABASE_URL=sqlite:///${legacy}\n`);
  const warning = page.locator('.part.statusbar .warning-kind', { hasText: measured });
  await warning.waitFor({ timeout: 30_000 });
  await window.hover(warning);
  await readmePicture(window, 'warning');
}

async function select(window: Workbench, name: string): Promise<void> {
  await window.runCommand('Autopack: Select Database');
  await window.quickInput.rows.filter({ hasText: '1 run, 10 phases' }).waitFor();
  await window.quickInput.pickDatabase(name);
  await window.statusBar.read(name);
}

async function readmePicture({ page }: Workbench, name: string): Promise<void> {
  await page.screenshot({
    path: join(projectRoot, 'media', 'readme', `${name}.png`),
    animations: 'disabled',
  });
}

/** Small and compressed, for it is part of the package. */
async function walkthroughPicture({ page }: Workbench, name: string, clip = walkthroughPart): Promise<void> {
  const part = await page.screenshot({ clip, animations: 'disabled' });
  const smaller = await page.context().newPage();
  await smaller.setViewportSize(walkthroughSize);
  await smaller.setContent(
    `<style>body { margin: 0 } img { width: 100vw }</style><img src="data:image/png;base64,${part.toString('base64')}">`,
  );
  const path = join(projectRoot, 'media', 'walkthrough', `${name}.jpg`);
  await smaller.screenshot({ path, type: 'jpeg', quality: 35 });
  await smaller.close();
}
