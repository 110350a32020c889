import { skipBecause } from '../skipBecause.ts';
import { NoServerError, PostgresServer, type ServerOptions } from './postgresServer.ts';

/** Servers of this process, which its test files share. */
const running = new Map<string, Promise<PostgresServer>>();

type SharedOptions = Pick<ServerOptions, 'version' | 'tls'>;

/**
 * A PostgreSQL server for the tests of the running suite, which is skipped where none can be started. It is shared with the
 * other files of the process: use a database of another name in each, and put back what you change of the server.
 */
export function postgresServer(options: SharedOptions = {}): () => PostgresServer {
  let server: PostgresServer | null = null;
  before(async function () {
    this.timeout(60_000);
    server = await orSkip(this, sharedServer(options));
  });
  return () => {
    if (server === null) throw new Error('The server is not started yet.');
    return server;
  };
}

/** A server that no other suite uses, stopped after this one. */
export function ownPostgresServer(options: ServerOptions = {}): () => PostgresServer {
  let server: PostgresServer | null = null;
  before(async function () {
    this.timeout(60_000);
    server = await orSkip(this, PostgresServer.start(options));
  });
  after(() => server?.stop());
  return () => {
    if (server === null) throw new Error('The server is not started yet.');
    return server;
  };
}

function sharedServer(options: SharedOptions): Promise<PostgresServer> {
  const key = JSON.stringify([options.version ?? 'newest', options.tls ?? false]);
  const known = running.get(key) ?? PostgresServer.start(options);
  running.set(key, known);
  return known;
}

async function orSkip(context: Mocha.Context, starting: Promise<PostgresServer>): Promise<PostgresServer> {
  try {
    return await starting;
  } catch (error) {
    if (error instanceof NoServerError) skipBecause(context, error.message);
    throw error;
  }
}
