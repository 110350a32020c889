import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { formatAnswer } from '../../src/core/builders/answerFormat.ts';
import { chatModelExtension, chatModelVariable } from '../host/chatModelExtension.ts';
import { startChatModelServer, type ChatModelServer } from '../support/chatModelServer.ts';
import { builtAnswer, plausibleContent, requestedFiles } from '../support/models/builtAnswer.ts';
import { startModelServer, type AskedModel, type ModelServer } from '../support/models/modelServer.ts';
import { openSeeded } from './support/openSeeded.ts';
import { seededWorkspace } from './support/seededWorkspace.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const key = 'sk-build-0123456789abcdef';
const usage = { uncached: 1000, cached: 200, output: 321, reasoning: 21 };

describe('draining with a model, without Autopack', () => {
  let folder: string;
  let database: string;
  let server: ModelServer;
  let chat: ChatModelServer;
  let workbench: Workbench;
  let isHostile = false;

  before(async () => {
    ({ folder, database } = await seededWorkspace(''));
    await rm(join(folder, 'scripts'), { recursive: true });
    server = await startModelServer((asked) =>
      isHostile ? hostileAnswer(asked) : { ...builtAnswer(asked, usage), betweenMs: 20 },
    );
    chat = await startChatModelServer();
    chat.answer = ({ messages: [first] }) => {
      const text = first?.text ?? '';
      const { boundary, paths } = requestedFiles({ system: text, messages: [{ role: 'user', text }] });
      return {
        pieces: [
          formatAnswer(
            paths.map((path) => ({ path, content: plausibleContent(path) })),
            boundary,
          ),
        ],
      };
    };
    const pricesFile = join(await temporaryWorkspace(), 'prices.json');
    const price = { input: 2, cached: 0.2, output: 10 };
    const hosts = { [new URL(server.baseUrl).host]: { models: { 'gpt-5-mini': price } } };
    await writeFile(pricesFile, JSON.stringify({ date: '2026-11-01', hosts }));
    const settings = {
      'autopackHygiene.builder.pricesFile': pricesFile,
      'autopackHygiene.endpoint.provider': 'openai',
      'autopackHygiene.endpoint.baseUrl': server.baseUrl,
      'autopackHygiene.endpoint.model': 'gpt-5-mini',
    };
    const env = { AUTOPACK_HYGIENE_API_KEY: key, [chatModelVariable]: chat.url };
    workbench = await openSeeded(folder, { settings, env, companions: [await chatModelExtension()] });
    await workbench.tree.expand('telemetry-collection-v4');
  });

  after(async () => {
    await server.close();
    await chat.close();
    await workbench.dispose();
  });

  function rows(sql: string): readonly Record<string, unknown>[] {
    const open = new DatabaseSync(database, { readOnly: true, timeout: 5000 });
    try {
      return open.prepare(sql).all();
    } finally {
      open.close();
    }
  }

  const stateOf = (phaseId: string): unknown =>
    rows(`SELECT state FROM phases WHERE phase_id = '${phaseId}'`)[0]?.state;

  it('asks with the endpoint that is set up, shows the files, and writes them once a person says so', async () => {
    await workbench.tree.pressInline('telemetry-p1-string-util', 'Drain Phase');
    const question = workbench.dialog('Drain the phase telemetry-p1-string-util');
    await question.waitFor();
    const text = await question.innerText();
    assert.match(text, /Executor: endpoint \(gpt-5-mini at 127\.0\.0\.1:\d+\)/);
    assert.match(text, /Files: You are asked before each phase writes/);
    assert.match(text, /About \$[\d.]+ for gpt-5-mini, at most \$[\d.]+ \(prices of 2026-11-01\)/);
    await workbench.screenshot('build-question');
    await question.getByRole('button', { name: 'Drain 1 Phase' }).click();
    await workbench.editorAction('Write Files').waitFor({ timeout: 60_000 });
    assert.ok(!existsSync(join(folder, 'examples', 'telemetry_utils', 'string_helper.py')));
    await workbench.screenshot('build-approval');
    await workbench.editorAction('Write Files').click();
    await workbench.notification('1 phase drained').waitFor({ timeout: 60_000 });
    assert.equal(stateOf('telemetry-p1-string-util'), 'COMPLETE');
    const [asked] = server.asked;
    const { paths } = requestedFiles(asked ?? assert.fail('Nothing was asked.'));
    for (const path of paths) {
      assert.equal(await readFile(join(folder, path), 'utf8'), plausibleContent(path));
    }
    assert.equal(asked?.headers.authorization, `Bearer ${key}`);
  });

  it('says what it cost', async () => {
    // 1,000 tokens of input at $2 the million, 200 cached ones at $0.20, 342 of output at $10.
    await workbench.tree.row(/1 complete · 1 sample · ~\$0\.0055/).waitFor();
    await workbench.tree.expand(/1 complete · 1 sample/);
    await workbench.tree.row(/telemetry-p1-string-util.*~\$0\.0055/).waitFor();
    await workbench.screenshot('build-cost');
    await workbench.tree
      .row(/1 complete · 1 sample/)
      .locator('.monaco-tl-twistie')
      .click();
  });

  it('records exactly what the server said, and the key nowhere', async () => {
    const [event] = rows('SELECT * FROM token_estimation_v2_events');
    assert.deepEqual([event?.actual_output_tokens, event?.success, event?.truncated], [342, 1, 0]);
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const content = await readFile(join(file.parentPath, file.name));
      assert.ok(!content.includes(key), join(file.parentPath, file.name));
    }
  });

  it('writes nothing where a person rejects the files, and says so of the phase', async () => {
    await workbench.tree.pressInline('telemetry-p2-number-util', 'Drain Phase');
    const question = workbench.dialog('Drain the phase telemetry-p2-number-util');
    await question.getByRole('button', { name: 'Drain 1 Phase' }).click();
    await workbench.editorAction('Reject').waitFor({ timeout: 60_000 });
    await workbench.editorAction('Reject').click();
    await workbench.notification('Rejected: nothing was written.').waitFor();
    await workbench.tree.row(/Draining/).waitFor({ state: 'hidden', timeout: 60_000 });
    assert.equal(stateOf('telemetry-p2-number-util'), 'FAILED');
    await workbench.tree.expand(/1 failed · 1 sample/);
    await workbench.tree.expand(/number-util\s*[\d.]+ s · /);
    await workbench.tree.row('You rejected the files of this attempt.').waitFor();
  });

  it('writes without asking where that was chosen, and refuses what no phase may write', async () => {
    await workbench.runCommand('Autopack: Write Files Without Asking…');
    await workbench
      .dialog('Let drains write files in this workspace without asking?')
      .getByRole('button', { name: 'Write Without Asking' })
      .click();
    isHostile = true;
    await workbench.tree.pressInline('telemetry-p3-list-util', 'Drain Phase');
    const question = workbench.dialog('Drain the phase telemetry-p3-list-util');
    await question.waitFor();
    assert.match(await question.innerText(), /Written without asking \(hands-off\)/);
    await question.getByRole('button', { name: 'Drain 1 Phase' }).click();
    await waitUntil(
      'the phase is failed',
      () => Promise.resolve(stateOf('telemetry-p3-list-util')),
      (state) => state === 'FAILED',
    );
    await workbench.tree.row(/Draining/).waitFor({ state: 'hidden' });
    await workbench.tree.expand(/p3-list-util.*1 failed · 1 sample/, /list-util\s*[\d.]+ s · /);
    await workbench.tree.row(/Nothing was written: .*settings\.json/).waitFor();
    await workbench.page.mouse.move(0, 0);
    await workbench.screenshot('build-refused');
    assert.ok(!existsSync(join(folder, '.vscode', 'settings.json')));
    isHostile = false;
  });

  it("changes to one of VS Code's models in the question, and says what its samples are worth", async () => {
    await workbench.tree.pressInline('telemetry-p4-date-util', 'Drain Phase');
    const question = workbench.dialog('Drain the phase telemetry-p4-date-util');
    await question.getByRole('button', { name: 'Change Options…' }).click();
    await workbench.quickInput.rows.filter({ hasText: 'Token budget' }).waitFor();
    await workbench.screenshot('build-options');
    await workbench.quickInput.rows.filter({ hasText: 'Executor' }).click();
    await workbench.quickInput.rows.filter({ hasText: 'endpoint' }).waitFor();
    await workbench.screenshot('build-executors');
    await workbench.quickInput.pick('vscode');
    await workbench.quickInput.pick('Test Small');
    await question.waitFor();
    const text = await question.innerText();
    assert.match(text, /Executor: vscode \(Test Small, a model of this VS Code\)/);
    assert.match(text, /never count for a calibration/);
    await workbench.screenshot('build-question-vscode');
    await question.getByRole('button', { name: 'Drain 1 Phase' }).click();
    await waitUntil(
      'the phase is complete',
      () => Promise.resolve(stateOf('telemetry-p4-date-util')),
      (state) => state === 'COMPLETE',
    );
    assert.equal(rows("SELECT * FROM llm_usage_events WHERE provider = 'vscode'").length, 1);
  });
});

function hostileAnswer(asked: AskedModel): ReturnType<typeof builtAnswer> {
  const { boundary, paths } = requestedFiles(asked);
  const files = paths.map((path) => ({ path, content: plausibleContent(path) }));
  const planted = { path: '.vscode/settings.json', content: '{ "a": 1 }\n' };
  return { kind: 'text', text: formatAnswer([...files, planted], boundary), usage };
}
