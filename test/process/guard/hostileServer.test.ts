import assert from 'node:assert/strict';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ApiClient } from '../../../src/node/identity/apiClient.ts';

/** What a server sends to every question, and what comes of asking it. */
interface HostileServer {
  readonly kind: string;
  readonly serve: (response: ServerResponse) => void;
  /** Why it could not be asked; without it, what it says of itself is nothing. */
  readonly unreachable?: RegExp;
}

/** 20 MB when it is unpacked. */
const bomb = gzipSync(Buffer.alloc(20 << 20, ' '), { level: 1 });
const timeoutMs = 500;
const json = { 'content-type': 'application/json' };

function endless(response: ServerResponse, chunk: Buffer): void {
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

const hostile: readonly HostileServer[] = [
  {
    kind: 'never ends its body',
    serve: (response) => {
      response.writeHead(200, json);
      endless(response, Buffer.alloc(64 * 1024, '['));
    },
    unreachable: /^its answer is longer than 1 MB$/,
  },
  {
    kind: 'says it sends a gigabyte',
    serve: (response) => {
      response.writeHead(200, { ...json, 'content-length': String(2 ** 30) });
      endless(response, Buffer.alloc(64 * 1024, ' '));
    },
    unreachable: /^its answer is longer than 1 MB$/,
  },
  {
    kind: 'sends 20 MB in 100 KB',
    serve: (response) => {
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' });
      response.end(bomb);
    },
    unreachable: /^its answer is longer than 1 MB$/,
  },
  {
    kind: 'sends its body drop by drop',
    serve: (response) => {
      response.writeHead(200, json);
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
    },
    unreachable: /^it did not answer within 0\.5 s$/,
  },
  {
    kind: 'never answers',
    serve: () => undefined,
    unreachable: /^it did not answer within 0\.5 s$/,
  },
  {
    kind: 'never ends the page of an error',
    serve: (response) => {
      response.writeHead(500, json);
      endless(response, Buffer.alloc(64 * 1024, 'x'));
    },
  },
  {
    kind: 'sends a megabyte of headers',
    serve: (response) => {
      response.writeHead(200, { ...json, 'x-long': 'x'.repeat(1 << 20) });
      response.end('{}');
    },
    unreachable: /header/i,
  },
  {
    kind: 'leads elsewhere',
    serve: (response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:9/' });
      response.end();
    },
    unreachable: /redirect/i,
  },
  {
    kind: 'sends HTML',
    serve: (response) => response.end('<html><body>hello</body></html>'),
    unreachable: /^its answer is not JSON$/,
  },
  {
    kind: 'sends half an object',
    serve: (response) => response.end('{"database_identity": "0123'),
    unreachable: /^its answer is not JSON$/,
  },
  { kind: 'sends nothing', serve: (response) => response.end(), unreachable: /^its answer is not JSON$/ },
  {
    kind: 'hangs up in the middle',
    serve: (response) => {
      response.writeHead(200, { ...json, 'content-length': '1000' });
      response.write('{');
      setTimeout(() => response.destroy(), 20);
    },
    unreachable: /./,
  },
  {
    kind: 'nests 200,000 arrays',
    serve: (response) => response.end('['.repeat(200_000) + ']'.repeat(200_000)),
  },
  { kind: 'says null', serve: (response) => response.end('null') },
  {
    kind: 'tells an identity that is none',
    serve: (response) => response.end(JSON.stringify({ database_identity: '\u001b[2J'.repeat(1000) })),
  },
  {
    kind: 'names a prototype',
    serve: (response) => response.end('{"__proto__": {"database_identity": "0123456789ab"}}'),
  },
];

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('An API server that means ill', function () {
  this.timeout(20_000);

  for (const { kind, serve, unreachable } of hostile) {
    it(`does no harm when it ${kind}`, async () => {
      const server = createHttpServer({ maxHeaderSize: 4 << 20 }, (_, response) => serve(response));
      const client = new ApiClient(await listen(server), undefined, timeoutMs);
      const startedAt = Date.now();
      const before = process.memoryUsage().rss;
      try {
        const answers = await client.answers();
        if (unreachable === undefined) {
          assert.deepEqual(answers, {
            databaseIdentity: null,
            databasePath: null,
            refusal: null,
            runs: null,
            isCapped: false,
          });
        } else {
          assert.ok('unreachable' in answers, JSON.stringify(answers));
          assert.match(answers.unreachable, unreachable);
          assert.ok(answers.unreachable.length <= 201);
        }
        assert.notEqual(await client.hasRun('some-run'), true);
      } finally {
        server.closeAllConnections();
        server.close();
      }
      assert.ok(Date.now() - startedAt < 15_000);
      assert.ok(process.memoryUsage().rss - before < 400 << 20);
    });
  }

  it('does no harm when it speaks another protocol', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.write('220 mail.example ESMTP\r\n'.repeat(1000));
    });
    const answers = await new ApiClient(await listen(server)).answers();
    assert.ok('unreachable' in answers);
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('is said not to be there when it is not', async () => {
    const answers = await new ApiClient('http://127.0.0.1:9').answers();
    assert.ok('unreachable' in answers);
    assert.match(answers.unreachable, /ECONNREFUSED|bad port/);
  });

  it('can be left at any time', async () => {
    const server = createHttpServer(() => undefined);
    const client = new ApiClient(await listen(server));
    await assert.rejects(client.answers(AbortSignal.timeout(100)), { code: 'cancelled' });
    server.closeAllConnections();
    server.close();
  });
});
