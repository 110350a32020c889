import { formatDatabaseUrl } from '../db/databaseUrl.ts';
import { isPostgresPath, isThisMachine, postgresLocation, postgresTitle } from '../db/postgresUrl.ts';
import { t } from '../text/l10n.ts';
import type { DatabaseSource, SourceOrigin, VariableOrigin } from './databaseSource.ts';
import type { Fix } from './fix.ts';

/** How a source compares with the selected database. */
export interface SourceDrift {
  readonly source: DatabaseSource;
  /** `unselected`: nothing is selected to compare with. */
  readonly state: 'same' | 'differs' | 'missing' | 'invalid' | 'unknown' | 'unselected';
  /** One sentence. */
  readonly message: string;
  /** The first is the usual one; none where all is well, or where nothing can be done (a session of the past). */
  readonly fixes: readonly Fix[];
}

/** Compares every source with the selection among them, by the files they come to and not by their names. */
export function drift(sources: readonly DatabaseSource[]): SourceDrift[] {
  const selection = sources.find(({ origin }) => origin.kind === 'selection')?.target;
  const selected = selection?.kind === 'file' ? selection : null;
  return sources.map((source) => compare(source, selected));
}

/** Whether a source contradicts the selection, so that work could go to another database. */
export function isDrifting({ state, source }: SourceDrift): boolean {
  // A session is history: it says where work went, not where it will go.
  if (source.origin.kind === 'drain-session') return false;
  return state === 'differs' || state === 'missing' || state === 'invalid';
}

const namingKinds: ReadonlySet<string> = new Set(['environment', 'dotenv', 'setting', 'terminals']);

/**
 * What is to be said where a database of a server is selected (by its path) and nothing names any: Autopack takes its
 * default then, which is one of a server, too. `null` where there is nothing to say.
 */
export function unnamedText(path: string, compared: readonly SourceDrift[]): string | null {
  if (!isPostgresPath(path) || compared.some(({ source }) => namingKinds.has(source.origin.kind)))
    return null;
  return t`DATABASE_URL is not set here: an Autopack that is started here takes its default, not ${postgresTitle(path)}.`;
}

/** A source in words: `DATABASE_URL in /repo/.env`. */
export function originText(origin: SourceOrigin): string {
  switch (origin.kind) {
    case 'selection':
      return t`the selection`;
    case 'setting':
      return t`${variableText(origin)} in the setting ${origin.name}`;
    case 'dotenv':
      return t`${variableText(origin)} in ${origin.file}`;
    case 'environment':
      return t`${variableText(origin)} in the environment`;
    case 'terminals':
      return t`DATABASE_URL of new terminals`;
    case 'api-server':
      return t`the API server ${origin.url}`;
    case 'drain-session':
      return t`the drain session ${origin.sessionId}`;
  }
}

/** `DATABASE_URL`, or `DATABASE_URL_FILE (/run/secrets/url)`. */
export function variableText({ variable = 'DATABASE_URL', urlFile }: VariableOrigin): string {
  return urlFile === undefined ? variable : `${variable} (${urlFile})`;
}

type SelectedFile = Extract<DatabaseSource['target'], { kind: 'file' }>;

function compare(source: DatabaseSource, selected: SelectedFile | null): SourceDrift {
  const { target } = source;
  const text = originText(source.origin);
  // The name of a variable is written as it is.
  const name = 'variable' in source.origin ? text : sentenceStart(text);
  const fixes = selected === null ? [] : fixesOf(source, selected);
  const found = (state: SourceDrift['state'], message: string): SourceDrift => ({
    source,
    state,
    message,
    fixes: state === 'same' || state === 'unselected' ? [] : fixes,
  });
  if (target.kind === 'invalid') return found('invalid', t`${name} names no database: ${target.message}`);
  if (target.kind === 'server') {
    const state = target.verdict === 'different' ? 'differs' : target.verdict;
    return found(state, serverText(name, target.verdict, target.evidence));
  }
  if (target.fileId === null)
    return found('missing', t`${name} names ${target.path}, and there is no such file.`);
  if (selected === null) return found('unselected', t`${name} names ${target.path}.`);
  const difference = differenceText(target, selected);
  if (difference === null) return found('same', t`${name} names the selected database.`);
  return found('differs', t`${name} names ${difference}.`);
}

/** What a source names instead of the selected database; `null` where it is the same. */
function differenceText(target: SelectedFile, selected: SelectedFile): string | null {
  if (target.fileId === selected.fileId) return null;
  const [isServer, wasServer] = [isPostgresPath(target.path), isPostgresPath(selected.path)];
  if (!isServer && !wasServer) return t`another file: ${target.path}, not ${selected.path}`;
  if (!wasServer)
    return t`a PostgreSQL database, ${postgresTitle(target.path)}, and the selected one is the SQLite file ${selected.path}`;
  if (!isServer)
    return t`the SQLite file ${target.path}, and the selected database is PostgreSQL, ${postgresTitle(selected.path)}`;
  return serverDifference(target.path, selected.path);
}

function serverDifference(target: string, selected: string): string | null {
  const [a, b] = [postgresLocation(target), postgresLocation(selected)];
  const hostOf = (host: string): string => (isThisMachine(host) ? 'localhost' : host);
  const titles = t`${postgresTitle(target)}, not ${postgresTitle(selected)}`;
  if (hostOf(a.host) !== hostOf(b.host) || a.port !== b.port)
    return t`a database on another server: ${titles}`;
  if (a.database !== b.database) return t`another database of the same server: ${titles}`;
  if (a.user !== b.user) return t`the selected database as another user: ${a.user}, not ${b.user}`;
  return null;
}

type ServerVerdict = Extract<DatabaseSource['target'], { kind: 'server' }>['verdict'];

function serverText(name: string, verdict: ServerVerdict, evidence: string): string {
  switch (verdict) {
    case 'same':
      return t`${name} has the selected database: ${evidence}`;
    case 'different':
      return t`${name} has another database: ${evidence}`;
    case 'unknown':
      return t`${name} does not tell which database it has: ${evidence}`;
  }
}

function fixesOf({ origin, target }: DatabaseSource, selected: SelectedFile): Fix[] {
  const databaseUrl = formatDatabaseUrl(selected.path);
  const select: Fix[] =
    target.kind === 'file' && target.fileId !== null ? [{ kind: 'select', path: target.path }] : [];
  if ('variable' in origin) return [unset(origin, origin.variable), ...select];
  switch (origin.kind) {
    case 'selection':
      return [{ kind: 'restore-backup' }, { kind: 'select-another' }];
    case 'drain-session':
      return select;
    case 'setting':
      return [{ kind: 'open-setting', name: origin.name, variable: 'DATABASE_URL', databaseUrl }, ...select];
    case 'dotenv':
      return [{ kind: 'write-dotenv', file: origin.file, databaseUrl }, ...select];
    case 'environment':
      return [{ kind: 'restart-with', databaseUrl }, ...select];
    case 'terminals':
      return [{ kind: 'new-terminal' }, ...select];
    case 'api-server': {
      if (target.kind === 'server' && target.isRefusing === true)
        return [{ kind: 'set-api-key', url: origin.url }];
      const restart: Fix = { kind: 'restart-server', url: origin.url, databaseUrl };
      // Somebody may have restarted it since the canary run.
      const mayTellMore =
        target.kind === 'server' && (target.verdict === 'unknown' || target.canary !== undefined);
      return mayTellMore ? [{ kind: 'ask-with-canary', url: origin.url }, restart] : [restart];
    }
  }
}

/** Beside `DATABASE_URL`, no other variable is needed. */
function unset(origin: Extract<SourceOrigin, VariableOrigin>, variable: string): Fix {
  switch (origin.kind) {
    case 'setting':
      return { kind: 'open-setting', name: origin.name, variable, databaseUrl: null };
    case 'dotenv':
      return { kind: 'comment-out', file: origin.file, variable };
    case 'environment':
      return { kind: 'unset', variable };
  }
}

function sentenceStart(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
