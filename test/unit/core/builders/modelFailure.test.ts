import assert from 'node:assert/strict';
import { EndpointKey } from '../../../../src/core/builders/endpointKey.ts';
import { answerFailure, eventFailure, networkFailure } from '../../../../src/core/builders/modelFailure.ts';
import type { ModelErrorKind } from '../../../../src/core/builders/modelPort.ts';
import { failedAnswers, openAiError } from './failedAnswers.ts';

const key = new EndpointKey('sk-canary-0123456789abcdef');
const server = { host: 'models.example.com', key };
describe('what an answer that is no success means', () => {
  for (const [kind, status, body] of failedAnswers) {
    it(`${status} ${body.slice(0, 90)}: ${kind}`, () => {
      const error = answerFailure(server, { status, header: () => null, body }, 0);
      assert.equal(error.kind, kind, error.message);
      assert.match(error.message, /^models\.example\.com answered \d{3}/);
      assert.ok(error.message.length <= 500);
      assert.doesNotMatch(error.message, /<html|<!doctype/i);
    });
  }

  it('keeps the delay of a rate limit and of an overload, and of nothing else', () => {
    const delay = (status: number): number | null =>
      answerFailure(server, { status, header: (name) => (name === 'retry-after' ? '3' : null), body: '' }, 0)
        .retryAfterMs;
    assert.deepEqual([429, 503, 529, 401, 400].map(delay), [3000, 3000, 3000, null, null]);
  });

  it('names where a redirect leads, without its path, and does not follow it', () => {
    const location = 'https://evil.example.org/steal?key=sk-canary-0123456789abcdef';
    const header = (name: string): string | null => (name === 'location' ? location : null);
    const error = answerFailure(server, { status: 307, header, body: '' }, 0);
    assert.equal(error.kind, 'unreachable');
    assert.match(error.message, /redirect to https:\/\/evil\.example\.org, which is not followed/);
  });

  it('hides the key in whatever form it comes back, also where the message is cut, and what does not show', () => {
    const value = key.reveal();
    const forms = [
      value,
      `Bearer ${value}`,
      encodeURIComponent(value),
      Buffer.from(value).toString('base64'),
      `${'x'.repeat(290)}${value}`,
      `\u001b[31m${value}\u202e\u0000`,
    ];
    for (const form of forms) {
      for (const body of [openAiError('e', null, form), form, JSON.stringify({ detail: form })]) {
        const { message } = answerFailure(server, { status: 400, header: () => null, body }, 0);
        assert.doesNotMatch(message, /canary|c2stY2FuYXJ5/, message);
        assert.ok(message.length <= 500);
        // eslint-disable-next-line no-control-regex -- they are what must not be there
        assert.doesNotMatch(message, /[\u0000-\u001f\u202e]/);
      }
    }
  });
});

describe('what an error within an answer means', () => {
  const events: readonly (readonly [kind: ModelErrorKind, event: unknown])[] = [
    ['overloaded', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    ['rate-limit', { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } }],
    ['overloaded', { error: { message: 'Provider returned error', code: 502 } }],
    ['quota', { error: { message: 'no', type: 'insufficient_quota' } }],
    ['overloaded', { error: { message: 'The server had an error while processing your request' } }],
    ['disconnected', { error: { message: 'something odd' } }],
    ['disconnected', { error: 'something odd' }],
    ['disconnected', {}],
  ];
  for (const [kind, event] of events) {
    it(`${JSON.stringify(event)}: ${kind}`, () => {
      assert.equal(eventFailure(server, event, null).kind, kind);
    });
  }
});

describe('what an error of the network means', () => {
  for (const code of [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'EPROTO',
    'HPE_INVALID_CONSTANT',
    'CERT_HAS_EXPIRED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    '',
  ]) {
    it(`${code || 'no code'}: unreachable`, () => {
      const error = networkFailure(server, code, false);
      assert.equal(error.kind, 'unreachable');
      assert.match(error.message, /^models\.example\.com cannot be reached: [^\n]+\.$/);
    });
  }
  for (const [code, hasAnswered] of [
    ['ECONNRESET', false],
    ['EPIPE', false],
    ['ECONNRESET', true],
    ['', true],
  ] as const) {
    it(`${code || 'no code'}${hasAnswered ? ' within an answer' : ''}: disconnected`, () => {
      assert.equal(networkFailure(server, code, hasAnswered).kind, 'disconnected');
    });
  }
});
