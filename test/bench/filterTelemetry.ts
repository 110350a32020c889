// npm run bench -- filters [DATABASE]: how soon the telemetry page answers a filter, with the reader's own
// worker and the page in a browser. Without a database, M is generated: 200,000 events.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { noFilter } from '../../src/core/telemetry/page/telemetryFilter.ts';
import { createDatabaseReader } from '../../src/node/reader/databaseReader.ts';
import type { TelemetryPageMessage } from '../../src/protocol/telemetryProtocol.ts';
import { launchChromium } from '../host/chromium.ts';
import { buildPage } from '../support/telemetryPage/buildPage.ts';
import { openPage } from '../support/telemetryPage/openPage.ts';
import { servePage } from '../support/telemetryPage/servePage.ts';
import { generateDatabase, sizes } from './generateDatabase.ts';
import { median } from './measurement.ts';

const repetitions = 30;
const options = { successOnly: true, stratify: false, underMultiplier: 1, includeSynthetic: true };
const nothing = (): void => undefined;
const logger = { debug: nothing, info: nothing, warn: console.warn, error: console.error };
const workerUrl = new URL('../../src/node/reader/readerWorker.ts', import.meta.url);
const reader = createDatabaseReader({ workerUrl, logger });
const path = process.argv[2] ?? generated();

const ask = (complexities: readonly string[], from: number | null = null) =>
  reader.request(path, 'telemetryView', { options, filter: { ...noFilter, complexities, from } });
const begun = performance.now();
await ask([]);
console.log(`first view: ${(performance.now() - begun).toFixed(0)} ms`);
const answers: number[] = [];
const work: number[] = [];
for (let turn = 0; turn < repetitions; turn += 1) {
  const [before, worked] = [performance.now(), process.cpuUsage()];
  // A moment later each time, so that no answer is remembered; all samples are later still.
  await ask([['low', 'medium'], ['high'], []][turn % 3] ?? [], turn);
  answers.push(performance.now() - before);
  const { user, system } = process.cpuUsage(worked);
  work.push((user + system) / 1000);
}
print('answer of the reader', answers);
print('its processor time', work);

const served = await servePage(await buildPage());
const browser = await launchChromium();
const views = await Promise.all([ask(['low']), ask(['medium', 'high'])]);
const database = { fileName: 'M.db', path, role: 'seed', id: 'an-id' } as const;
const host = (message: TelemetryPageMessage) => {
  const view = views[message.kind === 'analyse' ? message.request % 2 : 0];
  if (message.kind !== 'analyse' || view === undefined) return [];
  const { request } = message;
  return [{ kind: 'report', request, database, state: 's', view: view.value, warnings: [] } as const];
};
const { page } = await openPage(browser, served.url, { host });
await page.locator('.scatter canvas').waitFor();
await page.evaluate(`
  window.tasks = [];
  window.addEventListener('message', ({ data }) => { if (data.kind === 'report') window.began = performance.now(); }, true);
  window.addEventListener('message', ({ data }) => {
    if (data.kind === 'report') requestAnimationFrame(() => window.tasks.push(performance.now() - window.began));
  });`);
for (let turn = 0; turn < repetitions; turn += 1) {
  await page.getByLabel('Split by deliverables').click();
  while ((await page.evaluate<number>('window.tasks.length')) <= turn) await page.waitForTimeout(5);
}
print('page, from message to frame', await page.evaluate<number[]>('window.tasks'));
await browser.close();
await served.close();
await reader.dispose();

function generated(): string {
  const folder = join(import.meta.dirname, '../../.vscode-test/bench');
  mkdirSync(folder, { recursive: true });
  const made = join(folder, 'M-filter.db');
  generateDatabase(made, sizes.M);
  return made;
}

function print(what: string, ms: readonly number[]): void {
  console.log(
    `${what}: median ${median(ms).toFixed(0)} ms, worst ${Math.max(...ms).toFixed(0)} ms of ${ms.length}`,
  );
}
