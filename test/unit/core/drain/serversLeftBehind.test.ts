import assert from 'node:assert/strict';
import { type ListedServer, serversLeftBehind } from '../../../../src/node/drain/leftBehind.ts';

describe('serversLeftBehind, where a system tells no environments', () => {
  const server: ListedServer = {
    pid: 9,
    parent: 5,
    command: 'C:\\py\\python.exe -m uvicorn autopack.main:app --host 127.0.0.1 --port 51234',
    startedAt: 1000,
  };
  const cases: readonly [string, Partial<ListedServer>, string, boolean][] = [
    ['a server at the port that the output names', {}, 'API_URL: http://localhost:51234', true],
    ['a server where the output names no port', {}, '', true],
    ['a server at another port', {}, 'http://localhost:8000', false],
    ['a server that was there before', { startedAt: 999 }, '', false],
    ['a server of which nobody knows when it began', { startedAt: null }, '', false],
    ['a server of a program that still runs', { parent: 1 }, '', false],
    ['another program', { command: 'python -m http.server --port 51234' }, 'localhost:51234', false],
    ['another server', { command: 'python -m uvicorn shop.main:app --port 51234' }, 'localhost:51234', false],
  ];
  for (const [name, change, output, expected] of cases) {
    it(`${expected ? 'takes' : 'leaves'} ${name}`, () => {
      const init = { pid: 1, parent: 0, command: 'init', startedAt: 0 };
      const found = serversLeftBehind([init, { ...server, ...change }], { startedAt: 1000, output });
      assert.deepEqual(
        found.map(({ pid }) => pid),
        expected ? [9] : [],
      );
    });
  }
});
