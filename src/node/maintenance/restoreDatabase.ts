import { existsSync } from 'node:fs';
import { link, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { notAutopack } from '../../core/identity/adoptDatabase.ts';
import { levelOf } from '../../core/identity/identityTable.ts';
import type { ProtectionLevel } from '../../core/model/protectionLevel.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { acquireDrainLock } from '../identity/drainLock.ts';
import { PinFile } from '../identity/pinFile.ts';
import { companionSuffixes } from '../system/databaseCompanions.ts';
import { errnoCode, fileError, writeFileError } from '../system/fileError.ts';
import { isSameFile, realPathOf } from '../system/realPath.ts';
import { createDraft, removeDraft, removeStaleDrafts, takeModeOf } from '../system/replaceFile.ts';
import { existingFileId, refuseReplaced, placeNewFile, refuseUnplaceable } from '../writer/placeNewFile.ts';
import { Backups } from './backups.ts';
import { CommitWatch, refuseLocked } from './commitWatch.ts';
import { copyDatabase } from './copyDatabase.ts';
import { noteRestoring } from './interruptedRestore.ts';
import { refuseDrained } from './refuseAtWork.ts';
import { rememberedLevel } from './rememberRestored.ts';
import { isOfDamaged, withBackup } from './withBackup.ts';

const chooseAnother = (): string => t`Choose a backup of this database, or restore it under another name.`;

/** What is to be restored, and where to; paths are absolute. */
export interface Restoration {
  readonly path: string;
  readonly backupPath: string;
  /** Whose backups take in the present content. */
  readonly workspaceFolder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The file that was looked at when the person agreed; `null` if there was none. */
  readonly fileId: string | null;
  /** Remembers the database as it is after it, before the restore counts as done; it gets the path of the content before. */
  readonly remember?: (aside: string | null) => Promise<unknown>;
}

/** One into a file that is there. */
type ExistingRestoration = Restoration & { readonly fileId: string };

/** A restoration that may go ahead once the person has agreed to `question`. */
export interface RestorationPlan {
  /** `device:inode` of the file it goes into; `null` where there is none. */
  readonly fileId: string | null;
  /** Of what is there now; `null` where it was not adopted, or there is nothing. */
  readonly id: string | null;
  /** How what is there now is protected; it stays so, whatever the backup says. */
  readonly level: ProtectionLevel;
  readonly question: string;
  /** How many runs and phases are replaced. */
  readonly rows: number;
  /** Which backup it is, and what it replaces. */
  readonly params: object;
}

/**
 * Looks at a backup and at the database it is to go into. Throws `other-database` where the backup is of a database with
 * another id, or one has none and it was made elsewhere, `not-autopack`, `corrupt` where it is damaged, and not only as what is there now; changes nothing.
 */
export async function planRestoration(
  reader: DatabaseReader,
  restoration: Pick<Restoration, 'path' | 'backupPath' | 'workspaceFolder'>,
  signal?: AbortSignal,
): Promise<RestorationPlan> {
  const { path, backupPath, workspaceFolder } = restoration;
  if (await isSameFile(path, backupPath)) throw ofItself(path);
  const { id, runs, phases, isWhole } = (await reader.request(backupPath, 'backupContent', null, signal))
    .value;
  if (!isWhole && !(await isOfDamaged(reader, restoration, signal))) throw damaged(backupPath);
  if (runs === null || phases === null) throw notAutopack(backupPath, chooseAnother());
  const held = t`${counted(runs, 'run')} and ${counted(phases, 'phase')}`;
  const { size, mtimeMs } = await stat(backupPath);
  const backup = {
    path: await realPathOf(backupPath),
    id,
    runs,
    phases,
    sizeBytes: size,
    modifiedAt: mtimeMs,
  };
  if (!existsSync(path)) {
    const question = t`Restore ${path}, which is gone, with ${held}?`;
    return { fileId: null, id: null, level: 'open', question, rows: 0, params: { backup, replaces: null } };
  }
  const fileId = existingFileId(path);
  const fingerprint = await reader.request(path, 'databaseFingerprint', { runIds: [] }, signal).then(
    ({ value }) => value,
    (error: unknown) => {
      if (isDamage(error)) return null;
      throw error;
    },
  );
  if (fingerprint === null) {
    const question = t`Replace ${path}, which is damaged, with ${held} from ${backupPath}? The damaged file is moved aside.`;
    const level = await rememberedLevel(workspaceFolder, await realPathOf(path));
    return { fileId, id: null, level, question, rows: 0, params: { backup, replaces: null } };
  }
  if (id !== null && fingerprint.id !== null) {
    if (id !== fingerprint.id && !(await isKnownHere(workspaceFolder, fingerprint.path, id))) {
      throw ofAnother(t`${backupPath} is a backup of another database (id was ${id}, is ${fingerprint.id}).`);
    }
  } else if (!(await new Backups(workspaceFolder).holds(path, backupPath))) {
    // One was not adopted, so that only where the backup lies says whose it is.
    throw ofAnother(t`Nothing tells that ${backupPath} was made of ${path}: one of them has no id.`);
  }
  const { value: facts } = await reader.request(path, 'identity', null, signal);
  const lost =
    id === null && fingerprint.id !== null ? t` It has no identity, so adopt it again afterwards.` : '';
  const other =
    id !== null && fingerprint.id !== null && id !== fingerprint.id
      ? t` What is there now is another database than this folder knows (id was ${id}, is ${fingerprint.id}).`
      : '';
  const here = `${counted(facts.counts.runs ?? 0, 'run')}, ${counted(facts.counts.phases ?? 0, 'phase')}`;
  const both = isWhole ? '' : t` The backup is damaged, and so is what is there now.`;
  const question = t`Replace the content of ${path} (${here}) with ${held} from ${backupPath}? What is there now is backed up first.${other}${lost}${both}`;
  const rows = (facts.counts.runs ?? 0) + (facts.counts.phases ?? 0);
  const params = { backup, replaces: facts.counts };
  return { fileId, id: fingerprint.id, level: levelOf(fingerprint), question, rows, params };
}

/**
 * Puts the content of a backup into a database, and keeps its present content: the result is the path of that, `null`
 * where there was no file. Goes through SQLite into the file that is there, so that whoever has it open sees the one
 * state or the other, and no old log can be applied to the new content. A damaged file, which SQLite cannot write, is
 * moved aside with what lies beside it. Throws `locked` while somebody reads or writes, `changed` where they keep doing
 * so in between, `drain-running`.
 */
export async function restoreDatabase(
  restoration: Restoration,
  signal?: AbortSignal,
): Promise<string | null> {
  const { path, backupPath, now, fileId, remember } = restoration;
  // Where there was nothing, whatever is there now stays: a new file is never put over another.
  if (fileId === null) {
    await placeCopy(backupPath, path, signal);
    await remember?.(null);
    return null;
  }
  // It would go on with the restored content as if it were its own.
  await refuseDrained(path, contextual('wish')`restore`);
  const lock = await acquireDrainLock(path, now, undefined, 'restore');
  try {
    return await replace({ ...restoration, fileId }, signal);
  } finally {
    await lock.release();
  }
}

async function replace(restoration: ExistingRestoration, signal: AbortSignal | undefined): Promise<string> {
  const { path, fileId, remember } = restoration;
  return noteRestoring(restoration, async () => {
    let aside: string;
    try {
      refuseReplaced(path, fileId);
      refuseLocked(path);
      aside = await replaceContent(restoration, signal);
    } catch (error) {
      if (!isDamage(error)) throw error;
      aside = await replaceDamaged(restoration, signal);
    }
    await remember?.(aside);
    return aside;
  });
}

/**
 * Puts a copy in the place of a damaged file, which gets another name together with what lies beside it. The copy is
 * whole before anything is touched, and there is a file under that name at every moment.
 */
async function replaceDamaged(
  { path, backupPath, now, fileId }: ExistingRestoration,
  signal: AbortSignal | undefined,
): Promise<string> {
  const real = await realPathOf(path);
  const aside = `${real}.damaged-${now}`;
  await withCopy(backupPath, real, signal, async (copy) => {
    await takeModeOf(real, copy);
    refuseReplaced(real, fileId);
    await keepAside(real, aside);
    await rename(copy, real);
  });
  return aside;
}

/** Gives a file a second name, and moves what SQLite put beside it there: it would be applied to the new content. */
async function keepAside(path: string, aside: string): Promise<void> {
  try {
    await link(path, aside);
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') throw fileError(error, aside);
    // A file system without links: for a moment there is no file under that name.
    await rename(path, aside);
  }
  for (const suffix of companionSuffixes) {
    await rename(path + suffix, aside + suffix).catch((error: unknown) => {
      if (errnoCode(error) !== 'ENOENT') throw fileError(error, path + suffix);
    });
  }
}

/** How often the present content is copied again because somebody changed it meanwhile. */
const attempts = 3;

/** A commit that lands after the copy for safety was made would be in neither; then both are done again. */
async function replaceContent(
  { path, backupPath, workspaceFolder, now, fileId }: ExistingRestoration,
  signal: AbortSignal | undefined,
): Promise<string> {
  const watch = new CommitWatch(path);
  try {
    for (let attempt = 1; ; attempt++) {
      const before = watch.fingerprint();
      const meanwhile = changed(path);
      const lastLook = (): void => {
        refuseReplaced(path, fileId);
        if (watch.fingerprint() !== before) throw meanwhile;
      };
      try {
        const replace = (): Promise<void> => {
          refuseReplaced(path, fileId);
          return copyDatabase(backupPath, path, signal, { lastLook });
        };
        const aside = { path, workspaceFolder, reason: 'restore', now, needed: backupPath } as const;
        return (await withBackup(aside, replace, signal)).backup.path;
      } catch (error) {
        if (error !== meanwhile || attempt === attempts) throw error;
      }
    }
  } finally {
    watch.close();
  }
}

function changed(path: string): UserFacingError {
  return new UserFacingError(
    'changed',
    t`Nothing was restored: other programs keep writing to ${path}.`,
    t`Stop them, or wait until they have finished, then try again.`,
  );
}

/** Whether a folder knows the database under a path by that id: then whatever has another one came in its place. */
async function isKnownHere(workspaceFolder: string, path: string, id: string): Promise<boolean> {
  const pins = await new PinFile(workspaceFolder).read();
  return pins.some((pin) => pin.path === path && pin.id === id);
}

async function placeCopy(from: string, path: string, signal: AbortSignal | undefined): Promise<void> {
  await refuseUnplaceable(path);
  await withCopy(from, path, signal, async (copy) => {
    await takeModeOf(from, copy);
    await placeNewFile(copy, path);
  });
}

/** Copies a backup to a draft beside its target, and has it put in its place. */
async function withCopy(
  from: string,
  target: string,
  signal: AbortSignal | undefined,
  place: (copy: string) => Promise<void>,
): Promise<void> {
  await removeStaleDrafts(dirname(target));
  const draft = await createDraft(target).catch((error: unknown) => {
    throw writeFileError(error, target);
  });
  try {
    await copyDatabase(from, draft, signal);
    await place(draft);
  } finally {
    await removeDraft(draft);
  }
}

function ofAnother(message: string): UserFacingError {
  return new UserFacingError('other-database', message, chooseAnother());
}

function ofItself(path: string): UserFacingError {
  return new UserFacingError('invalid-argument', t`${path} is the database itself.`, t`Name a backup of it.`);
}

function isDamage(error: unknown): boolean {
  return error instanceof UserFacingError && (error.code === 'corrupt' || error.code === 'not-sqlite');
}

function damaged(path: string): UserFacingError {
  return new UserFacingError(
    'corrupt',
    t`The backup ${path} is damaged and cannot be restored.`,
    t`Choose another backup.`,
  );
}
