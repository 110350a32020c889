import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPostgresPath, plainPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import type {
  DatabaseSource,
  SourceOrigin,
  SourceTarget,
  NamingVariable,
} from '../../core/identity/databaseSource.ts';
import { maskSecrets } from '../../core/text/maskSecrets.ts';
import {
  databaseUrlSources,
  sourceOf,
  resolveDatabaseLocation,
  type DatabaseUrlPlaces,
  type DatabaseUrlSource,
} from '../identity/databaseUrlSources.ts';
import { fileIdOf } from '../system/realPath.ts';

/** Something else that names a database, as path or URL. */
export interface OtherSource {
  readonly origin: SourceOrigin;
  readonly given: string;
  /** Set where `given` is the value of a variable, which may be the path of a file with the URL. */
  readonly variable?: NamingVariable;
  /** What a relative one is relative to; absolute. */
  readonly baseFolder?: string;
}

/** Where to look for sources. Folders and paths are absolute. */
export interface SourcePlaces {
  /** The workspace folders; the first is the base of relative URLs that have no folder of their own. */
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the person selected, if anything. */
  readonly selection: string | null;
  /** Other things that name a database, as path or URL: settings, new terminals. Relative to the first folder by default. */
  readonly others?: readonly OtherSource[];
  /** Files like `.env` besides those of the folders. */
  readonly dotenvFiles?: DatabaseUrlPlaces['dotenvFiles'];
  /** See `DatabaseUrlPlaces`. */
  readonly readsNamedFiles?: boolean;
}

/** How many of the last drain sessions of a folder are looked at. */
const sessionsLooked = 3;

/** Everything on this machine that says which database is meant, each resolved to a real file. API servers are asked elsewhere. */
export async function collectDatabaseSources(places: SourcePlaces): Promise<DatabaseSource[]> {
  const { folders, environment, selection, others = [], dotenvFiles = [], readsNamedFiles = true } = places;
  const [base = process.cwd()] = folders;
  const given: readonly OtherSource[] = [
    ...(selection === null ? [] : [{ origin: { kind: 'selection' } as const, given: selection }]),
    ...others,
  ];
  const [named, urls, sessions] = await Promise.all([
    Promise.all(given.map((each) => resolveSource(each, base, readsNamedFiles))),
    databaseUrlSources({ folders, environment, dotenvFiles, readsNamedFiles }),
    Promise.all(folders.map(recentSessions)),
  ]);
  return [...named, ...(await Promise.all(urls.map(ofVariable))), ...sessions.flat()];
}

async function ofVariable({
  origin,
  given,
  valueHash,
  target,
}: Omit<DatabaseUrlSource, 'origin'> & { readonly origin: SourceOrigin }): Promise<DatabaseSource> {
  const source = { origin, given, ...(valueHash === undefined ? {} : { valueHash }) };
  if (target.kind === 'file') return { ...source, target: await fileTarget(target.path) };
  return { ...source, target: { kind: 'invalid', message: target.error.message } };
}

/**
 * The file under an absolute path: real, with its `device:inode`, if it is there. A PostgreSQL database is known by its path
 * alone: no server is asked about it.
 */
async function fileTarget(path: string): Promise<SourceTarget> {
  if (isPostgresPath(path)) return { kind: 'file', path, fileId: plainPostgresPath(path) };
  try {
    const real = await realpath(path);
    return { kind: 'file', path: real, fileId: fileIdOf(await stat(real, { bigint: true })) };
  } catch {
    return { kind: 'file', path, fileId: null };
  }
}

async function resolveSource(
  { origin, given, variable, baseFolder }: OtherSource,
  base: string,
  readsNamedFiles: boolean,
): Promise<DatabaseSource> {
  if (variable !== undefined) {
    return ofVariable(await sourceOf(origin, variable, baseFolder ?? base, readsNamedFiles));
  }
  try {
    const path = resolveDatabaseLocation(given, baseFolder ?? base);
    return { origin, given: maskSecrets(given), target: await fileTarget(path) };
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    return { origin, given: null, target: { kind: 'invalid', message: error.message } };
  }
}

/** Where the last drains of a folder went. Autopack's own sessions do not say. */
async function recentSessions(folder: string): Promise<DatabaseSource[]> {
  const names = await readdir(join(folder, '.autonomous_runs', 'batch_drain_sessions')).catch(() => []);
  const ids = names.flatMap((name) => /^hygiene-(batch-drain-.+)\.json$/.exec(name)?.[1] ?? []);
  if (ids.length === 0) return [];
  const { SessionFiles } = await import('../drain/sessionStore.ts');
  const sessions = new SessionFiles(folder);
  const sources = ids
    .sort()
    .slice(-sessionsLooked)
    .map(async (sessionId): Promise<DatabaseSource | null> => {
      // A damaged session names nothing; who reads sessions says so.
      const { session, facts } = await sessions.load(sessionId).catch(() => ({ session: null, facts: null }));
      if (session === null || facts === null) return null;
      const origin = { kind: 'drain-session', sessionId, startedAt: Date.parse(session.started_at) } as const;
      return { origin, given: facts.databasePath, target: await fileTarget(facts.databasePath) };
    });
  return (await Promise.all(sources)).filter((each) => each !== null);
}
