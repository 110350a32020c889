import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { EndpointKey } from '../../../../src/core/builders/endpointKey.ts';
import { ModelError } from '../../../../src/core/builders/modelPort.ts';
import { CancelledError } from '../../../../src/core/errors.ts';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';
import { createEndpointModel } from '../../../../src/node/builders/endpointModel.ts';
import { listModels, probeEndpoint } from '../../../../src/node/builders/probeEndpoint.ts';
import type { ModelAnswer, Protocol } from '../../../support/models/modelAnswer.ts';
import { canary, failedCalls, text } from './failedCalls.ts';
import { startModelServer, type ModelServer } from '../../../support/models/modelServer.ts';

const key = new EndpointKey(canary);
const never = new AbortController().signal;
const request = {
  system: '',
  messages: [{ role: 'user', text: 'Hi' }],
  maxTokens: 500,
  stallMs: 250,
} as const;
describe('a call that fails', () => {
  const servers: ModelServer[] = [];
  const written: string[] = [];
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  const methods = ['log', 'warn', 'error', 'info', 'debug'] as const;
  const original = { ...console };

  before(() => {
    process.on('unhandledRejection', note);
    for (const name of methods) console[name] = (...parts: unknown[]) => void written.push(inspect(parts));
  });
  after(async () => {
    Object.assign(console, original);
    process.off('unhandledRejection', note);
    await Promise.all(servers.map((server) => server.close()));
  });

  function modelAt(provider: Protocol, baseUrl: string): ReturnType<typeof createEndpointModel> {
    return createEndpointModel({ provider, baseUrl, model: 'm', key, keySource: 'x', notes: [] });
  }

  async function serve(answer: ModelAnswer): Promise<ModelServer> {
    const server = await startModelServer([answer]);
    servers.push(server);
    return server;
  }

  async function failureOf(call: Promise<unknown>): Promise<ModelError> {
    const error: unknown = await call.then(
      (reply) => assert.fail(`it did not fail: ${inspect(reply)}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ModelError, inspect(error));
    assert.ok(error.message.length <= 500);
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    assert.doesNotMatch(error.message, /[\u0000-\u001f]/);
    return error;
  }

  /** All that a log could show of it, as it is and encoded. */
  function requireSecret(...shown: unknown[]): void {
    const all = shown
      .map((each) => inspect(each, { depth: 20, showHidden: true, maxStringLength: null }))
      .join('\n');
    for (const form of [
      canary,
      encodeURIComponent(canary),
      Buffer.from(canary).toString('base64').slice(0, 30),
      '7Xq9',
    ])
      assert.ok(!all.includes(form), all);
  }

  for (const provider of ['openai', 'anthropic'] as const) {
    for (const [name, kind, answer, used = false] of failedCalls) {
      it(`${provider}: ${name}: ${kind}`, async () => {
        const server = await serve(answer);
        let streamed = '';
        const error = await failureOf(
          modelAt(provider, server.baseUrl).call(request, never, (part) => (streamed += part)),
        );
        assert.equal(error.kind, kind, error.message);
        assert.equal(error.usage !== null, used, inspect(error.usage));
        if (kind === 'rate-limit') assert.equal(error.retryAfterMs, 7000);
        if (used) assert.ok((error.usage?.output ?? 0) > 0 || streamed === '');
        requireSecret(error);
        // It never tries again by itself, and leaves no connection behind.
        assert.equal(server.asked.length, 1);
        await server.asked[0]?.closed;
      });
    }

    it(`${provider}: refusing by a content policy`, async () => {
      const word = provider === 'openai' ? 'content_filter' : 'refusal';
      const server = await serve({ kind: 'text', text, stopReason: word, usage: { uncached: 3, output: 4 } });
      const error = await failureOf(modelAt(provider, server.baseUrl).call(request, never, () => undefined));
      assert.deepEqual([error.kind, error.usage?.output], ['refused', 4]);
    });

    it(`${provider}: an answer whose connection is cut behind its end is whole`, async () => {
      const end =
        provider === 'openai'
          ? '{"id":"1","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'
          : '{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}';
      const body =
        provider === 'openai'
          ? `data: {"id":"1","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"hi"}}]}\n\ndata: ${end}\n\n`
          : [
              '{"type":"message_start","message":{"id":"1","model":"m","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}',
              '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
              '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hi"}}',
              end,
            ]
              .map((data) => `data: ${data}\n\n`)
              .join('');
      const server = await serve({
        kind: 'response',
        status: 200,
        headers: { 'content-type': 'text/event-stream', 'content-length': '99999' },
        body,
      });
      const reply = await modelAt(provider, server.baseUrl).call(request, never, () => undefined);
      assert.equal(reply.text, 'hi');
      assert.equal(reply.usage.source, provider === 'openai' ? 'counted' : 'reported');
    });

    for (const [when, answer] of [
      ['before any byte', { kind: 'silence' }],
      ['within the answer', { kind: 'text', text, betweenMs: 50 }],
    ] as const satisfies readonly (readonly [string, ModelAnswer])[]) {
      it(`${provider}: cancelling ${when} closes the connection at once`, async () => {
        const server = await serve(answer);
        const controller = new AbortController();
        const model = modelAt(provider, server.baseUrl);
        const call = model.call({ ...request, stallMs: 10_000 }, controller.signal, () => undefined);
        const settled = call.then(
          () => assert.fail('it was not cancelled'),
          (error: unknown) => error,
        );
        await new Promise((resolve) => setTimeout(resolve, 150));
        const at = Date.now();
        controller.abort();
        assert.ok((await settled) instanceof CancelledError);
        const closed = await server.asked[0]?.closed;
        assert.equal(closed?.byClient, true);
        assert.ok(closed.at - at < 200, `${closed.at - at} ms`);
      });
    }

    it(`${provider}: a call that was cancelled before is not sent`, async () => {
      const server = await serve({ kind: 'text', text });
      const call = modelAt(provider, server.baseUrl).call(request, AbortSignal.abort(), () => undefined);
      await assert.rejects(call, CancelledError);
      assert.equal(server.asked.length, 0);
    });
  }

  it('says who cannot be reached and why: nothing listens, no such host, no http, no https', async () => {
    const junk = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      socket.end('SSH-2.0-OpenSSH\r\n');
    });
    await new Promise<void>((resolve) => junk.listen(0, '127.0.0.1', resolve));
    const { port } = junk.address() as { port: number };
    const plain = await serve({ kind: 'text', text });
    const cases = [
      ['http://127.0.0.1:1/v1', /127\.0\.0\.1:1 cannot be reached: .*refused/],
      ['https://no-such-host.invalid/v1', /no-such-host\.invalid cannot be reached: /],
      [`http://127.0.0.1:${port}/v1`, /does not speak http/],
      [plain.baseUrl.replace('http:', 'https:'), /does not speak https/],
    ] as const;
    for (const [baseUrl, says] of cases) {
      const error = await failureOf(modelAt('openai', baseUrl).call(request, never, () => undefined));
      assert.equal(error.kind, 'unreachable', error.message);
      assert.match(error.message, says);
      requireSecret(error);
    }
    await new Promise((resolve) => junk.close(resolve));
  });

  it('fails to try an endpoint as a call does', async () => {
    const server = await serve({ kind: 'response', status: 401, body: `{"error":{"message":"${canary}"}}` });
    const settings = {
      provider: 'openai',
      baseUrl: server.baseUrl,
      model: 'm',
      key,
      keySource: 'x',
      notes: [],
    } as const;
    const error = await failureOf(probeEndpoint(settings, never));
    assert.equal(error.kind, 'wrong-key');
    requireSecret(error);
  });

  it('says that no server is there, in every language, and that one has no list of models', async () => {
    const keyless = { key: null, keySource: 'x', notes: [] };
    provideTranslations(() => ({ '{0} cannot be reached: {1}.': '{0}: {1}' }));
    try {
      const error = await failureOf(
        listModels({ provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1', ...keyless }, never),
      );
      assert.equal(error.kind, 'unreachable');
    } finally {
      provideTranslations(() => null);
    }
    const { baseUrl } = await serve({ kind: 'response', status: 404, body: '{}' });
    assert.equal(await listModels({ provider: 'openai', baseUrl, ...keyless }, never), null);
  });

  it('writes nothing to the console and leaves no rejection unhandled', async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(written, []);
    assert.deepEqual(unhandled, []);
  });
});
