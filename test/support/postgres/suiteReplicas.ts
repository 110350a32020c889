import { randomUUID } from 'node:crypto';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import type { NeededData, SyncedReplica } from '../../../src/node/postgres/replica.ts';
import { ReplicaStore } from '../../../src/node/postgres/replicaStore.ts';
import { ReplicaSync } from '../../../src/node/postgres/replicaSync.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { createAutopackTables } from './loadDatabase.ts';
import type { PostgresServer, User } from './postgresServer.ts';
import { addEvents, addRuns } from './replicaRows.ts';
import { postgresServer } from './usePostgres.ts';

type Sync = (events: NeededData['events'], signal?: AbortSignal, size?: boolean) => Promise<SyncedReplica>;

interface SuiteReplicas {
  readonly server: () => PostgresServer;
  /** Makes a database with 20 runs and some events on a server, the shared one unless told, and gives its name. */
  readonly makeDatabase: (on?: PostgresServer) => Promise<string>;
  /** A process of its own, as far as files and connections go, that keeps the replica of a database. */
  readonly replicaOf: (name: string, on?: PostgresServer, user?: User) => Sync;
  /** The same by a URL. */
  readonly replicaAt: (url: string) => Sync;
}

/** Databases on a server and replicas of them in one folder, for the tests of the running suite; closed after each test. */
export function suiteReplicas(): SuiteReplicas {
  const folder = temporaryFolder();
  const server = postgresServer();
  const open: ReplicaSync[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  const replicaAt = (url: string): Sync => {
    const { location, password } = parsePostgresUrl(url, { user: '' });
    const sync = new ReplicaSync(location.path, { store: new ReplicaStore(folder()) });
    open.push(sync);
    return (events, signal, size = false) => sync.sync(password, { events, size }, signal);
  };
  return {
    server,
    async makeDatabase(on = server()) {
      const name = await on.createDatabase(`replica-${randomUUID().slice(0, 8)}`);
      await on.withClient(name, async (client) => {
        await client.query(`SET TimeZone = 'UTC'`);
        await createAutopackTables(client);
        await client.query(addRuns(1, 20) + addEvents(50));
      });
      return name;
    },
    replicaOf: (name, on = server(), user = 'superuser') => replicaAt(on.url(name, user)),
    replicaAt,
  };
}
