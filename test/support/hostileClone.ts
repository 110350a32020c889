import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { initDatabase, seedDatabase } from '../../src/core/seed/seedDatabase.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';

/** Where a hostile repository is made, and what it would like to get at. Absolute. */
export interface HostilePlaces {
  /** The clone itself; empty. */
  readonly clone: string;
  /** A folder of the user beside it. */
  readonly outside: string;
  /** A server that should never be called. */
  readonly serverUrl: string;
}

/** The database of the clone that can be shown, whatever is in it. */
export const hostileDatabase = 'hostile.db';

/** Fills a folder with everything a repository could plant against who opens it, all at once. */
export async function plantEverything(places: HostilePlaces): Promise<void> {
  const { clone, outside } = places;
  await mkdir(clone, { recursive: true });
  await mkdir(outside, { recursive: true });
  await writeFile(join(outside, 'notes.txt'), 'mine');
  await makeSeed(join(outside, 'real.db'));
  await plantDatabases(places);
  await plantFiles(places);
  await plantGit(places);
}

async function makeSeed(path: string): Promise<void> {
  const writer = new DatabaseWriter();
  await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
  await seedDatabase(writer, path, { now: Date.now() });
}

async function plantDatabases({ clone, outside }: HostilePlaces): Promise<void> {
  const path = join(clone, hostileDatabase);
  await makeSeed(path);
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const set = (column: string, value: string, index: number): void =>
    void database.prepare(`UPDATE phases SET ${column} = ? WHERE phase_index = ?`).run(value, index);
  set('description', '\n'.repeat(60_000), 0);
  set('state', '\n'.repeat(60_000), 1);
  set('name', 'A'.repeat(1_000_000), 2);
  set('last_failure_reason', '`*_[x](command:workbench.action.quit)'.repeat(50_000), 3);
  set('phase_id', '\u001b]0;owned\u0007\u202egnp.exe\u2066\u0000\u009b2J', 4);
  set('state', 'FAILED', 5);
  set('last_failure_reason', `${'a '.repeat(30_000)}\n`.repeat(20), 5);
  set('scope', '['.repeat(200_000), 6);
  set('task_category', '\u202e'.repeat(100_000), 7);
  database.exec(`CREATE TRIGGER t1 AFTER UPDATE ON phases BEGIN DELETE FROM runs; END;`);
  database.close();
  // Tables that never end, and a file that says it is larger than it is.
  const endless = new DatabaseSync(join(clone, 'endless.db'));
  endless.exec(`CREATE VIEW runs AS WITH RECURSIVE c(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM c) SELECT id, 'QUEUED' AS state, id AS created_at FROM c;
    CREATE VIEW phases AS SELECT id AS phase_id, id AS run_id, state FROM runs;`);
  endless.close();
  await copyFile(path, join(clone, 'lies.db'));
  const lies = await open(join(clone, 'lies.db'), 'r+');
  await lies.write(Buffer.from([0xff, 0xff, 0xff, 0xfe]), 0, 4, 28);
  await lies.close();
  await copyFile(path, join(clone, 'companions.db'));
  await symlink('/dev/zero', join(clone, 'companions.db-wal'));
  await symlink('/dev/ptmx', join(clone, 'companions.db-journal'));
  await symlink('/dev/zero', join(clone, 'zero.db'));
  await symlink('/dev/ptmx', join(clone, 'terminal.db'));
  execFileSync('mkfifo', [join(clone, 'pipe.db')]);
  await symlink(join(outside, 'real.db'), join(clone, 'linked.db'));
  await symlink('/', join(clone, 'everything'));
}

async function plantFiles({ clone, outside, serverUrl }: HostilePlaces): Promise<void> {
  await symlink('/dev/zero', join(clone, '.env'));
  await symlink('/dev/ptmx', join(clone, 'prod.env'));
  execFileSync('mkfifo', [join(clone, 'pipe.env')]);
  const sessions = join(clone, '.autonomous_runs', 'batch_drain_sessions');
  await mkdir(sessions, { recursive: true });
  const session = (number: number): string => join(sessions, `batch-drain-20260101-00000${number}.json`);
  await symlink('/dev/zero', session(1));
  await symlink('/dev/ptmx', session(2));
  execFileSync('mkfifo', [session(3)]);
  await symlink(join(outside, 'notes.txt'), session(4));
  await writeFile(session(5), `{"session_id": "${'x'.repeat(40_000_000)}`);
  await writeFile(session(6), '['.repeat(1_000_000));
  await mkdir(join(clone, '.autopack-hygiene'));
  await symlink('/dev/zero', join(clone, '.autopack-hygiene', 'pins.json'));
  await symlink(outside, join(clone, '.autopack-hygiene', 'backups'));
  await symlink('/dev/ptmx', join(clone, `${hostileDatabase}.drain-lock`));
  await symlink('/', join(clone, 'scripts'));
  const run = await program(join(clone, 'run.sh'), outside);
  await mkdir(join(clone, '.vscode'));
  const settings = {
    'autopackHygiene.apiServers': [serverUrl],
    'autopackHygiene.pythonInterpreter': run,
    'autopackHygiene.drain.executor': 'autopack',
    'autopackHygiene.drain.batchSize': 1e300,
    'autopackHygiene.reader.cacheMiB': 1e300,
    'autopackHygiene.terminals.useSelectedDatabase': true,
    'python.envFile': '${workspaceFolder}/prod.env',
    'python.defaultInterpreterPath': run,
    'terminal.integrated.env.linux': { DATABASE_URL: `sqlite:///${join(outside, 'real.db')}` },
    'git.path': run,
  };
  await writeFile(join(clone, '.vscode', 'settings.json'), JSON.stringify(settings));
}

async function plantGit({ clone, outside }: HostilePlaces): Promise<void> {
  execFileSync('git', ['init', '--quiet'], { cwd: clone });
  const run = await program(join(clone, '.git', 'run.sh'), outside);
  const config = `[core]\n\tfsmonitor = ${run}\n\tpager = ${run}\n\thooksPath = ${clone}\n\tsshCommand = ${run}\n[diff]\n\texternal = ${run}\n[filter "x"]\n\tclean = ${run}\n`;
  await writeFile(join(clone, '.git', 'config'), config, { flag: 'a' });
  await writeFile(join(clone, '.gitattributes'), '* filter=x\n');
}

/** A program that leaves a trace outside where it is run. */
async function program(path: string, outside: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\necho ran >> '${join(outside, 'ran')}'\n`);
  await chmod(path, 0o755);
  return path;
}

/** What is in a folder, by path: kind, mode, size, time of change, and content or where a link leads. */
export async function contentOfFolder(folder: string): Promise<Readonly<Record<string, string>>> {
  const content: Record<string, string> = {};
  const visit = async (path: string): Promise<void> => {
    const stats = await lstat(path);
    const inside = stats.isDirectory() ? await readdir(path) : [];
    const held = stats.isSymbolicLink()
      ? await readlink(path)
      : stats.isFile()
        ? createHash('sha256')
            .update(await readFile(path))
            .digest('hex')
        : inside.sort().join();
    content[relative(folder, path)] = `${stats.mode} ${stats.ino} ${stats.size} ${stats.mtimeMs} ${held}`;
    for (const name of inside) await visit(join(path, name));
  };
  await visit(folder);
  return content;
}
