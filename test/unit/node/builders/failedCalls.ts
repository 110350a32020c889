import type { ModelErrorKind } from '../../../../src/core/builders/modelPort.ts';
import type { ModelAnswer } from '../../../support/models/modelAnswer.ts';

/** The key that nothing may show. */
export const canary = 'sk-canary-7Xq9/+=secret-0123456789';
/** What is answered. */
export const text = 'Once upon a time there was a file. '.repeat(20);
const json = { 'content-type': 'application/json' };

/** Answers that are none, by what they mean; `used`: tokens were used all the same. */
export const failedCalls: readonly (readonly [
  name: string,
  kind: ModelErrorKind,
  answer: ModelAnswer,
  used?: boolean,
])[] = [
  [
    'a wrong key that is repeated',
    'wrong-key',
    {
      kind: 'response',
      status: 401,
      body: JSON.stringify({ error: { message: `Incorrect API key provided: ${canary}` } }),
    },
  ],
  ['no credit', 'quota', { kind: 'response', status: 402, body: '{"error":{"message":"Payment required"}}' }],
  ['no access', 'no-access', { kind: 'response', status: 403, body: `{"error":{"message":"no ${canary}"}}` }],
  [
    'no such model',
    'unknown-model',
    { kind: 'response', status: 404, body: '{"error":{"message":"model: m","type":"not_found_error"}}' },
  ],
  ['no such address', 'unreachable', { kind: 'response', status: 404, body: `not here, ${canary}` }],
  [
    'a rate limit',
    'rate-limit',
    { kind: 'response', status: 429, headers: { 'retry-after': '7' }, body: '{}' },
  ],
  [
    'a server error that repeats the request',
    'overloaded',
    {
      kind: 'response',
      status: 500,
      body: `Traceback: headers={'Authorization': 'Bearer ${canary}', 'x-api-key': '${canary}'}`,
    },
  ],
  [
    'an overload',
    'overloaded',
    {
      kind: 'response',
      status: 529,
      body: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
    },
  ],
  ['an enormous error', 'overloaded', { kind: 'response', status: 500, body: canary.repeat(100_000) }],
  [
    'a redirect to another host',
    'unreachable',
    {
      kind: 'response',
      status: 302,
      headers: { location: `https://evil.example/?k=${encodeURIComponent(canary)}` },
    },
  ],
  [
    'a permanent redirect',
    'unreachable',
    { kind: 'response', status: 308, headers: { location: '/elsewhere' } },
  ],
  [
    'a login page',
    'unreachable',
    {
      kind: 'response',
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<html>Log in</html>',
    },
  ],
  [
    'an error with 200',
    'quota',
    {
      kind: 'response',
      status: 200,
      headers: json,
      body: '{"error":{"type":"insufficient_quota","message":"none"}}',
    },
  ],
  [
    'an answer that is no stream',
    'unreachable',
    { kind: 'response', status: 200, headers: json, body: '{"choices":[{"message":{"content":"hi"}}]}' },
  ],
  [
    'an answer in pieces of another kind',
    'unreachable',
    {
      kind: 'response',
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: `data: {"hello":"${canary}"}\n\n`,
    },
  ],
  [
    'no JSON at all',
    'unreachable',
    {
      kind: 'response',
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: `data: <${canary}>\n\n`,
    },
  ],
  [
    'an empty stream',
    'unreachable',
    { kind: 'response', status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' },
  ],
  [
    'a compressed answer',
    'unreachable',
    {
      kind: 'response',
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' },
      body: 'xx',
    },
  ],
  ['a connection closed before any byte', 'disconnected', { kind: 'hang-up' }],
  ['silence', 'stalled', { kind: 'silence' }],
  ['a stall within the answer', 'stalled', { kind: 'text', text, fault: { kind: 'stall', after: 3 } }, true],
  ['a stall at its end', 'stalled', { kind: 'text', text, fault: { kind: 'stall', after: 999 } }, true],
  [
    'a connection cut within the answer',
    'disconnected',
    { kind: 'text', text, fault: { kind: 'cut', after: 3 } },
    true,
  ],
  [
    'a stream that ends too early',
    'disconnected',
    { kind: 'text', text, fault: { kind: 'end', after: 3 } },
    true,
  ],
  [
    'a malformed event',
    'disconnected',
    { kind: 'text', text, fault: { kind: 'event', after: 3, data: `{"broken": "${canary}` } },
    true,
  ],
  [
    'an event of another kind',
    'disconnected',
    { kind: 'text', text, fault: { kind: 'event', after: 3, data: `["${canary}"]` } },
    true,
  ],
  [
    'an overload within the answer',
    'overloaded',
    {
      kind: 'text',
      text,
      fault: {
        kind: 'event',
        after: 3,
        data: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      },
    },
    true,
  ],
  [
    'another error within the answer',
    'disconnected',
    {
      kind: 'text',
      text,
      fault: {
        kind: 'event',
        after: 3,
        data: `{"type":"error","error":{"type":"odd","message":"key ${canary}"}}`,
      },
    },
    true,
  ],
  [
    'an endless stream',
    'invalid',
    { kind: 'text', text: 'x'.repeat(5000), chunkSize: 1000, fault: { kind: 'endless', after: 2 } },
    true,
  ],
  [
    'an answer with the key in it',
    'invalid',
    { kind: 'text', text: `KEY = "${canary}"`, usage: { uncached: 1, output: 2 } },
    true,
  ],
];
