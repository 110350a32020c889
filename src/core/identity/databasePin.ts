import * as z from 'zod';
import { protectionLevels } from '../model/protectionLevel.ts';
import { epochMs } from '../model/timestamp.ts';
import type { DatabaseFingerprint, FingerprintRun } from './databaseFingerprint.ts';
import { isPostgresPath } from '../db/postgresUrl.ts';
import { t } from '../text/l10n.ts';
import { noChange, type LastChange } from './journalEntry.ts';
import { serverDifference, serverMark } from './serverMark.ts';

const fingerprintRun = z.object({ id: z.string(), createdAt: epochMs.nullable() });

/** What a workspace remembers of a database it worked on. Times are ms since the epoch. */
export const databasePin = z.object({
  id: z.string(),
  role: z.enum(['seed', 'legacy']),
  /** Absolute and real. */
  path: z.string(),
  /** `device:inode`. */
  fileId: z.string(),
  schemaFingerprint: z.string(),
  runs: z.array(fingerprintRun),
  /** Earlier versions knew of no changes. */
  lastChange: z.object({ serial: z.number(), mark: z.string().nullable() }).default(noChange),
  pinnedAt: epochMs,
  /** Its protection then; absent in a pin of an older version. */
  level: z.enum(protectionLevels).optional(),
  /** Of a PostgreSQL database. */
  server: serverMark.optional(),
});

/** See {@link databasePin}. */
export type DatabasePin = Readonly<z.output<typeof databasePin>>;

/** The pins of a workspace folder, as they are kept. */
export const pinList = z.object({ version: z.literal(1), pins: z.array(databasePin) });

/** The pin of an adopted database as it is now, or `null` of one that was not adopted. `now` is ms since the epoch. */
export function pinOf(fingerprint: DatabaseFingerprint, now: number): DatabasePin | null {
  const { id, role, path, fileId, schemaFingerprint, sample, lastChange, server } = fingerprint;
  if (id === null || role === 'unknown') return null;
  const level = fingerprint.level ?? undefined;
  const pin = {
    id,
    role,
    path,
    fileId,
    schemaFingerprint,
    runs: [...sample],
    lastChange,
    pinnedAt: now,
    level,
  };
  return server === undefined ? pin : { ...pin, server };
}

/** The pin that speaks of a database: that of its path, or else that of its id, which a copy shares. */
export function pinFor(pins: readonly DatabasePin[], fingerprint: DatabaseFingerprint): DatabasePin | null {
  return (
    pins.find(({ path }) => path === fingerprint.path) ?? pins.find(({ id }) => id === fingerprint.id) ?? null
  );
}

/**
 * The pins with a new one in the place of those of the same path or id: of a file and its copies only one is the real
 * one, so taking up the one means that the other is asked about.
 */
export function withPin(pins: readonly DatabasePin[], pin: DatabasePin): DatabasePin[] {
  return [...pins.filter(({ path, id }) => path !== pin.path && id !== pin.id), pin];
}

/** A fact that is not what it was, both in words a person can compare. */
export interface FactDifference {
  readonly fact: 'id' | 'role' | 'path' | 'file' | 'server' | 'change' | 'runs' | 'schema';
  readonly was: string;
  readonly is: string;
}

/**
 * What a pin says about a database, with every fact that differs:
 * - `unknown`: nothing was pinned, so nothing is known;
 * - `same`: the one that was pinned (its schema may have grown);
 * - `moved`: the pinned file under another name;
 * - `older-state`: the pinned database with fewer changes of this product than this folder has seen;
 * - `other-history`: the pinned identity, with other changes than those that this folder has seen: of a copy that was
 *   written elsewhere;
 * - `copy-or-restored`: it has the pinned identity, but is another file, lies on a copy of the server or on a promoted
 *   replica of it, or lacks runs that were there;
 * - `different-id`, `role-changed`: another database, or one that is now something else.
 */
export interface PinVerdict {
  readonly kind:
    | 'unknown'
    | 'same'
    | 'moved'
    | 'older-state'
    | 'other-history'
    | 'copy-or-restored'
    | 'different-id'
    | 'role-changed';
  readonly differences: readonly FactDifference[];
}

/** Compares a database with its pin. Size, time and content are no part of it: they change with every commit. */
export function verifyPin(fingerprint: DatabaseFingerprint, pin: DatabasePin | null): PinVerdict {
  if (pin === null) return { kind: 'unknown', differences: [] };
  const isSameFile = fingerprint.fileId === pin.fileId || isRemounted(fingerprint, pin);
  const runs = runDifference(fingerprint, pin.runs);
  const change = changeDifference(fingerprint, pin.lastChange);
  const server = isSameFile ? otherServer(fingerprint, pin) : null;
  const all: (FactDifference | null)[] = [
    differing('id', pin.id, fingerprint.id ?? t`no identity`),
    differing('role', pin.role, fingerprint.role),
    differing('path', pin.path, fingerprint.path),
    isSameFile ? null : { fact: 'file', was: fileText(pin), is: fileText(fingerprint) },
    server,
    change,
    runs,
    differing('schema', pin.schemaFingerprint, fingerprint.schemaFingerprint),
  ];
  const differences = all.filter((each) => each !== null);
  const kind = (): PinVerdict['kind'] => {
    if (fingerprint.id !== pin.id) return 'different-id';
    if (fingerprint.role !== pin.role) return 'role-changed';
    const isElsewhere = !isSameFile && fingerprint.path !== pin.path;
    if (change !== null && !isElsewhere) return isOlder(fingerprint, pin) ? 'older-state' : 'other-history';
    if (!isSameFile || [server, change, runs].some((each) => each !== null)) return 'copy-or-restored';
    return fingerprint.path === pin.path ? 'same' : 'moved';
  };
  return { kind: kind(), differences };
}

const factNames = (): Readonly<Record<FactDifference['fact'], string>> => ({
  id: t`id`,
  role: t`role`,
  path: t`path`,
  file: t`file`,
  server: t`server`,
  change: t`change`,
  runs: t`runs`,
  schema: t`schema`,
});

/** The differences as one sentence part: `role was seed, is legacy`. */
export function differencesText(differences: readonly FactDifference[]): string {
  return differences.map(({ fact, was, is }) => t`${factNames()[fact]} was ${was}, is ${is}`).join('; ');
}

/** What a verdict warns of, as a sentence with every difference; `null` where nothing speaks against the database. */
export function pinWarning({ kind, differences }: PinVerdict): string | null {
  if (kind === 'unknown' || kind === 'same') return null;
  return `${pinWords()[kind]} (${differencesText(differences)}).`;
}

const pinWords = () => ({
  moved: t`This folder knows the database under another name`,
  'older-state': t`It is an older state of the database than this folder has seen`,
  'other-history': t`It was changed elsewhere, from an earlier state than this folder has seen`,
  'copy-or-restored': t`It is a copy or a restored file`,
  'different-id': t`It is not the database this folder knows`,
  'role-changed': t`Its role was changed`,
});

const decisiveFacts: Readonly<Partial<Record<PinVerdict['kind'], FactDifference['fact']>>> = {
  'different-id': 'id',
  'role-changed': 'role',
};

/** The differences that make the verdict what it is: another id says enough, whatever else differs then. */
export function decisiveText({ kind, differences }: PinVerdict): string {
  const only = decisiveFacts[kind];
  return differencesText(only === undefined ? differences : differences.filter(({ fact }) => fact === only));
}

/** Whether asking which file is meant can resolve the verdict, because the identity is the pinned one. */
export function isOfPinnedIdentity(kind: PinVerdict['kind']): boolean {
  return kind === 'copy-or-restored' || kind === 'older-state' || kind === 'other-history';
}

/** The difference where the last change seen is missing or replaced by another one; see {@link LastChange}. */
export function changeDifference(
  { lastChange, marks }: Pick<DatabaseFingerprint, 'lastChange' | 'marks'>,
  seen: LastChange,
): FactDifference | null {
  if (lastChange.serial < seen.serial) {
    return { fact: 'change', was: String(seen.serial), is: String(lastChange.serial) };
  }
  const mark = marks.get(seen.serial);
  // What the database forgot long ago cannot be compared.
  if (mark === undefined || seen.mark === null || mark === seen.mark) return null;
  return {
    fact: 'change',
    was: t`${seen.serial} as made from here`,
    is:
      lastChange.serial === seen.serial
        ? t`another ${seen.serial}`
        : t`another ${seen.serial} of ${lastChange.serial}`,
  };
}

function isOlder(
  { lastChange }: Pick<DatabaseFingerprint, 'lastChange'>,
  pin: Pick<DatabasePin, 'lastChange'>,
): boolean {
  return lastChange.serial < pin.lastChange.serial;
}

/** A device gets another number when a disk or a container's folder is mounted anew; path and inode stay. */
function isRemounted(fingerprint: DatabaseFingerprint, pin: DatabasePin): boolean {
  if (isPostgresPath(pin.path)) return false;
  return fingerprint.path === pin.path && inodeOf(fingerprint.fileId) === inodeOf(pin.fileId);
}

function otherServer(fingerprint: DatabaseFingerprint, pin: DatabasePin): FactDifference | null {
  if (fingerprint.server === undefined || pin.server === undefined) return null;
  const found = serverDifference(fingerprint.server, pin.server, fingerprint.path === pin.path);
  return found === null ? null : { fact: 'server', ...found };
}

function fileText({ path, fileId }: Pick<DatabasePin, 'path' | 'fileId'>): string {
  if (!isPostgresPath(path)) return `inode ${inodeOf(fileId)}`;
  return t`database ${inodeOf(fileId)} of system ${fileId.slice(0, fileId.indexOf(':'))}`;
}

function inodeOf(fileId: string): string {
  return fileId.slice(fileId.indexOf(':') + 1);
}

/** Runs only ever come: one that is gone, or was made at another time, is of another state of the file. */
function runDifference(
  { known }: DatabaseFingerprint,
  pinned: readonly FingerprintRun[],
): FactDifference | null {
  const now = new Map(known.map(({ id, createdAt }) => [id, createdAt]));
  const changed = pinned.find(({ id, createdAt }) => !now.has(id) || now.get(id) !== createdAt);
  if (changed === undefined) return null;
  const gone = pinned.filter(({ id }) => !now.has(id)).length;
  return {
    fact: 'runs',
    was: runText(changed.id, changed.createdAt),
    is: now.has(changed.id)
      ? runText(changed.id, now.get(changed.id) ?? null)
      : t`${gone} of the ${pinned.length} remembered runs gone`,
  };
}

function runText(id: string, createdAt: number | null): string {
  return createdAt === null ? t`run ${id}` : t`run ${id} of ${new Date(createdAt).toISOString()}`;
}

function differing(fact: FactDifference['fact'], was: string, is: string): FactDifference | null {
  return was === is ? null : { fact, was, is };
}
