import assert from 'node:assert/strict';
import { ModelError, type ModelPort, type ModelReply } from '../../src/core/builders/modelPort.ts';
import { CancelledError } from '../../src/core/errors.ts';
import { followerModel } from '../../src/node/drain/followerPorts.ts';
import { chatModelExtension, chatModelVariable, testModels } from '../host/chatModelExtension.ts';
import {
  startChatModelServer,
  type ChatModelAnswer,
  type ChatModelServer,
} from '../support/chatModelServer.ts';
import { openSeeded } from './support/openSeeded.ts';
import { seededWorkspace } from './support/seededWorkspace.ts';
import { standInDrain, type StandInDrain } from './support/standInDrain.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const never = new AbortController().signal;
const request = {
  system: 'You write files.',
  messages: [
    { role: 'user', text: 'Write one file.' },
    { role: 'assistant', text: 'Here it is.' },
    { role: 'user', text: 'It is not complete.' },
  ],
  maxTokens: 500,
  stallMs: 2000,
} as const;

describe("VS Code's own models", () => {
  let workbench: Workbench;
  let server: ChatModelServer;
  let drain: StandInDrain;
  let model: ModelPort;

  before(async () => {
    const { folder, database } = await seededWorkspace('');
    server = await startChatModelServer();
    drain = await standInDrain(folder, database);
    model = followerModel(drain.requests, { vendor: testModels.vendor, id: testModels.small });
    const env = { [chatModelVariable]: server.url };
    workbench = await openSeeded(folder, { companions: [await chatModelExtension()], env });
  });

  after(async () => {
    await server.close();
    await workbench.dispose();
    await drain.end();
  });

  it('are chosen from a list, once', async () => {
    await workbench.runCommand('Autopack: Choose Chat Model…');
    const { quickInput } = workbench;
    await quickInput.rows.filter({ hasText: 'Test Small' }).waitFor();
    await workbench.screenshot('chat-model-choose');
    await quickInput.pick('Test Large');
    await workbench
      .notification('Test Large builds phases that are drained with the vscode executor.')
      .waitFor();
    await workbench.screenshot('chat-model-chosen');
    await workbench.runCommand('Autopack: Choose Chat Model…');
    await quickInput.rows.filter({ hasText: 'current' }).filter({ hasText: 'Test Large' }).waitFor();
    await quickInput.cancel();
  });

  const call = (heard: string[] = [], signal = never): Promise<ModelReply> =>
    model.call(request, signal, (text) => heard.push(text));

  it('answer a drain, piece by piece, and are counted with their own counter', async () => {
    server.answer = () => ({ pieces: ['one ', 'two ', 'three'] });
    const heard: string[] = [];
    const reply = await call(heard);
    assert.equal(reply.text, 'one two three');
    assert.equal(heard.join(''), reply.text);
    assert.equal(reply.stopReason, null);
    // Words: those of the system prompt are in the first message.
    assert.deepEqual(reply.usage, {
      ...{ input: 13, uncachedInput: 13, cachedInput: 0, cacheWrite: 0, output: 3, reasoning: 0 },
      source: 'counted',
    });
    assert.deepEqual(server.calls.at(-1), {
      model: testModels.small,
      messages: [
        { role: 1, text: 'You write files.\n\nWrite one file.' },
        { role: 2, text: 'Here it is.' },
        { role: 1, text: 'It is not complete.' },
      ],
      options: { max_tokens: 500 },
    });
  });

  async function failure(answer: ChatModelAnswer): Promise<ModelError> {
    server.answer = () => answer;
    const error: unknown = await call().then(
      () => assert.fail('It answered.'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ModelError, String(error));
    return error;
  }

  it('say why they do not answer', async () => {
    const consent = await failure({ error: 'NoPermissions' });
    assert.equal(consent.kind, 'no-consent');
    assert.match(consent.message, /Manage Language Model Access/);
    assert.equal((await failure({ error: 'Blocked' })).kind, 'quota');
    assert.equal((await failure({ error: 'NotFound' })).kind, 'unknown-model');
    assert.equal((await failure({ plain: 'Sorry, you have been rate-limited.' })).kind, 'rate-limit');
    assert.equal((await failure({ plain: 'The prompt exceeds the context window.' })).kind, 'context-length');
    const cut = await failure({ pieces: ['one two'], plain: 'socket hang up' });
    assert.equal(cut.kind, 'disconnected');
    assert.deepEqual([cut.usage?.output, cut.usage?.input], [2, 13]);
  });

  it('count as stalled when nothing comes, and the call is ended', async () => {
    const { cancelled } = server;
    const stalled = await failure({ pieces: ['one'], hangs: true });
    assert.equal(stalled.kind, 'stalled');
    assert.equal(stalled.usage?.output, 1);
    await waitUntil(
      'the call is cut off',
      () => Promise.resolve(server.cancelled),
      (count) => count === cancelled + 1,
    );
  });

  it('stop at once when the drain is cancelled', async () => {
    const { cancelled } = server;
    server.answer = () => ({ pieces: ['one'], hangs: true });
    const cancel = new AbortController();
    const heard: string[] = [];
    const calling = assert.rejects(call(heard, cancel.signal), CancelledError);
    await waitUntil(
      'it begins to answer',
      () => Promise.resolve(heard.length),
      (count) => count > 0,
    );
    cancel.abort();
    await calling;
    await waitUntil(
      'the call is cut off',
      () => Promise.resolve(server.cancelled),
      (count) => count === cancelled + 1,
    );
  });
});
