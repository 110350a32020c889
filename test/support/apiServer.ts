import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';

/** A server under test: which file it really has, and under which URL it was told of it. */
export interface ApiServerOptions {
  readonly databasePath: string;
  /** Its raw `DATABASE_URL`; without it, it does not tell a database_identity. */
  readonly databaseUrl?: string;
  /** Answers every question with this status instead. */
  readonly failsWith?: number;
  /** Answers 401 to every question without this `Authorization` header, `/health` included. */
  readonly authorization?: string;
  /** Where it is mounted, such as `/api`; at `/` unless given. */
  readonly root?: string;
  /** Answers 403 to every question without this key, but for `/health`. */
  readonly apiKey?: string;
  /** What `/health` says besides. */
  readonly health?: Readonly<Record<string, unknown>>;
  /** Any free one unless given. */
  readonly port?: number;
  /** Called with each path that is asked, and with its whole URL. */
  readonly onRequest?: (path: string, url: string) => void;
}

/** A running server. */
export interface ApiServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A small API server on a real database, with the routes of Autopack: `/health`, `/runs`, `/runs/{id}`, `/phases`. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    options.onRequest?.(url.pathname, request.url ?? '/');
    const { root = '', authorization } = options;
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      send(response, 401, { detail: 'Unauthorized' });
      return;
    }
    if (!url.pathname.startsWith(`${root}/`)) {
      send(response, 404, { detail: 'Not Found' });
      return;
    }
    url.pathname = url.pathname.slice(root.length);
    const isWelcome =
      options.apiKey === undefined ||
      url.pathname === '/health' ||
      request.headers['x-api-key'] === options.apiKey;
    if (!isWelcome) send(response, 403, { detail: 'Invalid or missing API key. Set X-API-Key header.' });
    else if (options.failsWith === undefined) answer(url, options, response);
    else send(response, options.failsWith, { detail: 'unavailable' });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** {@link startApiServer} for the running suite: what a test has started is closed after it. */
export function suiteApiServers(): typeof startApiServer {
  const started: ApiServer[] = [];
  afterEach(async () => {
    for (const server of started.splice(0)) await server.close();
  });
  return async (options) => {
    const server = await startApiServer(options);
    started.push(server);
    return server;
  };
}

function answer(
  url: URL,
  { databasePath, databaseUrl, health }: ApiServerOptions,
  response: ServerResponse,
): void {
  const database = new DatabaseSync(databasePath, { readOnly: true });
  const rows = (sql: string, ...params: string[]): unknown[] => database.prepare(sql).all(...params);
  try {
    const [, collection = '', id] = url.pathname.split('/').map(decodeURIComponent);
    if (collection === 'health') {
      const identity = createHash('sha256')
        .update(databaseUrl ?? '')
        .digest('hex')
        .slice(0, 12);
      send(response, 200, {
        status: 'healthy',
        ...health,
        ...(databaseUrl === undefined ? {} : { database_identity: identity }),
      });
    } else if (collection === 'runs' && id === undefined) {
      const limit = url.searchParams.get('limit') ?? '10';
      send(
        response,
        200,
        rows('SELECT id, state, created_at FROM runs ORDER BY created_at DESC LIMIT ?', limit),
      );
    } else if (collection === 'runs') {
      const [run] = rows('SELECT id, state, created_at FROM runs WHERE id = ?', id ?? '');
      send(response, run === undefined ? 404 : 200, run ?? { detail: 'Run not found' });
    } else if (collection === 'phases') {
      const runId = url.searchParams.get('run_id') ?? '';
      send(response, 200, rows('SELECT phase_id, state, created_at FROM phases WHERE run_id = ?', runId));
    } else {
      send(response, 404, { detail: 'Not Found' });
    }
  } finally {
    database.close();
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
