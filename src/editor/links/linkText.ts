import { isPostgresPath, plainPostgresPath } from '../../core/db/postgresUrl.ts';
import { anyPhase, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import { contextual, t } from '../../core/text/l10n.ts';

/** What a link leads to in a database. */
export type LinkTarget =
  | { readonly kind: 'runs'; readonly filter: PhaseFilter | null }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'phase'; readonly runId: string; readonly phaseId: string }
  | { readonly kind: 'cluster'; readonly fingerprint: string }
  | { readonly kind: 'report' };

/** A link: what to show of which database; `null` for whatever is selected. */
export interface AutopackLink {
  readonly target: LinkTarget;
  /** Absolute. */
  readonly database: string | null;
}

/** Path and query of a link's URI, not encoded. */
export interface LinkParts {
  readonly path: string;
  readonly query: string;
}

/** In UTF-16 units; nothing of ours is longer. */
const longestPart = 4000;
const longestList = 50;

/** Path and query of a link; the inverse of {@link parseLink}. */
export function formatLink({ target, database }: AutopackLink): LinkParts {
  const query = new URLSearchParams();
  if (target.kind === 'runs' && target.filter !== null) {
    const { states, text, categories, complexities } = target.filter;
    for (const state of states) query.append('state', state);
    if (text !== '') query.set('text', text);
    for (const category of categories) query.append('category', category);
    for (const complexity of complexities) query.append('complexity', complexity);
  }
  if (database !== null) query.set('database', database);
  return { path: pathOf(target), query: query.toString() };
}

function pathOf(target: LinkTarget): string {
  const parts: Readonly<Record<LinkTarget['kind'], () => readonly string[]>> = {
    runs: () => ['runs'],
    run: () => (target.kind === 'run' ? ['run', target.runId] : []),
    phase: () => (target.kind === 'phase' ? ['run', target.runId, 'phase', target.phaseId] : []),
    cluster: () => (target.kind === 'cluster' ? ['failure', target.fingerprint] : []),
    report: () => ['report'],
  };
  return `/${parts[target.kind]().map(encodeURIComponent).join('/')}`;
}

/** What a link says; `null` where it is none of ours, whoever made it. */
export function parseLink({ path, query }: LinkParts): AutopackLink | null {
  if (path.length > longestPart || query.length > longestPart) return null;
  const parts = decodedParts(path);
  const values = new URLSearchParams(query);
  const database = values.get('database');
  if (parts === null || (database !== null && !isLocalPath(database) && !isWithoutPassword(database)))
    return null;
  const target = targetOf(parts, values);
  return target === null ? null : { target, database };
}

function decodedParts(path: string): readonly string[] | null {
  try {
    const parts = path
      .replace(/^\//, '')
      .split('/')
      .map((part) => decodeURIComponent(part));
    return parts.some((part) => part === '' || part.includes('\0')) ? null : parts;
  } catch {
    return null;
  }
}

/** The path of a PostgreSQL database; a link that holds a password is none of ours. */
function isWithoutPassword(path: string): boolean {
  try {
    return isPostgresPath(path) && plainPostgresPath(path) === path;
  } catch {
    return false;
  }
}

/** Of this machine: a path of another would call it, and a relative one depends on who asks. */
function isLocalPath(path: string): boolean {
  if (path.includes('\0') || path.startsWith('//') || path.startsWith('\\\\')) return false;
  return path.startsWith('/') || /^[a-z]:[\\/](?![\\/])/i.test(path);
}

function targetOf(parts: readonly string[], values: URLSearchParams): LinkTarget | null {
  const [kind, id, below, phaseId, ...others] = parts;
  if (others.length > 0) return null;
  if (kind === 'runs' && id === undefined) return { kind, filter: filterOf(values) };
  if (kind === 'report' && id === undefined) return { kind };
  if (id === undefined) return null;
  if (kind === 'failure' && below === undefined) return { kind: 'cluster', fingerprint: id };
  if (kind !== 'run') return null;
  if (below === undefined) return { kind, runId: id };
  return below === 'phase' && phaseId !== undefined ? { kind: 'phase', runId: id, phaseId } : null;
}

function filterOf(values: URLSearchParams): PhaseFilter | null {
  const list = (name: string): string[] => values.getAll(name).slice(0, longestList);
  const filter = {
    states: list('state'),
    text: values.get('text') ?? '',
    categories: list('category'),
    complexities: list('complexity'),
  };
  return JSON.stringify(filter) === JSON.stringify(anyPhase) ? null : filter;
}

/** What a link leads to, in words, as part of a sentence. */
export function linkLabel(target: LinkTarget): string {
  switch (target.kind) {
    case 'runs':
      return contextual('link')`runs`;
    case 'run':
      return contextual('link')`the run ${target.runId}`;
    case 'phase':
      return contextual('link')`the phase ${target.phaseId} of ${target.runId}`;
    case 'cluster':
      return t`phases that failed alike`;
    case 'report':
      return t`the telemetry report`;
  }
}
