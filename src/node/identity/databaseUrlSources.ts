import { closeSync, constants, existsSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { formatDatabaseUrl, isRelativeUrl, resolveDatabasePaths } from '../../core/db/databaseUrl.ts';
import type { PathStyle } from '../../core/db/pathStyle.ts';
import { isPostgresPath, isPostgresUrl, parsePostgresUrl } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import {
  namingVariables,
  type VariableOrigin,
  type NamingVariable,
} from '../../core/identity/databaseSource.ts';
import { dotenvValues, type Environment } from '../../core/identity/dotenvFile.ts';
import { t } from '../../core/text/l10n.ts';
import { maskSecrets } from '../../core/text/maskSecrets.ts';
import { passwordOf, rememberPassword } from '../postgres/passwords.ts';
import { postgresDefaults } from '../postgres/postgresDefaults.ts';
import { sha256Hex } from '../system/systemPorts.ts';
import { readIfThere, readSmallFile, openFlag } from '../system/regularFile.ts';

/** Something that says which database is meant, and what that comes to. */
export interface DatabaseUrlSource {
  readonly origin: VariableOrigin &
    (
      | { readonly kind: 'environment' }
      /** The absolute path of the `.env` file. */
      | { readonly kind: 'dotenv'; readonly file: string }
    );
  /** The folder that a relative URL was resolved against; absolute. */
  readonly baseFolder: string;
  /** As written, with secrets masked; `null` where it is not to be repeated. */
  readonly given: string | null;
  /** See `DatabaseSource`. */
  readonly valueHash?: string;
  readonly target: UrlTarget;
}

/** What the value of a variable comes to. */
export type UrlTarget =
  /** A file, or a PostgreSQL path, of which nobody knows here whether the server has it. */
  | { readonly kind: 'file'; readonly path: string; readonly exists: boolean }
  /** It names no database. */
  | { readonly kind: 'invalid'; readonly error: UserFacingError };

/** Where to look for variables that name a database. */
export interface DatabaseUrlPlaces {
  /** Workspace folders, absolute; each may hold a `.env`. The first is the base of a relative URL in the environment. */
  readonly folders: readonly string[];
  readonly environment: Environment;
  /** Other files of that kind, absolute, and the folders that relative URLs in them are resolved against. */
  readonly dotenvFiles?: readonly { readonly file: string; readonly baseFolder: string }[];
  /**
   * Whether a file is read that a `.env` names in `DATABASE_URL_FILE`; `true` by default. In an untrusted folder it could
   * be any file of the person's.
   */
  readonly readsNamedFiles?: boolean;
}

/** More than any such file holds, in bytes. */
const longestDotenv = 256 * 1024;
const longestUrlFile = 16 * 1024;
/** Where modules and scripts of Autopack that call `load_dotenv()` lie, relative to its root: the search begins there. */
const loaders = [join('src', 'autopack'), 'scripts'];

/**
 * What names a database in the environment and in every `.env` that Autopack would load: `DATABASE_URL` in any case,
 * and `DATABASE_URL_FILE`, which newer versions prefer. A `.env` that cannot be read says nothing.
 */
export async function databaseUrlSources(places: DatabaseUrlPlaces): Promise<DatabaseUrlSource[]> {
  const { folders, environment, dotenvFiles = [], readsNamedFiles = true } = places;
  const [firstFolder] = folders;
  const usual = (await Promise.all(folders.map(dotenvFilesOf))).flat();
  const files = new Map([...usual, ...dotenvFiles].map((each) => [each.file, each]));
  const fromFiles = [...files.values()].map(async ({ file, baseFolder }) => {
    const text = await readSmallFile(file, longestDotenv, { followLinks: true }).catch(() => '');
    const variables = namingVariables(dotenvValues(text, environment), nativePathStyle);
    const origin = { kind: 'dotenv', file } as const;
    return Promise.all(variables.map((each) => sourceOf(origin, each, baseFolder, readsNamedFiles)));
  });
  const fromEnvironment =
    firstFolder === undefined
      ? []
      : namingVariables(Object.entries(environment), nativePathStyle).map((each) =>
          sourceOf({ kind: 'environment' }, each, firstFolder, true),
        );
  return [...(await Promise.all(fromEnvironment)), ...(await Promise.all(fromFiles)).flat()];
}

/** What a variable's value comes to; `readsFile` as in {@link DatabaseUrlPlaces}. */
export async function sourceOf<const O extends object>(
  origin: O,
  { name, kind, value }: NamingVariable,
  baseFolder: string,
  readsFile: boolean,
): Promise<Omit<DatabaseUrlSource, 'origin'> & { readonly origin: O & VariableOrigin }> {
  const named = { ...origin, ...(name === 'DATABASE_URL' ? {} : { variable: name }) };
  if (kind === 'url') {
    return {
      origin: named,
      baseFolder,
      given: maskSecrets(value),
      valueHash: sha256Hex(withoutPassword(value)),
      target: await targetOf(value, baseFolder),
    };
  }
  // Autopack takes it relative to the folder it is started in.
  const urlFile = isAbsolute(value) ? value : join(baseFolder, value);
  const url = readsFile ? await urlIn(urlFile) : untrusted();
  const isUrl = typeof url === 'string';
  return {
    origin: { ...named, urlFile },
    baseFolder,
    given: isUrl ? maskSecrets(url) : null,
    ...(readsFile ? { valueHash: sha256Hex(`${urlFile}\n${isUrl ? withoutPassword(url) : ''}`) } : {}),
    target: isUrl ? await targetOf(url, baseFolder) : { kind: 'invalid', error: url },
  };
}

/** The files that Autopack's `load_dotenv()` and settings class find for a repository or any other folder. */
async function dotenvFilesOf(folder: string): Promise<{ file: string; baseFolder: string }[]> {
  const own = { file: join(folder, '.env'), baseFolder: folder };
  const found = loaders.map(async (loader) => {
    const start = join(folder, loader);
    const isThere = await stat(start).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    return isThere ? firstDotenv(start) : null;
  });
  const files = (await Promise.all(found)).filter((file) => file !== null && file !== own.file);
  return [own, ...[...new Set(files)].map((file) => ({ file: file ?? own.file, baseFolder: folder }))];
}

/** As python-dotenv's `find_dotenv()` searches: up to the root of the file system. */
async function firstDotenv(start: string): Promise<string | null> {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, '.env');
    if (await isFile(file)) return file;
    if (dirname(folder) === folder) return null;
  }
}

async function targetOf(url: string, baseFolder: string): Promise<UrlTarget> {
  try {
    const path = resolveDatabaseLocation(url, baseFolder);
    return { kind: 'file', path, exists: isPostgresPath(path) || (await isFile(path)) };
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    return { kind: 'invalid', error };
  }
}

/** The URL in a file as Autopack reads it; or why there is none, in words that repeat nothing of its content. */
async function urlIn(file: string): Promise<string | UserFacingError> {
  let text: string | null;
  try {
    text = await readIfThere(file, longestUrlFile, { followLinks: true });
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    return error;
  }
  if (text === null) return noUrl(t`There is no such file, so Autopack passes it over.`);
  const url = text.trim();
  if (url === '') return noUrl(t`The file is empty, at which Autopack stops.`);
  return /^[a-z][\w+.-]*:/i.test(url) ? url : noUrl(t`The file holds no URL.`);
}

function noUrl(message: string): UserFacingError {
  return new UserFacingError(
    'invalid-url',
    message,
    t`Unset the variable, or write a sqlite:/// URL into the file.`,
  );
}

function untrusted(): UserFacingError {
  return new UserFacingError(
    'untrusted-workspace',
    t`The file is not read in an untrusted workspace.`,
    t`Trust the workspace to have it read.`,
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** Whose path rules hold on this machine. */
export const nativePathStyle: PathStyle = process.platform === 'win32' ? 'win32' : 'posix';

/** More than Autopack's module ever had, in bytes. */
const longestModule = 512 * 1024;

/** What may be kept as a hash: a password that is short could be guessed from one. */
function withoutPassword(value: string): string {
  return isPostgresUrl(value) ? maskSecrets(value) : value;
}

/** The path of a PostgreSQL database. Its password, if it has one, is kept for who connects, unless one is known already. */
function namedPostgresPath(url: string): string {
  const { location, password } = parsePostgresUrl(url, postgresDefaults());
  if (password !== null && passwordOf(location.path) === null) rememberPassword(location.path, password);
  return location.path;
}

/**
 * The absolute path that a path or `sqlite:///` URL means, relative ones against `baseFolder` (absolute); a relative URL
 * below Autopack's repository means its root, see {@link baseOfRelativeUrl}.
 * Where versions of SQLAlchemy read the URL differently, the reading whose file exists is meant. Of a PostgreSQL URL, the
 * path that stands for its database, without the password.
 * Throws `invalid-url`, also when that does not decide it.
 */
export function resolveDatabaseLocation(given: string, baseFolder: string): string {
  if (isPostgresUrl(given)) return namedPostgresPath(given);
  const base = isRelativeUrl(given, nativePathStyle) ? baseOfRelativeUrl(baseFolder) : baseFolder;
  const paths = resolveDatabasePaths(given, base, nativePathStyle, realFolder);
  const [first, second] = paths.length === 1 ? paths : paths.filter((path) => existsSync(path));
  if (first !== undefined && second === undefined) return first;
  throw new UserFacingError(
    'invalid-url',
    t`The URL holds percent escapes, which SQLAlchemy 2.0 takes literally and 2.1 decodes: it names ${paths.join(t` or `)}.`,
    t`Give the path itself, or a URL without escapes such as ${formatDatabaseUrl(paths.at(-1) ?? given)}.`,
  );
}

/**
 * The folder that Autopack takes a relative URL to start from when it is run in `folder` (absolute): since the end of
 * December 2025 the root of its repository, however deep below it; before that, and elsewhere, the folder itself.
 */
export function baseOfRelativeUrl(folder: string): string {
  for (let root = folder; ; root = dirname(root)) {
    const module = join(root, 'src', 'autopack', 'config.py');
    if (isRegularFile(module)) return root !== folder && resolvesAtRoot(module) ? root : folder;
    if (dirname(root) === root) return folder;
  }
}

/** Its `get_database_url()` climbs from its own file to the root: `Path(__file__).resolve().parents[2]`. */
function resolvesAtRoot(module: string): boolean {
  const buffer = Buffer.alloc(longestModule);
  try {
    const descriptor = openSync(module, constants.O_RDONLY | openFlag('O_NONBLOCK') | openFlag('O_NOFOLLOW'));
    try {
      return buffer.toString('utf8', 0, readSync(descriptor, buffer)).includes('.parents[2]');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

/** No link, which could lead to a device that never answers. */
function isRegularFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

/** A folder that is not there leads nowhere else. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
