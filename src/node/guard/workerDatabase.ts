import { readlink, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PhaseWorker } from '../../core/identity/stalePhase.ts';
import { processExists } from '../drain/processMark.ts';
import { resolveDatabaseLocation } from '../environment/resolveDatabaseLocation.ts';
import { errnoCode } from '../files/fileError.ts';
import { fileIdOf } from '../files/fileId.ts';
import { longestOfSystem, readIfThere, readSmallFile } from '../files/regularFile.ts';

/**
 * `device:inode` of the database a program was given, empty where there is no such file, where it is on no SQLite
 * database or has ended; `undefined` where that cannot be told.
 */
export async function workerDatabase({ pid, database }: PhaseWorker): Promise<string | undefined> {
  const surroundings = await surroundingsOf(pid);
  if (surroundings === 'ended' || (surroundings === null && !processExists(pid))) return '';
  const own = await fileNamedBy(database ?? surroundings?.databaseUrl, surroundings?.folder);
  if (surroundings?.urlFile === undefined || database !== null) return own;
  // Which of the two it goes by depends on the version of Autopack.
  const text = await readIfThere(resolve(surroundings.folder, surroundings.urlFile), 16 * 1024, {
    followLinks: true,
  }).catch(() => '');
  if (text === null) return own;
  return (await fileNamedBy(text.trim(), surroundings.folder)) === own ? own : undefined;
}

async function fileNamedBy(
  given: string | undefined,
  folder: string | undefined,
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  if (/^(?!sqlite|file:)[a-z][\w+]*:\/\//i.test(given)) return '';
  const path = locate(given, folder);
  if (path === undefined) return undefined;
  return stat(path, { bigint: true }).then(fileIdOf, (error: unknown) =>
    ['ENOENT', 'ENOTDIR'].includes(errnoCode(error) ?? '') ? '' : undefined,
  );
}

interface Surroundings {
  readonly databaseUrl: string | undefined;
  /** A file with a URL, which newer versions of Autopack prefer; relative to `folder` or absolute. */
  readonly urlFile: string | undefined;
  readonly folder: string;
}

/** As Linux tells; `null` where nobody does, as of another user's programs. */
async function surroundingsOf(pid: number): Promise<Surroundings | 'ended' | null> {
  try {
    const environment = await readSmallFile(`/proc/${pid}/environ`, longestOfSystem);
    // What has ended and was not reaped yet has no environment left.
    if (environment === '') return 'ended';
    const databaseUrl = /(?:^|\0)DATABASE_URL=([^\0]+)/.exec(environment)?.[1];
    const urlFile = /(?:^|\0)DATABASE_URL_FILE=([^\0]+)/.exec(environment)?.[1];
    return { databaseUrl, urlFile, folder: await readlink(`/proc/${pid}/cwd`) };
  } catch {
    return null;
  }
}

/** The path that is meant; `undefined` where that depends on what is not known. */
function locate(given: string, folder: string | undefined): string | undefined {
  try {
    if (folder !== undefined) return resolveDatabaseLocation(given, folder);
    const here = process.cwd();
    const path = resolveDatabaseLocation(given, here);
    // A relative one would lead elsewhere from there.
    return path === resolveDatabaseLocation(given, join(here, 'elsewhere')) ? path : undefined;
  } catch {
    return undefined;
  }
}
