import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { parsePostgresUrl } from '../../../../src/core/db/postgresUrl.ts';
import { PostgresConnection } from '../../../../src/node/postgres/connection.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';

/** A message of the protocol (postgresql.org/docs/current/protocol-message-formats.html). */
function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const int32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const value = Buffer.alloc(1 << 20, 'x');
const row = message('D', bytes(0, 1), int32(value.length), value);
const column = message('T', bytes(0, 1), Buffer.from('a\0'), Buffer.alloc(18));
const copy = message('H', bytes(0, 0, 1, 0, 0));

/** Answers a question with `chunk` again and again, as long as anybody listens; without one, with nothing. */
function endless(start: Buffer, chunk: Buffer): Server {
  return createServer({ allowHalfOpen: true }, (socket: Socket) => {
    socket.on('error', () => undefined);
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]));
      socket.once('data', () => {
        socket.write(start);
        if (chunk.length === 0) return;
        socket.on('drain', pour);
        pour();
      });
    });
  });
}

describe('the answers of a hostile server', function () {
  this.timeout(30_000);
  let server: Server | null = null;
  afterEach(() => server?.close());

  async function connect(start: Buffer, chunk: Buffer): Promise<PostgresConnection> {
    const listening = endless(start, chunk);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo;
    const url = `postgresql://me@127.0.0.1:${port}/x?sslmode=disable`;
    const { location } = parsePostgresUrl(url, { user: '' });
    return PostgresConnection.open({ location, password: null }, { isReadOnly: true });
  }

  it('end where rows have no end', async () => {
    const connection = await connect(column, row);
    await rejectsWith('unreadable', connection.rows('SELECT 1'));
    assert.equal(connection.isOpen, false);
  });

  it('are not waited for for ever where the network swallows everything', async () => {
    const connection = await connect(Buffer.alloc(0), Buffer.alloc(0));
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const begun = connection.begin({ isReadOnly: true });
      mock.timers.tick(80_000);
      await rejectsWith('unreachable', begun);
    } finally {
      mock.timers.reset();
    }
    assert.equal(connection.isOpen, false);
  });

  it('need no end of its connection for one to end here', async () => {
    const connection = await connect(Buffer.alloc(0), Buffer.alloc(0));
    await connection.close();
  });

  it('end where a copied value has no end', async () => {
    const connection = await connect(copy, message('d', value));
    await rejectsWith(
      'unreadable',
      connection.copy('SELECT 1', () => undefined),
    );
    assert.equal(connection.isOpen, false);
  });
});
