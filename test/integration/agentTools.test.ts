import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { agentToolNames, type AgentToolName } from '../../src/editor/ids.ts';
import { seedDatabaseInWorkspace } from './support/databases.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';

interface Answer extends Readonly<Record<string, unknown>> {
  readonly database: { readonly path: string; readonly role: string } | null;
  readonly error?: { readonly code: string; readonly nextStep: string };
}

describe('the tools for language models', () => {
  let api: TestAccess;
  let path: string;

  before(async () => {
    api = await extensionUnderTest();
    path = await seedDatabaseInWorkspace('asked.db');
  });

  after(() => rm(inWorkspace('asked.db'), { force: true }));

  async function ask(name: AgentToolName, input: object = {}): Promise<Answer> {
    const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    const [part] = result.content;
    assert.ok(part instanceof vscode.LanguageModelTextPart);
    return JSON.parse(part.value) as Answer;
  }

  it('are all there, with descriptions and schemas', () => {
    for (const name of agentToolNames) {
      const tool = vscode.lm.tools.find((each) => each.name === name);
      assert.match(tool?.description ?? '', /Reads only\.$/, name);
      assert.notEqual(tool?.inputSchema, undefined, name);
    }
  });

  it('answer about the selected database, each naming it', async () => {
    await api.selected.select(path);
    for (const name of agentToolNames) {
      const { database, error } = await ask(name);
      assert.equal(error, undefined, `${name}: ${JSON.stringify(error)}`);
      assert.deepEqual([database?.path, database?.role], [path, 'seed'], name);
    }
    const { steps } = await ask('autopack_drain_plan', { batchSize: 2 });
    assert.equal((steps as unknown[]).length, 2);
    const { phases } = await ask('autopack_phases', { runId: 'telemetry-collection-v4', limit: 3 });
    assert.equal((phases as unknown[]).length, 3);
  });
});
