import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { type PostgresServer, users } from './postgresServer.ts';

/** A pooler between clients and a server. */
export interface TransactionPooler {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const startup = 196_608;
const sslRequest = 80_877_103;
/** The parameters of a start that PgBouncer takes. */
const known = new Set(['user', 'database', 'application_name', 'client_encoding']);

/**
 * What PgBouncer does in transaction mode, as far as a client can tell: each transaction is answered by another of two
 * connections of the superuser to one database, the process id told is none of the server's, and options are refused.
 */
export async function startTransactionPooler(
  server: PostgresServer,
  database: string,
): Promise<TransactionPooler> {
  const pool = [await PooledConnection.open(server, database), await PooledConnection.open(server, database)];
  const clients = new Set<Socket>();
  const listener = createServer((client) => {
    clients.add(client);
    client.on('error', () => undefined).on('close', () => clients.delete(client));
    serve(client, pool);
  });
  await new Promise<void>((resolve) => listener.listen(0, 'localhost', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    stop: async () => {
      for (const client of clients) client.destroy();
      for (const one of pool) one.socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function serve(client: Socket, pool: PooledConnection[]): void {
  let isStarted = false;
  let attached: PooledConnection | null = null;
  let asked = 0;
  const frames = new Frames(() => isStarted);
  const onAnswer = (frame: Buffer): void => {
    client.write(frame);
    if (frame[0] !== code('Z')) return;
    asked -= 1;
    if (asked > 0 || frame[5] !== code('I')) return;
    if (attached !== null) attached.onFrame = null;
    attached = null;
  };
  client.on('close', () => {
    if (attached === null) return;
    attached.onFrame = null;
    attached.socket.write(message('Q', text('ROLLBACK')));
  });
  client.on('data', (chunk) => {
    for (const frame of frames.add(chunk)) {
      if (!isStarted) {
        isStarted = begin(client, frame, pool[0]);
        continue;
      }
      if (frame[0] === code('X')) {
        client.end();
        continue;
      }
      if (attached === null) {
        attached = pool.find(({ onFrame }) => onFrame === null) ?? null;
        if (attached === null) throw new Error('Every connection of the pool is taken.');
        // The next transaction gets the other one.
        pool.push(...pool.splice(pool.indexOf(attached), 1));
        attached.onFrame = onAnswer;
      }
      if (frame[0] === code('Q') || frame[0] === code('S')) asked += 1;
      attached.socket.write(frame);
    }
  });
}

/** Answers what a client begins with; says whether it may ask now. */
function begin(client: Socket, frame: Buffer, server: PooledConnection | undefined): boolean {
  const version = frame.readInt32BE(4);
  if (version === sslRequest) {
    client.write('N');
    return false;
  }
  if (version !== startup) {
    client.destroy();
    return false;
  }
  const words = frame.toString('utf8', 8).split('\0');
  const unknown = words.find((word, index) => index % 2 === 0 && word !== '' && !known.has(word));
  if (unknown !== undefined) {
    const fields = [`SFATAL`, `VFATAL`, `C08P01`, `Munsupported startup parameter: ${unknown}`, ''];
    client.end(message('E', text(fields.join('\0'))));
    return false;
  }
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const key = message('K', Buffer.concat([number(99_999_999), number(1)]));
  client.write(
    Buffer.concat([
      message('R', number(0)),
      ...(server?.parameters ?? []),
      key,
      message('Z', Buffer.from('I')),
    ]),
  );
  return true;
}

/** A connection to the server, of which each answer goes to whoever asked. */
class PooledConnection {
  readonly socket: Socket;
  /** What the server says of itself at the start. */
  readonly parameters: Buffer[] = [];
  onFrame: ((frame: Buffer) => void) | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  static open({ folder, port }: PostgresServer, database: string): Promise<PooledConnection> {
    const own = new PooledConnection(connect(join(folder, `.s.PGSQL.${port}`)));
    const frames = new Frames(() => true);
    const content = Buffer.from(`user\0${users.superuser.name}\0database\0${database}\0\0`);
    const head = Buffer.alloc(8);
    head.writeInt32BE(8 + content.length);
    head.writeInt32BE(startup, 4);
    own.socket.write(Buffer.concat([head, content]));
    return new Promise((resolve, reject) => {
      own.socket.on('error', reject).on('data', (chunk) => {
        for (const frame of frames.add(chunk)) {
          if (frame[0] === code('S') && own.onFrame === null) own.parameters.push(frame);
          if (frame[0] === code('Z') && own.onFrame === null) resolve(own);
          own.onFrame?.(frame);
        }
      });
    });
  }
}

/** Cuts what arrives into messages: a letter but for the first of a client, a length, and the rest. */
class Frames {
  readonly #hasLetter: () => boolean;
  #rest: Buffer = Buffer.alloc(0);

  constructor(hasLetter: () => boolean) {
    this.#hasLetter = hasLetter;
  }

  *add(chunk: Buffer): Generator<Buffer> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const letter = this.#hasLetter() ? 1 : 0;
      if (this.#rest.length < 4 + letter) return;
      const length = letter + this.#rest.readInt32BE(letter);
      if (this.#rest.length < length) return;
      const frame = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      yield frame;
    }
  }
}

function message(letter: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(4 + content.length, 1);
  return Buffer.concat([head, content]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function code(letter: string): number {
  return letter.charCodeAt(0);
}
