import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrainLedger } from '../../src/core/drain/drainLedger.ts';
import { drainDefaults } from '../../src/core/drain/drainOptions.ts';
import type { DrainResult } from '../../src/core/drain/drainResult.ts';
import {
  toAutopackSession,
  toHygieneSession,
  type SessionState,
} from '../../src/core/drain/sessionRecord.ts';
import { attemptFolder } from '../../src/node/builders/builderExecutor.ts';
import { DeliverableFiles } from '../../src/node/builders/deliverableFiles.ts';
import { SessionFiles } from '../../src/node/drain/sessionStore.ts';
import { phaseBrief } from '../support/phaseBrief.ts';
import { exampleResult } from '../unit/editor/support/examples.ts';
import { openSeeded } from './support/openSeeded.ts';
import { seededWorkspace } from './support/seededWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

const runId = 'telemetry-collection-v4';
const built = 'telemetry-p1-string-util';
const refused = 'telemetry-p2-number-util';
const changedPath = 'examples/telemetry_utils/string_helper.py';
const newPath = 'examples/telemetry_utils/new_helper.py';
const spend = {
  ...{ calls: 2, uncachedInput: 1200, cachedInput: 800, cacheWrite: 0, output: 500, reasoning: 200 },
  cost: { input: 0.006, cached: 0.0004, cacheWrite: 0, output: 0.009, reasoning: 0.006 },
  ...{ unpricedCalls: 0, countedCalls: 0 },
};

describe('phases that a built-in builder executed', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    const seeded = await seededWorkspace('');
    ({ folder } = seeded);
    await mkdir(join(folder, 'examples', 'telemetry_utils'), { recursive: true });
    await writeFile(join(folder, changedPath), 'before = True\n');
    await writeSession(seeded.database);
    workbench = await openSeeded(folder);
  });

  after(() => workbench.dispose());

  /** A session as a drain leaves it, with the files of one phase written and their checkpoint kept. */
  async function writeSession(databasePath: string): Promise<void> {
    const files = new SessionFiles(folder);
    const place = await files.create(Date.now());
    const { sessionId } = place;
    const logs = await files.logPaths(sessionId, { runId, phaseId: built }, 1);
    const brief = phaseBrief({ runId, phaseId: built, deliverables: [changedPath, newPath] });
    const deliverables = new DeliverableFiles(folder);
    const plan = await deliverables.plan(brief, [
      { path: changedPath, content: 'after = True\n' },
      { path: newPath, content: 'new = True\n' },
    ]);
    await deliverables.write(plan, attemptFolder({ workspaceFolder: folder, ...logs }).path);
    const results: DrainResult[] = [
      exampleResult({ runId, phaseId: built, spend, ...logs }),
      exampleResult({
        ...{ runId, phaseId: refused, spend, finalState: 'FAILED', success: false, exitCode: 1 },
        error: "Nothing was written: '.vscode/settings.json' is refused. It is protected.",
        notes: [
          "Refused to write '.vscode/settings.json': it is protected.",
          'TOML not checked: no parser here.',
        ],
      }),
    ];
    const state: SessionState = {
      ...{ sessionId, startedAt: Date.now(), activeMs: 4000, options: drainDefaults, executor: 'endpoint' },
      target: { databasePath, workspaceFolder: folder },
      database: { id: 'e2e', role: 'seed', level: 'ask', lastSerial: 0, fileId: '1:1' },
      ...{ ledger: new DrainLedger(drainDefaults, results), inFlight: null, unresolved: null },
      end: { stop: { kind: 'nothing-left', message: 'Nothing is left.', complete: true }, at: Date.now() },
    };
    await files.save(toAutopackSession(state), toHygieneSession(state));
  }

  it('say what they cost, and a session says so of all of them', async () => {
    await workbench.tree.row(/1 complete, 1 failed · 2 samples · ~\$0\.0\d+/).waitFor();
    await workbench.tree.expand(/1 complete, 1 failed/);
    const row = workbench.tree.row(/telemetry-p1-string-util.*1 sample · ~\$0\.02\d*/);
    await row.waitFor();
    const hover = await workbench.hover(row.locator('.label-name').first());
    for (const part of [
      /Model calls: 2/,
      /Input: 1,200 tokens, about \$0\.0060/,
      /Cached input: 800 tokens, about \$0\.0004/,
      /Output: 300 tokens, about \$0\.0090/,
      /Reasoning: 200 tokens, about \$0\.0060/,
      /Cost: about \$0\.02\d*/,
    ]) {
      assert.match(hover, part);
    }
    await workbench.screenshot('built-cost');
  });

  it('say which path was refused, and what was not checked', async () => {
    await workbench.tree.expand(/telemetry-p2-number-util.*~/);
    await workbench.tree.row("Nothing was written: '.vscode/settings.json' is refused.").waitFor();
    await workbench.tree.row("Refused to write '.vscode/settings.json'").waitFor();
    await workbench.tree.row('TOML not checked: no parser here.').waitFor();
    await workbench.page.mouse.move(0, 0);
    await workbench.screenshot('built-refused');
  });

  it('can have their files put back, after a look at what that changes', async () => {
    const row = /telemetry-p1-string-util.*1 sample/;
    await workbench.tree.chooseFromMenu(row, 'Restore Files of This Phase…');
    const question = workbench.notification('Bring back 2 files as before telemetry-p1-string-util?');
    await question.waitFor();
    await workbench.page.getByText('before = True').first().waitFor();
    await workbench.screenshot('built-restore');
    assert.equal(await readFile(join(folder, changedPath), 'utf8'), 'after = True\n');
    await question.getByRole('button', { name: 'Restore Files' }).click();
    await workbench.notification('2 files of telemetry-p1-string-util are as before.').waitFor();
    assert.equal(await readFile(join(folder, changedPath), 'utf8'), 'before = True\n');
    assert.ok(!existsSync(join(folder, newPath)));
    await workbench.tree.chooseFromMenu(row, 'Restore Files of This Phase…');
    await workbench.notification('are as they were before already.').waitFor();
  });
});
