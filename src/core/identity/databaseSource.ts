import type { PathStyle } from '../db/pathStyle.ts';

/** By which variable a place names a database. */
export interface VariableOrigin {
  /** Absent for `DATABASE_URL` itself. */
  readonly variable?: string;
  /** The file that holds the URL, where the variable names one; absolute. */
  readonly urlFile?: string;
}

/** Who says which database is meant. Paths are absolute. */
export type SourceOrigin =
  /** What the person selected: in the editor, or with `--database`. */
  | { readonly kind: 'selection' }
  | (VariableOrigin & { readonly kind: 'setting'; readonly name: string })
  | (VariableOrigin & { readonly kind: 'dotenv'; readonly file: string })
  /** The environment of the program that asks: the extension host, or the command line. */
  | (VariableOrigin & { readonly kind: 'environment' })
  /** What new terminals of the editor get. */
  | { readonly kind: 'terminals' }
  /** Without what is secret in its URL, see `serverAddress`. */
  | { readonly kind: 'api-server'; readonly url: string }
  | { readonly kind: 'drain-session'; readonly sessionId: string; readonly startedAt: number };

/** What a source comes to once everything in it is resolved. */
export type SourceTarget =
  | {
      readonly kind: 'file';
      /** Absolute and, where there is a file, real; or a PostgreSQL path. */
      readonly path: string;
      /** `device:inode`; `null` where there is no such file. Of a PostgreSQL database its path without parameters. */
      readonly fileId: string | null;
    }
  /** It names no SQLite file. What it does name is not repeated: it may hold a password. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** A server, which tells only whether it has the selected database; see `ApiVerdict`. */
  | {
      readonly kind: 'server';
      readonly verdict: 'same' | 'different' | 'unknown';
      readonly evidence: string;
      /** Set where it wants an API key: see `ApiVerdict`. */
      readonly isRefusing?: true;
      /** Set where a canary run decided: see `ApiVerdict`. */
      readonly canary?: { readonly askedAt: number; readonly age: string };
    };

/** A source, what is written there, and what that comes to. */
export interface DatabaseSource {
  readonly origin: SourceOrigin;
  /** As written, with secrets masked; `null` where it is not to be repeated. */
  readonly given: string | null;
  /** SHA-256 of the value of a variable as written, and of what the file says that it names; absent where that was not read. */
  readonly valueHash?: string;
  readonly target: SourceTarget;
}

/** A variable of an environment or of a `.env` file that can name Autopack's database. */
export interface NamingVariable {
  /** As written. */
  readonly name: string;
  /** `file`: the value is the path of a file that holds the URL. */
  readonly kind: 'url' | 'file';
  /** Not blank. */
  readonly value: string;
}

const urlVariable = 'DATABASE_URL';
const fileVariable = 'DATABASE_URL_FILE';

/** Variables that point git at another repository, index or configuration than the folder it is run in: `git rev-parse --local-env-vars`, and kin. */
const gitVariables =
  /^GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|QUARANTINE_PATH|NAMESPACE|PREFIX|INTERNAL_SUPER_PREFIX|IMPLICIT_WORK_TREE|GRAFT_FILE|SHALLOW_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|ATTR_SOURCE|DEFAULT_HASH|DEFAULT_REF_FORMAT|REFLOG_ACTION|PUSH_OPTION_.*|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|CONFIG_KEY_\d+|CONFIG_VALUE_\d+|(?:LITERAL|GLOB|NOGLOB|ICASE)_PATHSPECS|EXTERNAL_DIFF|DIFF_OPTS|OPTIONAL_LOCKS)$/;

/**
 * What names a database among some variables, in the order in which Autopack prefers it: since January 2026 it reads
 * `DATABASE_URL_FILE` first. Its settings class takes `DATABASE_URL` in any case; on Windows all names are alike.
 */
export function namingVariables(
  variables: Iterable<readonly [name: string, value: string | null | undefined]>,
  style: PathStyle,
): NamingVariable[] {
  const found: NamingVariable[] = [];
  for (const [name, value] of variables) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    if (isFileVariable(name, style)) found.push({ name, kind: 'file', value });
    else if (name.toUpperCase() === urlVariable) found.push({ name, kind: 'url', value });
  }
  return found.sort((a, b) => rank(a) - rank(b));
}

/** The value of a variable, whatever its case on Windows; `undefined` without it. */
export function environmentValue(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  style: PathStyle,
): string | undefined {
  if (Object.hasOwn(environment, name) || style === 'posix') return environment[name];
  return Object.entries(environment).find(([each]) => each.toUpperCase() === name)?.[1];
}

/**
 * What an environment must be given so that Autopack and whatever it starts work on one database only.
 *
 * `DATABASE_URL_FILE` is set to nothing instead of being left out: Autopack takes that for not set, and `load_dotenv()`,
 * which never overrides a variable that is there, cannot bring it back from a `.env`.
 */
export function databaseVariables(databaseUrl: string): Readonly<Record<string, string>> {
  return { [urlVariable]: databaseUrl, [fileVariable]: '' };
}

/**
 * Other spellings of those variables, for environments where a variable can be set but not removed. Autopack's
 * settings class takes the last spelling of `DATABASE_URL`, so all of them get the URL.
 */
export function otherSpellings(
  databaseUrl: string,
  inherited: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const values = databaseVariables(databaseUrl);
  const spellings = Object.keys(inherited).filter(
    (name) => name.toUpperCase() in values && !(name in values),
  );
  return Object.fromEntries(spellings.map((name) => [name, values[name.toUpperCase()] ?? '']));
}

/** An environment without any variable that names a database, a repository of git, or one of `others` (in upper case). */
export function withoutSelectors(
  inherited: Readonly<Record<string, string | undefined>>,
  others: readonly string[],
  style: PathStyle,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    const upper = name.toUpperCase();
    const known = style === 'win32' ? upper : name;
    const isDropped =
      upper === urlVariable || upper === fileVariable || others.includes(known) || gitVariables.test(known);
    if (value !== undefined && !isDropped) result[name] = value;
  }
  return result;
}

function isFileVariable(name: string, style: PathStyle): boolean {
  return (style === 'win32' ? name.toUpperCase() : name) === fileVariable;
}

function rank({ name, kind }: NamingVariable): number {
  if (kind === 'file') return 0;
  return name === urlVariable ? 1 : 2;
}

/** What the variables of an editor's settings stand for. Paths are absolute. */
export interface EditorVariables {
  readonly workspaceFolder: string | null;
  /** Folders of the window by their names. */
  readonly namedFolders: ReadonlyMap<string, string>;
  readonly userHome: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Puts values in the place of `${workspaceFolder}`, `${workspaceFolder:name}`, `${userHome}` and `${env:NAME}`, as VS Code
 * does it in settings (code.visualstudio.com/docs/reference/variables-reference). Others stay as they are.
 */
export function resolveVariables(text: string, variables: EditorVariables): string {
  return text.replaceAll(/\$\{(\w+)(?::([^}]*))?\}/g, (whole, name: string, argument?: string) => {
    switch (name) {
      case 'workspaceFolder':
        return (
          (argument === undefined ? variables.workspaceFolder : variables.namedFolders.get(argument)) ?? whole
        );
      case 'userHome':
        return variables.userHome;
      case 'env':
        return variables.environment[argument ?? ''] ?? '';
      default:
        return whole;
    }
  });
}
