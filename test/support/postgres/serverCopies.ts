import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PostgresServer, users } from './postgresServer.ts';

const run = promisify(execFile);

/** Another server with a copy of the data of a running one: the same system identifier, on a port of its own. */
export async function cloneOf(server: PostgresServer): Promise<PostgresServer> {
  return startCopy(server, false);
}

/** A server that follows another by replication, and can only be read until it is promoted. */
export async function standbyOf(server: PostgresServer): Promise<PostgresServer> {
  return startCopy(server, true);
}

/** Waits until a standby has everything that its primary has committed. */
export async function caughtUp(standby: PostgresServer, primary: PostgresServer): Promise<void> {
  const [now] = await primary.query<{ at: string }>('postgres', 'SELECT pg_current_wal_lsn()::text AS at');
  for (;;) {
    const sql = 'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS done';
    const [replayed] = await standby.query<{ done: boolean }>('postgres', sql, [now?.at]);
    if (replayed?.done === true) return;
    await wait(20);
  }
}

async function startCopy(server: PostgresServer, isStandby: boolean): Promise<PostgresServer> {
  const source = `host=${server.folder} port=${server.port} user=${users.superuser.name}`;
  return PostgresServer.start({
    version: server.version < 16 ? 15 : 'newest',
    settings: isStandby ? { primary_conninfo: source } : {},
    fill: async (dataFolder) => {
      await copyData(server, dataFolder);
      if (isStandby) await writeFile(join(dataFolder, 'standby.signal'), '');
    },
  });
}

/** A base backup by the server's low-level API: https://www.postgresql.org/docs/current/continuous-archiving.html */
async function copyData(server: PostgresServer, dataFolder: string): Promise<void> {
  await server.withClient('postgres', async (client) => {
    await client.query(`SELECT pg_backup_start('copy', true)`);
    // Files come and go while they are copied; what matters is in the log of changes.
    await run('cp', ['-a', server.dataFolder, dataFolder]).catch(() => undefined);
    const { rows } = await client.query<{ label: string }>(
      'SELECT labelfile AS label FROM pg_backup_stop(false)',
    );
    await run('cp', ['-a', join(server.dataFolder, 'pg_wal'), dataFolder]);
    await writeFile(join(dataFolder, 'backup_label'), rows[0]?.label ?? '');
  });
  for (const file of ['postmaster.pid', 'postmaster.opts']) await rm(join(dataFolder, file), { force: true });
}
