import assert from 'node:assert/strict';
import { EndpointKey } from '../../../../src/core/builders/endpointKey.ts';
import type { ModelReply } from '../../../../src/core/builders/modelPort.ts';
import { createEndpointModel } from '../../../../src/node/builders/endpointModel.ts';
import { listModels, probeEndpoint } from '../../../../src/node/builders/probeEndpoint.ts';
import type { ModelAnswer, Protocol } from '../../../support/models/modelAnswer.ts';
import { startModelServer, type ModelScript, type ModelServer } from '../../../support/models/modelServer.ts';

const protocols: readonly Protocol[] = ['openai', 'anthropic'];
const text = 'def add(a, b):\n    return a + b  # 日本語 ünd 🙂\n'.repeat(9);
const never = new AbortController().signal;
const request = {
  system: 'You write files.',
  messages: [
    { role: 'user', text: 'Write it.' },
    { role: 'assistant', text: 'Half of it' },
    { role: 'user', text: 'Go on.' },
  ],
  maxTokens: 64_123,
  stallMs: 2000,
} as const;

describe('a model behind an endpoint', () => {
  const servers: ModelServer[] = [];
  after(() => Promise.all(servers.map((server) => server.close())));

  async function serve(script: ModelScript, models?: unknown): Promise<ModelServer> {
    const server = await startModelServer(script, { models });
    servers.push(server);
    return server;
  }

  async function ask(
    provider: Protocol,
    answer: ModelAnswer,
  ): Promise<ModelReply & { readonly streamed: string }> {
    const { baseUrl } = await serve([answer]);
    const model = createEndpointModel({
      provider,
      baseUrl,
      model: 'm',
      key: null,
      keySource: null,
      notes: [],
    });
    let streamed = '';
    const reply = await model.call(request, never, (part) => (streamed += part));
    return { ...reply, streamed };
  }

  for (const provider of protocols) {
    describe(provider, () => {
      it('sends the conversation, the limit and the key in its header, and streams the text', async () => {
        const server = await serve([{ kind: 'text', text, usage: { uncached: 10, output: 20 } }]);
        const key = new EndpointKey('sk-canary-1234');
        const settings = {
          provider,
          baseUrl: server.baseUrl,
          model: 'some/model:7b',
          key,
          keySource: 'x',
          notes: [],
        };
        const parts: string[] = [];
        const reply = await createEndpointModel(settings).call(request, never, (part) => parts.push(part));
        assert.equal(reply.text, text);
        assert.equal(parts.join(''), text);
        assert.ok(parts.length > 5);
        assert.equal(reply.stopReason, provider === 'openai' ? 'stop' : 'end_turn');
        const [asked] = server.asked;
        assert.ok(asked !== undefined);
        assert.deepEqual(
          [asked.protocol, asked.model, asked.system, asked.messages, asked.maxTokens],
          [provider, 'some/model:7b', request.system, request.messages.map((each) => ({ ...each })), 64_123],
        );
        assert.equal(asked.body.stream, true);
        assert.equal(
          asked.headers[provider === 'openai' ? 'authorization' : 'x-api-key'],
          provider === 'openai' ? 'Bearer sk-canary-1234' : 'sk-canary-1234',
        );
        if (provider === 'openai') assert.deepEqual(asked.body.stream_options, { include_usage: true });
        // Nothing that a person did not ask for: no tools, no sampling, no thinking.
        const usual = ['model', 'messages', 'max_tokens', 'stream', 'stream_options', 'system'];
        assert.deepEqual(
          Object.keys(asked.body).filter((name) => !usual.includes(name)),
          [],
        );
      });

      it('sends no key where there is none', async () => {
        const server = await serve([{ kind: 'text', text }]);
        const settings = {
          provider,
          baseUrl: server.baseUrl,
          model: 'm',
          key: null,
          keySource: null,
          notes: [],
        };
        await createEndpointModel(settings).call(request, never, () => undefined);
        const headers = server.asked[0]?.headers;
        assert.deepEqual([headers?.authorization, headers?.['x-api-key']], [undefined, undefined]);
      });

      it('reports usage as the server does, token for token', async () => {
        const usage = { uncached: 101, cached: 57, cacheWrite: 13, output: 211, reasoning: 31 };
        const reply = await ask(provider, { kind: 'text', text, reasoning: 'Let me think.', usage });
        assert.deepEqual(reply.usage, {
          input: provider === 'openai' ? 171 : 101,
          uncachedInput: 101,
          cachedInput: 57,
          cacheWrite: 13,
          output: 242,
          reasoning: 31,
          source: 'reported',
        });
        assert.equal(reply.text, text);
        assert.equal(reply.streamed, text);
      });

      it('counts, and says so, where the server reports nothing', async () => {
        const { usage } = await ask(provider, { kind: 'text', text, usage: null });
        assert.equal(usage.source, 'counted');
        assert.ok(usage.output > 50 && usage.input > 5);
      });

      it('gives the reason of the end in the word of the provider', async () => {
        const word = provider === 'openai' ? 'length' : 'max_tokens';
        assert.equal((await ask(provider, { kind: 'text', text, stopReason: word })).stopReason, word);
      });

      it('takes an answer whose reason the server does not say', async () => {
        const reply = await ask(provider, {
          kind: 'text',
          text,
          stopReason: null,
          usage: { uncached: 5, output: 6 },
        });
        assert.deepEqual([reply.text, reply.stopReason, reply.usage.source], [text, null, 'reported']);
      });

      it('does not wait for a connection that stays open behind the answer', async () => {
        const started = performance.now();
        const reply = await ask(provider, { kind: 'text', text, staysOpen: true });
        assert.equal(reply.text, text);
        assert.ok(performance.now() - started < 1000);
      });

      it('takes a slow stream that never stalls', async () => {
        const { baseUrl } = await serve([{ kind: 'text', text: 'x'.repeat(200), betweenMs: 60 }]);
        const model = createEndpointModel({
          provider,
          baseUrl,
          model: 'm',
          key: null,
          keySource: null,
          notes: [],
        });
        const reply = await model.call({ ...request, stallMs: 300 }, never, () => undefined);
        assert.equal(reply.text.length, 200);
      });

      it('takes chunks that are cut within a character', async () => {
        assert.equal((await ask(provider, { kind: 'text', text, chunkSize: 1 })).text, text);
      });

      it('takes large answers, and several calls at once', async () => {
        const large = 'x = 1\n'.repeat(30_000);
        const server = await serve([{ kind: 'text', text: large, chunkSize: 4000 }]);
        const settings = {
          provider,
          baseUrl: server.baseUrl,
          model: 'm',
          key: null,
          keySource: null,
          notes: [],
        };
        const model = createEndpointModel(settings);
        const replies = await Promise.all([1, 2, 3].map(() => model.call(request, never, () => undefined)));
        assert.ok(replies.every((reply) => reply.text === large));
      });

      it('closes its connection behind each call', async () => {
        const server = await serve([{ kind: 'text', text }]);
        const settings = {
          provider,
          baseUrl: server.baseUrl,
          model: 'm',
          key: null,
          keySource: null,
          notes: [],
        };
        await createEndpointModel(settings).call(request, never, () => undefined);
        assert.equal((await server.asked[0]?.closed)?.byClient, false);
      });

      it('says what a small request found: usage, reason, context, whether it is listed', async () => {
        const models = {
          data: [
            { id: 'm', max_model_len: 8192 },
            { id: 'other', meta: { n_ctx_train: 4096 } },
          ],
        };
        const server = await serve([{ kind: 'text', text: 'ready' }], models);
        const settings = {
          provider,
          baseUrl: server.baseUrl,
          model: 'm',
          key: null,
          keySource: null,
          notes: [],
        };
        const { latencyMs, ...probe } = await probeEndpoint(settings, never);
        assert.deepEqual(probe, {
          reportsUsage: true,
          reportsStopReason: true,
          contextLength: 8192,
          isListed: true,
        });
        assert.ok(latencyMs >= 0);
        assert.deepEqual(await listModels(settings, never), [
          { id: 'm', contextLength: 8192 },
          { id: 'other', contextLength: 4096 },
        ]);
        const poor = await serve([{ kind: 'text', text: 'ready', usage: null, stopReason: null }]);
        const { latencyMs: latency, ...found } = await probeEndpoint(
          { ...settings, baseUrl: poor.baseUrl },
          never,
        );
        assert.ok(latency >= 0);
        assert.deepEqual(found, {
          reportsUsage: false,
          reportsStopReason: false,
          contextLength: null,
          isListed: null,
        });
      });
    });
  }

  it('names the limit as OpenAI’s own newer models want it, there alone', async () => {
    const server = await serve([{ kind: 'text', text }]);
    const settings = {
      provider: 'openai',
      baseUrl: server.baseUrl,
      model: 'gpt-6-sol',
      key: null,
      keySource: null,
      notes: [],
    } as const;
    await createEndpointModel(settings).call(request, never, () => undefined);
    assert.deepEqual(
      [server.asked[0]?.body.max_tokens, server.asked[0]?.body.max_completion_tokens],
      [64_123, undefined],
    );
  });

  it('sends the limit that was asked for, also where the client knows that the model gives less', async () => {
    const server = await serve([{ kind: 'text', text }]);
    const settings = {
      provider: 'anthropic',
      baseUrl: server.baseUrl,
      model: 'claude-3-haiku-20240307',
      key: null,
      keySource: null,
      notes: [],
    } as const;
    await createEndpointModel(settings).call(request, never, () => undefined);
    assert.equal(server.asked[0]?.maxTokens, 64_123);
  });
});
