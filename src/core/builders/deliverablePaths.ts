import { printable } from '../text/printable.ts';
import type { PhaseBrief } from '../model/phaseBrief.ts';
import { mostFiles } from './answerFormat.ts';
import { foldedName, mayBeShown, protectedKind } from './protectedPaths.ts';

/** Whether a path may be written, and if so as which path: relative to the repository, with `/`, in the form NFC. */
export type PathVerdict =
  | { readonly kind: 'allowed'; readonly path: string }
  /** `reason` is the end of a sentence whose subject is the path: "leads out of the workspace". */
  | { readonly kind: 'refused'; readonly reason: string };

/** Where a phase may write; as a database says it, so nothing of it is to be trusted. */
export type WritableScope = Pick<PhaseBrief, 'deliverables' | 'paths'>;

/** In UTF-16 units for a path, and in bytes of UTF-8 for a name: a draft beside it must still have a name. */
const longestPath = 500;
const longestName = 180;
/** How long a path may be that is brought into another form, in UTF-16 units: the form NFC is mostly the shorter one. */
const longestOtherForm = 2 * longestPath;
const deepest = 32;
/** How many folders and files of a scope are looked at besides its deliverables. */
const mostPaths = 1000;

/** What no path holds that is meant well: controls, formats (bidirectional, zero-width), separators of lines, halves of pairs. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** Spaces of any width but the one of the keyboard, which look like it. */
const oddSpace = /[\p{Zs}]/u;
const slashLike = /[\u2044\u2215\u2216\u29f5\u29f8\u29f9\ufe68\u2571\u2572]/u;
/** What Windows keeps for itself: learn.microsoft.com, "Naming Files, Paths, and Namespaces". */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])(?:[. ]|$)/i;
/** The short name that Windows may know a longer one by: `GIT~1` is `.git`. */
const shortName = /^[^~.]{1,6}~\d{1,6}(?:\.[^.]{0,3})?$/;

/**
 * Checks one path of an answer against the scope of its phase and against what is protected, without a look at the disk. The
 * rules are those of all systems at once, whichever this is: what is harmless here may be opened there.
 */
export function checkPath(path: string, scope: WritableScope): PathVerdict {
  return checkAgainst(path, scopeEntries(scope));
}

function checkAgainst(path: string, entries: readonly ScopeEntry[]): PathVerdict {
  const shape = checkUnscoped(path);
  return shape.kind === 'refused' ? shape : checkScope(shape.path, entries);
}

/** Checks the paths of one answer, in their order; of two that are one file on some disks, the second is refused. */
export function checkPaths(paths: readonly string[], scope: WritableScope): PathVerdict[] {
  const entries = scopeEntries(scope);
  const taken = new Map<string, string>();
  return paths.map((path) => {
    const verdict = checkAgainst(path, entries);
    if (verdict.kind === 'refused') return verdict;
    const folded = foldedPath(verdict.path);
    const other = taken.get(folded);
    if (other !== undefined) return refused(`is the same file as ${quoted(other)} on some disks`);
    for (const [known, name] of taken) {
      if (known.startsWith(`${folded}/`) || folded.startsWith(`${known}/`)) {
        return refused(`cannot stand beside ${quoted(name)}: one is a folder of the other`);
      }
    }
    taken.set(folded, verdict.path);
    return verdict;
  });
}

/** The deliverables of a phase that may never be written, each with the reason: asking a model for them is in vain. */
export function refusedDeliverables({
  deliverables,
}: Pick<WritableScope, 'deliverables'>): { readonly path: string; readonly reason: string }[] {
  const refusals = deliverables.slice(0, mostFiles).flatMap((path) => {
    const verdict = checkUnscoped(composed(path));
    return verdict.kind === 'refused' ? [{ path, reason: verdict.reason }] : [];
  });
  const [beyond] = deliverables.slice(mostFiles);
  return beyond === undefined
    ? refusals
    : [...refusals, { path: beyond, reason: `is beyond the ${mostFiles} files that one phase may ask for` }];
}

/** Checks a path against what is protected, as {@link checkPath} does, wherever in the workspace it lies. */
export function checkUnscoped(path: string): PathVerdict {
  const shape = plainPath(path);
  if (shape.kind === 'refused') return shape;
  const kind = protectedKind(shape.path.split('/'));
  return kind === null ? shape : refused(`is protected (${kind}) and never written`);
}

/** Checks a path that is only to be shown to the model, or a folder whose files are. */
export function checkContextPath(path: string): PathVerdict {
  const shape = plainPath(path.replace(/\/$/, ''));
  if (shape.kind === 'refused') return shape;
  const kind = protectedKind(shape.path.split('/'));
  return mayBeShown(kind) ? shape : refused(`is protected (${kind ?? 'unknown'}) and not shown to a model`);
}

/** A path that a database names, in the form NFC; one that is too long in any form stays as it is. */
export function composed(path: string): string {
  return path.length > longestOtherForm ? path : path.normalize('NFC');
}

/** The form of a path that tells whether two are one file to the most tolerant of disks. */
export function foldedPath(path: string): string {
  return path.split('/').map(foldedName).join('/');
}

/** A path as a sentence names it. */
export function quoted(path: string): string {
  return printable(path.slice(0, 20_000), 200);
}

/** Whether a path is one that every system takes for the same file inside of the folder it starts from. */
function plainPath(path: string): PathVerdict {
  if (path.length > longestPath) return refused(`is longer than ${longestPath} characters`);
  if (unprintable.test(path)) return refused('has a character that does not show');
  const plain = path.replace(/^(?:\.\/)+/, '');
  if (plain === '' || plain === '.') return refused('names no file');
  if (/^[\\/]/.test(plain)) return refused('is absolute');
  if (/^[a-z]:/i.test(plain)) return refused('has a drive letter');
  if (plain.includes('\\')) return refused('has a backslash: folders are separated by /');
  if (plain.startsWith('~')) return refused('begins with ~, which may mean a home folder');
  if (plain.endsWith('/')) return refused('names a folder, not a file');
  if (plain !== plain.normalize('NFC')) return refused('is not in the Unicode form NFC');
  const segments = plain.split('/');
  if (segments.length > deepest) return refused(`lies more than ${deepest} folders deep`);
  for (const segment of segments) {
    const reason = nameFault(segment);
    if (reason !== null) return refused(reason);
  }
  return { kind: 'allowed', path: plain };
}

function nameFault(segment: string): string | null {
  if (segment === '..') return 'leads out of its folder (..)';
  if (segment === '.' || segment === '') return 'has an empty part or one that is only a dot';
  if (segment.includes(':')) return 'has a colon, which may name an alternate stream or a drive';
  if (/[<>"|?*]/.test(segment)) return 'has one of the characters < > " | ? *';
  if (/[. ]$/.test(segment)) return 'has a part that ends with a dot or a space';
  if (segment.startsWith(' ')) return 'has a part that begins with a space';
  if (oddSpace.test(segment.replaceAll(' ', ''))) return 'has a space that is none of the keyboard';
  if (deviceName.test(segment)) return 'has the name of a device on Windows';
  if (shortName.test(segment)) return 'may be the short name of another file on Windows';
  if (utf8Length(segment) > longestName) return `has a name longer than ${longestName} bytes`;
  return compatibilityFault(segment);
}

/** Full-width and other forms of a separator, which some programs and code pages take for the plain character. */
function compatibilityFault(segment: string): string | null {
  const isLookalike = Array.from(segment).some(
    (character) =>
      character > '\x7f' && (/[./\\:~]/.test(character.normalize('NFKC')) || slashLike.test(character)),
  );
  return isLookalike || deviceName.test(segment.normalize('NFKC'))
    ? 'has a character that looks like one of . / \\ : ~'
    : null;
}

function checkScope(path: string, entries: readonly ScopeEntry[]): PathVerdict {
  const isInside = ({ path: entry, mayBeFile, mayBeFolder }: ScopeEntry): boolean =>
    (mayBeFile && path === entry) || (mayBeFolder && path.startsWith(`${entry}/`));
  if (entries.some(isInside)) return { kind: 'allowed', path };
  const folded = foldedPath(path);
  const alike = entries.find(({ path: entry, mayBeFolder }) => {
    const name = foldedPath(entry);
    return path !== entry && (folded === name || (mayBeFolder && folded.startsWith(`${name}/`)));
  });
  return refused(
    alike === undefined
      ? "is outside of the phase's scope"
      : `differs from ${quoted(alike.path)} of the phase's scope in letter case or form only`,
  );
}

interface ScopeEntry {
  readonly path: string;
  readonly mayBeFile: boolean;
  readonly mayBeFolder: boolean;
}

/** The entries of a scope that are plain paths; any other, the whole workspace among them, allows nothing. */
function scopeEntries({ deliverables, paths }: WritableScope): ScopeEntry[] {
  const all = [
    ...deliverables.slice(0, mostFiles).map((path) => ({ path, mayBeFile: true, mayBeFolder: false })),
    ...paths.slice(0, mostPaths).map((path) => ({ path, mayBeFile: !path.endsWith('/'), mayBeFolder: true })),
  ];
  return all.flatMap(({ path, ...kind }) => {
    const name = composed(path);
    const shape = plainPath(kind.mayBeFolder ? name.replace(/\/$/, '') : name);
    return shape.kind === 'allowed' ? [{ path: shape.path, ...kind }] : [];
  });
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function refused(reason: string): PathVerdict {
  return { kind: 'refused', reason };
}
