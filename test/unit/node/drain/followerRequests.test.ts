import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ModelError } from '../../../../src/core/builders/modelPort.ts';
import { newLiveDrain } from '../../../../src/core/drain/drainProgress.ts';
import { CancelledError, UserFacingError } from '../../../../src/core/errors.ts';
import type { ProposedFiles } from '../../../../src/core/model/executionHost.ts';
import { DrainClient } from '../../../../src/node/drain/drainClient.ts';
import { makeDrainEndpoint, type DrainEndpoint } from '../../../../src/node/drain/drainEndpoint.ts';
import { DrainServer } from '../../../../src/node/drain/drainServer.ts';
import { followerModel, followerPerson, proposalDigest } from '../../../../src/node/drain/followerPorts.ts';
import { FollowerRequests } from '../../../../src/node/drain/followerRequests.ts';
import type { FollowerService } from '../../../../src/node/drain/followerService.ts';
import type { FollowerAnswer, FollowerRequest } from '../../../../src/protocol/followerProtocol.ts';
import { silentLogger } from '../../../support/databaseReader.ts';

const live = newLiveDrain({ databasePath: '/a.db', workspaceFolder: '/', executor: 'vscode', startedAt: 1 });
const proposal: ProposedFiles = {
  key: { runId: 'run', phaseId: 'phase' },
  files: [
    { path: 'a.py', before: null, after: 'x = 1\r\n\ud800\u202e\u0000é🙂' },
    { path: 'b.py', before: 'old\n', after: 'new\n' },
  ],
};
const question = {
  system: 'You build.',
  messages: [{ role: 'user', text: 'Build it.' }],
  maxTokens: 100,
  stallMs: 1000,
} as const;
const usage = {
  ...{ input: 7, uncachedInput: 7, cachedInput: 0, cacheWrite: 0, output: 3, reasoning: 0 },
  source: 'counted',
} as const;
const never = new AbortController().signal;

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

describe('what a drain asks of its followers', () => {
  let endpoint: DrainEndpoint;
  let server: DrainServer;
  let requests: FollowerRequests;
  let open: DrainClient[];

  beforeEach(async () => {
    endpoint = await makeDrainEndpoint();
    requests = new FollowerRequests({ absentMs: 200, logger: silentLogger });
    const parts = { path: endpoint.path, live, onRequest: () => undefined, requests, logger: silentLogger };
    server = await DrainServer.listen(parts);
    open = [];
  });

  afterEach(async () => {
    for (const client of open) client.close();
    await server.close(0);
    await endpoint.remove();
  });

  /** A window that serves both kinds, unless told otherwise. */
  async function follow(
    serve: FollowerService['serve'],
    kinds: FollowerService['kinds'] = ['approve', 'model-call'],
  ): Promise<DrainClient> {
    const client = await DrainClient.connect(endpoint.path, () => undefined, { kinds, serve });
    open.push(client);
    return client;
  }

  const decide = (decision: 'approved' | 'rejected', shown: FollowerRequest): FollowerAnswer => {
    assert.ok(shown.kind === 'approve');
    return { kind: 'decision', decision, digest: proposalDigest(shown.proposal) };
  };
  /** Waits for as long as the request is wanted. */
  const ponder = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('withdrawn')));
    });

  it('gets a decision on exactly what was proposed, character for character', async () => {
    const shown: FollowerRequest[] = [];
    await follow((request) => {
      shown.push(request);
      return Promise.resolve(decide('approved', request));
    });
    assert.equal(await followerPerson(requests).approve(proposal, never), 'approved');
    assert.deepEqual(shown, [{ kind: 'approve', proposal }]);
  });

  it('takes no decision on something else for one', async () => {
    const other = { ...proposal, files: proposal.files.slice(1) };
    await follow(() =>
      Promise.resolve({ kind: 'decision', decision: 'approved', digest: proposalDigest(other) }),
    );
    assert.equal(await followerPerson(requests).approve(proposal, never), 'absent');
  });

  it('asks every window, takes the first answer, and withdraws the question from the others', async () => {
    const asked = deferred<AbortSignal>();
    await follow((_, signal) => {
      asked.resolve(signal);
      return ponder(signal);
    });
    await follow(async (request) => {
      await asked.promise;
      return decide('rejected', request);
    });
    assert.equal(await followerPerson(requests).approve(proposal, never), 'rejected');
    const signal = await asked.promise;
    if (!signal.aborted) await once(signal, 'abort');
  });

  it('asks a window that comes while it is reloaded again, but no longer than a while', async () => {
    const first = await follow((_, signal) => {
      setTimeout(() => first.close(), 10);
      return ponder(signal);
    });
    const decision = followerPerson(requests).approve(proposal, never);
    await first.ended;
    await follow((request) => Promise.resolve(decide('approved', request)));
    assert.equal(await decision, 'approved');
  });

  it('knows that nobody is there, also where who follows can serve nothing', async () => {
    await follow(() => Promise.reject(new Error('unused')), []);
    assert.equal(await followerPerson(requests).approve(proposal, never), 'absent');
    await assert.rejects(
      followerModel(requests, { vendor: 'test', id: 'none' }).call(question, never, () => undefined),
      (error) => error instanceof ModelError && error.kind === 'unreachable',
    );
    await follow(() => Promise.reject(new Error('The editor cannot show it.')));
    assert.equal(await followerPerson(requests).approve(proposal, never), 'absent');
  });

  it('withdraws what is cancelled', async () => {
    const asked = deferred<AbortSignal>();
    await follow((_, signal) => {
      asked.resolve(signal);
      return ponder(signal);
    });
    const cancel = new AbortController();
    const decision = followerPerson(requests).approve(proposal, cancel.signal);
    const signal = await asked.promise;
    cancel.abort();
    await assert.rejects(decision, CancelledError);
    if (!signal.aborted) await once(signal, 'abort');
    await assert.rejects(followerPerson(requests).approve(proposal, cancel.signal), CancelledError);
  });

  it('refuses to send what nobody could show', async () => {
    const file = { path: 'a', before: null, after: '\u0000'.repeat(6 * 1024 * 1024) };
    await assert.rejects(
      followerPerson(requests).approve({ ...proposal, files: [file] }, never),
      (error) => error instanceof UserFacingError && error.code === 'too-large',
    );
  });

  it('has a model called by one window, and hears its text as it comes', async () => {
    const calls: FollowerRequest[] = [];
    const long = 'ü'.repeat(40_000);
    const serve: FollowerService['serve'] = (request, _, onText) => {
      calls.push(request);
      onText('Hello ');
      onText(long);
      return Promise.resolve({ kind: 'model-reply', usage });
    };
    await follow(serve);
    await follow(serve);
    const heard: string[] = [];
    const reply = await followerModel(requests, { vendor: 'test', id: 'model-1' }).call(
      question,
      never,
      (text) => heard.push(text),
    );
    assert.deepEqual(reply, { text: `Hello ${long}`, usage, stopReason: null });
    assert.ok(heard.length > 2 && heard[0] === 'Hello ');
    assert.deepEqual(calls, [
      { kind: 'model-call', model: { vendor: 'test', id: 'model-1' }, request: question },
    ]);
  });

  it('tells why a model could not be called', async () => {
    await follow(() =>
      Promise.resolve({ kind: 'model-error', error: 'no-consent', message: 'Not allowed.', usage: null }),
    );
    await assert.rejects(
      followerModel(requests, { vendor: 'test', id: 'm' }).call(question, never, () => undefined),
      (error) =>
        error instanceof ModelError && error.kind === 'no-consent' && error.message === 'Not allowed.',
    );
  });

  it('does not make a call again by itself whose window has gone, and says what it used at least', async () => {
    let calls = 0;
    const window = await follow((_, signal, onText) => {
      calls += 1;
      onText('12345678');
      setTimeout(() => window.close(), 50);
      return ponder(signal);
    });
    const other = await follow(() => {
      calls += 1;
      return Promise.resolve({ kind: 'model-reply', usage });
    });
    await assert.rejects(
      followerModel(requests, { vendor: 'test', id: 'm' }).call(question, never, () => undefined),
      (error) => error instanceof ModelError && error.kind === 'disconnected' && error.usage?.output === 3,
    );
    assert.equal(calls, 1);
    other.close();
  });

  it('lets go of whoever answers what it was not asked, or with what is no answer', async () => {
    const asked = (socket: Socket): Promise<void> =>
      new Promise((resolve) => {
        socket.on('data', (bytes: Buffer) => {
          if (bytes.toString().includes('"request"')) resolve();
        });
      });
    const digest = proposalDigest(proposal);
    const answers = [
      { kind: 'answer', id: 99, answer: { kind: 'decision', decision: 'approved', digest } },
      { kind: 'answer', id: 1, answer: { kind: 'model-reply', usage } },
      { kind: 'answer', id: 1, answer: { kind: 'decision', decision: 'approved', digest: 'short' } },
      { kind: 'answer', id: 1, answer: { kind: 'decision', decision: 'whatever', digest } },
      { kind: 'text', id: 1, text: 'no call' },
      { kind: 'serves', kinds: ['everything'] },
    ];
    const decision = followerPerson(requests).approve(proposal, never);
    for (const answer of answers) {
      const socket = connect(endpoint.path);
      socket.on('error', () => undefined);
      await once(socket, 'data');
      const request = asked(socket);
      socket.write(`${JSON.stringify({ kind: 'serves', kinds: ['approve'] })}\n`);
      await request;
      const closed = once(socket, 'close');
      socket.write(`${JSON.stringify(answer)}\n`);
      await closed;
    }
    await follow((request) => Promise.resolve(decide('approved', request)));
    assert.equal(await decision, 'approved');
  });

  it('takes nothing from one that was not asked', async () => {
    const socket = connect(endpoint.path);
    socket.on('error', () => undefined);
    await once(socket, 'data');
    const decision = followerPerson(requests).approve(proposal, never);
    const answer = { kind: 'decision', decision: 'approved', digest: proposalDigest(proposal) };
    const closed = once(socket, 'close');
    socket.write(`${JSON.stringify({ kind: 'answer', id: 1, answer })}\n`);
    await closed;
    assert.equal(await decision, 'absent');
  });
});
