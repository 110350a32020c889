import * as vscode from 'vscode';
import { isPostgresPath, postgresLocation } from '../../core/db/postgresUrl.ts';
import type { UserFacingError } from '../../core/errors.ts';
import { roleMark } from '../../core/identity/roleText.ts';
import { levelNames } from '../../core/model/protectionLevel.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { formatMinute } from '../../core/text/times.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { parentFolder } from '../../core/db/pathParts.ts';
import { identityCautions, type DatabaseCandidate } from './databaseCandidate.ts';

/** What choosing an item does. */
export type PickAction =
  | { readonly kind: 'select'; readonly path: string }
  | { readonly kind: 'browse' }
  | { readonly kind: 'connect' }
  | { readonly kind: 'create' }
  | { readonly kind: 'explain'; readonly error: UserFacingError };

/** An item of the Select Database pick; separators have no action. */
export interface DatabasePickItem extends vscode.QuickPickItem {
  readonly action?: PickAction;
  /** A database that may be chosen by Enter alone: adopted, and no copy as far as can be told. */
  readonly isSound?: boolean;
}

/** How paths are shown: relative to their folder. */
export type ShortenPath = (path: string) => string;

/** Something that names a database, but no SQLite file. */
export interface NamedProblem {
  readonly namedBy: string;
  readonly error: UserFacingError;
}

/** What the items are made from. */
export interface PickContent {
  readonly candidates: readonly DatabaseCandidate[];
  readonly problems: readonly NamedProblem[];
  /** Absolute path of what is selected now. */
  readonly selected: string | undefined;
  readonly shorten: ShortenPath;
  /** Whether databases can be connected to and made as well. */
  readonly offersMore: boolean;
}

/** All items in order: Autopack databases, newest first; what is still looked at; other files; and two ways out. */
export function databasePickItems({
  candidates,
  problems,
  selected,
  shorten,
  offersMore,
}: PickContent): DatabasePickItem[] {
  const cautions = identityCautions(candidates);
  const item = (candidate: DatabaseCandidate): DatabasePickItem =>
    candidateItem(candidate, cautions.get(candidate.path), selected, shorten);
  const byPath = [...candidates].sort((a, b) => a.path.localeCompare(b.path));
  const autopack = byPath
    .filter(({ look }) => look.kind === 'autopack')
    .sort((a, b) => modifiedAt(b) - modifiedAt(a));
  const looking = byPath.filter(({ look }) => look.kind === 'looking');
  const others = byPath.filter(({ look }) => look.kind === 'other');
  const missing = byPath.filter(({ look }) => look.kind === 'missing');
  return [
    ...group(t`Autopack databases`, autopack.map(item)),
    ...group(t`Checking…`, looking.map(item)),
    ...group(missing.some(({ path }) => isPostgresPath(path)) ? t`Missing databases` : t`Missing files`, [
      ...missing.map(item),
      ...problems.map(problemItem),
    ]),
    ...group(
      others.some(({ path }) => isPostgresPath(path)) ? t`Other databases` : t`Other SQLite files`,
      others.map(item),
    ),
    ...group(t`Elsewhere`, [
      { label: `$(folder-opened) ${t`Browse…`}`, alwaysShow: true, action: { kind: 'browse' } },
      ...(offersMore ? moreItems() : []),
    ]),
  ];
}

/** Ways to a database that does not lie in the window's folders. */
const moreItems = (): readonly DatabasePickItem[] => [
  { label: `$(plug) ${t`Connect to PostgreSQL…`}`, alwaysShow: true, action: { kind: 'connect' } },
  {
    label: `$(new-file) ${t`Create Telemetry Seed Database…`}`,
    alwaysShow: true,
    action: { kind: 'create' },
  },
];

function group(label: string, items: readonly DatabasePickItem[]): readonly DatabasePickItem[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function candidateItem(
  { path, namedBy, look }: DatabaseCandidate,
  caution: string | undefined,
  selected: string | undefined,
  shorten: ShortenPath,
): DatabasePickItem {
  const isSelected = path === selected;
  const name = databaseName(path);
  const detail = [...placeOf(path, shorten), ...namedBy].join(' · ');
  const action = { kind: 'select', path } as const;
  const common = detail === '' ? { action } : { action, detail };
  switch (look.kind) {
    case 'autopack': {
      const description = [
        ...(isSelected ? [t`selected`] : []),
        ...(caution === undefined ? [] : [caution]),
        roleMark(look),
        ...(look.level === null ? [] : [levelNames()[look.level]]),
        `${counted(look.runs, 'run')}, ${counted(look.phases, 'phase')}`,
        ...(look.modifiedAt === 0 ? [] : [formatMinute(look.modifiedAt)]),
      ].join(' · ');
      const icon = isSelected ? 'check' : caution === undefined ? 'database' : 'question';
      return { ...common, label: `$(${icon}) ${name}`, description, isSound: caution === undefined };
    }
    case 'looking':
      return { ...common, label: `$(loading~spin) ${name}` };
    case 'other':
      return { ...common, label: `$(circle-slash) ${name}`, description: look.reason };
    case 'missing':
      return {
        ...common,
        label: `$(warning) ${name}`,
        description: isPostgresPath(path) ? t`no such database` : t`no such file`,
      };
  }
}

/** Where it lies, where its name does not tell. */
function placeOf(path: string, shorten: ShortenPath): readonly string[] {
  if (isPostgresPath(path)) return [t`PostgreSQL as ${postgresLocation(path).user}`];
  const folder = parentFolder(shorten(path));
  return folder === '' ? [] : [folder];
}

function problemItem({ namedBy, error }: NamedProblem): DatabasePickItem {
  return { label: `$(warning) ${namedBy}`, description: error.message, action: { kind: 'explain', error } };
}

function modifiedAt({ look }: DatabaseCandidate): number {
  return look.kind === 'autopack' ? look.modifiedAt : 0;
}
