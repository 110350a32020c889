import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { UserFacingError } from '../../core/errors.ts';
import { resolveDatabaseLocation } from './resolveDatabaseLocation.ts';

/** Something that says which database is meant, and what that comes to. */
export interface DatabaseUrlSource {
  readonly origin:
    | { readonly kind: 'environment' }
    /** The absolute path of the `.env` file. */
    | { readonly kind: 'dotenv'; readonly file: string };
  /** The folder that a relative URL was resolved against; absolute. */
  readonly baseFolder: string;
  readonly target:
    | { readonly kind: 'file'; readonly path: string; readonly exists: boolean }
    /** The URL names no SQLite file. It is not repeated, since it may hold a password. */
    | { readonly kind: 'invalid'; readonly error: UserFacingError };
}

/** Where to look for `DATABASE_URL`. */
export interface DatabaseUrlPlaces {
  /** Workspace folders, absolute; each may hold a `.env`. The first is the base of a relative URL in the environment. */
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Other files of that kind, absolute, and the folders that relative URLs in them are resolved against. */
  readonly dotenvFiles?: readonly { readonly file: string; readonly baseFolder: string }[];
}

const variable = 'DATABASE_URL';

/** What `DATABASE_URL` says in the environment and in the `.env` of each folder. A `.env` that cannot be read says nothing. */
export async function databaseUrlSources({
  folders,
  environment,
  dotenvFiles = [],
}: DatabaseUrlPlaces): Promise<DatabaseUrlSource[]> {
  const [firstFolder] = folders;
  const usual = folders.map((baseFolder) => ({ file: join(baseFolder, '.env'), baseFolder }));
  const sources = [...usual, ...dotenvFiles].map(async ({ file, baseFolder }) => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return sourceOf({ kind: 'dotenv', file }, parse(text)[variable], baseFolder);
  });
  if (firstFolder !== undefined) {
    sources.unshift(sourceOf({ kind: 'environment' }, environment[variable], firstFolder));
  }
  return (await Promise.all(sources)).filter((source) => source !== null);
}

async function sourceOf(
  origin: DatabaseUrlSource['origin'],
  url: string | undefined,
  baseFolder: string,
): Promise<DatabaseUrlSource | null> {
  if (url === undefined || url.trim() === '') return null;
  try {
    const path = resolveDatabaseLocation(url, baseFolder);
    return { origin, baseFolder, target: { kind: 'file', path, exists: await isFile(path) } };
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    return { origin, baseFolder, target: { kind: 'invalid', error } };
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
