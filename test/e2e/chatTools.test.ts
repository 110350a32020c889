import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { agentToolNames } from '../../src/editor/ids.ts';
import { chatModelExtension, chatModelVariable } from '../host/chatModelExtension.ts';
import { startChatModelServer, type ChatModelServer } from '../support/chatModelServer.ts';
import { GuardWorld, meddle, suiteReader } from '../support/guard/guardWorld.ts';
import { queryDatabase } from '../support/queryDatabase.ts';
import { IdentityWindow } from './support/identityWindow.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const run = 'telemetry-collection-v4';

interface Answer extends Readonly<Record<string, unknown>> {
  readonly database?: { readonly path: string; readonly role: string };
  readonly error?: { readonly code: string };
  /** Why VS Code did not call the tool. */
  readonly refused?: string;
}

describe('a chat with a model that calls the tools', () => {
  const reader = suiteReader();
  let world: GuardWorld;
  let path: string;
  let server: ChatModelServer;
  let window: IdentityWindow;
  let workbench: Workbench;

  before(async () => {
    world = new GuardWorld(await temporaryWorkspace(), reader());
    path = await world.make('seed.db');
    meddle(path, "UPDATE phases SET state = 'FAILED'");
    await world.make('backlog.db', 'legacy');
    server = await startChatModelServer();
    const env = { [chatModelVariable]: server.url };
    const companions = [await chatModelExtension()];
    window = await IdentityWindow.open({ folder: world.folder, companions, env });
    ({ workbench } = window);
    await window.select('seed.db');
  });

  after(async () => {
    await server.close();
    await (workbench as Workbench | undefined)?.dispose();
  });

  /** Begins a chat in which the model calls those tools, one after the other; gives what they answered. */
  async function chat(
    ...tools: readonly { readonly name: string; readonly input: object }[]
  ): Promise<() => Promise<Answer[]>> {
    const before = server.calls.length;
    const left = [...tools];
    server.answer = () => {
      const tool = left.shift();
      return tool === undefined ? { pieces: ['Done.'] } : { tool };
    };
    await workbench.runCommand('Test Chat: Ask the Test Model');
    return async () => {
      await waitUntil(
        'the chat has ended',
        () => Promise.resolve(server.calls.length),
        (count) => count === before + tools.length + 1,
      );
      const messages = server.calls.at(-1)?.messages ?? [];
      return messages
        .filter(({ text }) => text.startsWith('{'))
        .map(({ text }) => JSON.parse(text) as Answer);
    };
  }

  const states = (): unknown[] =>
    queryDatabase(path, 'SELECT DISTINCT state FROM phases ORDER BY state').map(({ state }) => state);
  const requeue = { name: 'autopack_requeue', input: { runId: run } };
  const title = 'Autopack: Re-queue Failed Phases: seed.db (telemetry seed)';

  it('calls each of the tools that read, and hears of the selected database', async () => {
    const inputs: Readonly<Record<string, object>> = { autopack_phases: { runId: run, limit: 2 } };
    const ended = await chat(...agentToolNames.map((name) => ({ name, input: inputs[name] ?? {} })));
    const answers = await ended();
    assert.equal(answers.length, agentToolNames.length);
    for (const [index, { database, error }] of answers.entries()) {
      assert.deepEqual(
        [error, database?.path, database?.role],
        [undefined, path, 'seed'],
        agentToolNames[index],
      );
    }
  });

  it('writes where a person agrees to what VS Code shows: plan, database, role, protection and count', async () => {
    for (const theme of ['light', 'highContrast', 'dark'] as const) {
      await workbench.setTheme(theme);
      const ended = await chat(requeue);
      const dialog = workbench.dialog(title);
      await dialog.waitFor();
      const text = await dialog.innerText();
      for (const words of [
        /Re-queue 10 FAILED of 1 run/,
        /Role: telemetry seed/,
        /Protection: Ask/,
        /Phases: 10/,
      ])
        assert.match(text, words);
      await workbench.screenshot(`tool-confirmation-${theme}`);
      await dialog.getByRole('button', { name: theme === 'dark' ? 'Yes' : 'Cancel', exact: true }).click();
      const [answer] = await ended();
      if (theme === 'dark') assert.equal(answer?.requeued, 10);
      else assert.match(answer?.refused ?? '', /cancel/i);
      assert.deepEqual(states(), [theme === 'dark' ? 'QUEUED' : 'FAILED']);
    }
  });

  it('writes nothing where rows changed while the person thought about it', async () => {
    meddle(path, "UPDATE phases SET state = 'FAILED'");
    const ended = await chat(requeue);
    const dialog = workbench.dialog(title);
    await dialog.waitFor();
    meddle(path, "UPDATE phases SET last_failure_reason = 'another' WHERE id = 1");
    await dialog.getByRole('button', { name: 'Yes', exact: true }).click();
    assert.equal((await ended())[0]?.error?.code, 'changed');
    assert.deepEqual(states(), ['FAILED']);
  });

  it('asks nobody about what would be refused, and writes nothing', async () => {
    await window.select('backlog.db');
    const ended = await chat(
      { name: 'autopack_mark_stale', input: {} },
      { name: 'autopack_seed', input: {} },
    );
    const codes = (await ended()).map(({ error }) => error?.code);
    assert.deepEqual(codes, ['not-found', 'wrong-role']);
    await window.select('seed.db');
  });

  it('drains what a person agreed to by the plan of their own window', async () => {
    const ended = await chat({ name: 'autopack_drain', input: { batchSize: 2 } });
    const dialog = workbench.dialog('Autopack: Drain: seed.db (telemetry seed)');
    await dialog.waitFor();
    await workbench.screenshot('tool-drain-confirmation');
    await dialog.getByRole('button', { name: 'Yes', exact: true }).click();
    assert.equal((await ended())[0]?.asked, 2);
    const own = workbench.dialog('Drain');
    await own.getByRole('button', { name: 'Show Plan' }).waitFor();
    await workbench.screenshot('tool-drain-plan');
    await own.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(states(), ['FAILED']);
  });

  it('writes nothing where another file took the place of the database', async () => {
    const ended = await chat(requeue);
    const dialog = workbench.dialog(title);
    await dialog.waitFor();
    const other = await world.make('other.db');
    meddle(other, "UPDATE phases SET state = 'FAILED'");
    await rename(other, path);
    await dialog.getByRole('button', { name: 'Yes', exact: true }).click();
    const [answer] = await ended();
    assert.ok(answer?.error !== undefined, JSON.stringify(answer));
    assert.deepEqual(states(), ['FAILED']);
  });
});
