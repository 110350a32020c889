import type { BigIntStats } from 'node:fs';
import { lstat, rename } from 'node:fs/promises';
import { beginsDatabase } from '../../core/db/databaseHeader.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode } from '../system/fileError.ts';
import { fileIdOf } from '../system/realPath.ts';
import { draftNameOf } from '../system/replaceFile.ts';
import { placeNewFile } from '../writer/placeNewFile.ts';
import { keptContent, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { nameOf, RefusedPath, type OpenedFolder, type OpenedFolders } from './openedFolder.ts';
import { restoreCheckpoint, writeDraft, type AttemptPlace } from './restoreDeliverables.ts';

/** A file as it was when it was read. */
export interface FoundFile {
  readonly bytes: Buffer;
  /** The rights of POSIX. */
  readonly mode: number;
  /** Its identity, size and time: as they were before it was read. */
  readonly version: string;
}

/** A file that is to be written, on a path that was checked. */
export interface PlannedFile {
  readonly path: string;
  /** `null`: it is not there. */
  readonly before: Pick<FoundFile, 'bytes' | 'mode'> | null;
  readonly after: Buffer;
}

/** What a file may hold that is replaced, in bytes: all of it is kept. */
const longestReplaced = 8 << 20;

/** Reads what is at a path now; `null` where nothing is. Throws {@link RefusedPath} for what may not be replaced. */
export async function readTarget(path: string, folders: OpenedFolders): Promise<FoundFile | null> {
  const folder = await folders.folderOf(path);
  if (folder === null || !(await folder.has(nameOf(path)))) return null;
  const stats = await statsOf(folder, path);
  const file = await folder.openFile(nameOf(path));
  try {
    if (file.size > longestReplaced) throw new RefusedPath(t`is larger than ${longestReplaced >> 20} MB`);
    const buffer = Buffer.alloc(file.size + 1);
    const bytes = buffer.subarray(0, await file.read(buffer, 0));
    // A database in use may have any name. To replace one is to lose what its log holds.
    if (beginsDatabase(bytes)) throw new RefusedPath(t`is protected (a database) and never written`);
    const mode = stats === null ? 0o644 : Number(stats.mode) & 0o777;
    if ((mode & 0o222) === 0) throw new RefusedPath(t`is read-only`);
    return { bytes, mode, version: versionOf(stats) };
  } finally {
    file.close();
  }
}

/**
 * Writes all files of a plan or none. Throws `changed` where one is not any more as it was read, and what its folder or the
 * disk refuses; then all is as it was. A process that dies meanwhile leaves a checkpoint by which all can be put back.
 */
export async function writePlanned(
  files: readonly PlannedFile[],
  folders: OpenedFolders,
  { key, ...place }: AttemptPlace & { readonly key: PhaseKey },
): Promise<void> {
  try {
    const versions = await refuseChanged(files, folders);
    const checkpoint: Checkpoint = {
      version: 1,
      ...key,
      writtenAt: Date.now(),
      restoredAt: null,
      files: files.map(({ path, before, after }) => ({
        path,
        before: before === null ? null : keptContent(before.bytes, before.mode),
        after: { text: after.toString('utf8') },
        draft: draftNameOf(nameOf(path)),
      })),
      folders: await missingFolders(files, folders),
    };
    await writeCheckpoint(place.workspaceFolder, place.attemptFolder, checkpoint);
    try {
      await placeAll(files, checkpoint, versions, folders);
    } catch (error) {
      folders.forgetNames();
      await restoreCheckpoint(checkpoint, folders, place);
      throw error;
    }
  } catch (error) {
    if (error instanceof RefusedPath) throw nothingWritten(error.message, error);
    throw error;
  }
}

/** The version of each file, as it was when its content was compared; `null` for one that is not there. */
async function refuseChanged(
  files: readonly PlannedFile[],
  folders: OpenedFolders,
): Promise<(string | null)[]> {
  const versions: (string | null)[] = [];
  for (const { path, before } of files) {
    const now = await about(path, () => readTarget(path, folders));
    const isSame = before === null ? now === null : now?.bytes.equals(before.bytes) === true;
    if (!isSame) throw new RefusedPath(t`${path} was changed since it was read`);
    versions.push(now?.version ?? null);
  }
  return versions;
}

/** The folders that are not there yet, the outer ones first. */
async function missingFolders(files: readonly PlannedFile[], folders: OpenedFolders): Promise<string[]> {
  const missing = new Set<string>();
  for (const { path } of files) {
    const segments = path.split('/');
    for (let count = 1; count < segments.length; count += 1) {
      const folder = segments.slice(0, count).join('/');
      if ((await folders.folderOf(`${folder}/`)) === null) missing.add(folder);
    }
  }
  return [...missing].sort((a, b) => a.length - b.length);
}

/** All drafts are whole on the disk before the first takes its place. */
async function placeAll(
  files: readonly PlannedFile[],
  checkpoint: Checkpoint,
  versions: readonly (string | null)[],
  folders: OpenedFolders,
): Promise<void> {
  const placing: (() => Promise<void>)[] = [];
  const touched = new Set<OpenedFolder>();
  for (const [index, { path, before, after }] of files.entries()) {
    const draft = checkpoint.files[index]?.draft;
    if (draft === undefined || before?.bytes.equals(after) === true) continue;
    const folder = await about(path, () => folders.folderOf(path, 'make'));
    if (folder === null) throw new RefusedPath(t`${path} lies in a folder that was removed`);
    touched.add(folder);
    await about(path, () => writeDraft(folder, draft, after, before?.mode ?? null));
    const version = versions[index] ?? null;
    placing.push(() => about(path, () => placeDraft(folder, draft, path, version)));
  }
  for (const place of placing) await place();
  for (const folder of touched) {
    await folder.sync();
    await folder.verify();
  }
}

/** `version` is that of the file it replaces; `null`: there must be none. Neither step follows a link. */
async function placeDraft(
  folder: OpenedFolder,
  draft: string,
  path: string,
  version: string | null,
): Promise<void> {
  const target = folder.child(nameOf(path));
  const stats = await statsOf(folder, path);
  if (version === null) {
    if (stats !== null) throw new RefusedPath(t`was made by another program meanwhile`);
    await placeNewFile(folder.child(draft), target).catch((error: unknown) => {
      if (error instanceof UserFacingError) throw new RefusedPath(t`was made by another program meanwhile`);
      throw error;
    });
  } else {
    if (stats?.isFile() !== true || versionOf(stats) !== version) {
      throw new RefusedPath(t`was changed by another program meanwhile`);
    }
    await rename(folder.child(draft), target);
  }
  folder.forgetNames();
}

async function statsOf(folder: OpenedFolder, path: string): Promise<BigIntStats | null> {
  try {
    return await lstat(folder.child(nameOf(path)), { bigint: true });
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function versionOf(stats: BigIntStats | null): string {
  return stats === null ? '' : `${fileIdOf(stats)} ${stats.size} ${stats.mtimeNs}`;
}

/** Puts the path in front of why it is refused. */
async function about<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefusedPath) throw new RefusedPath(`${path} ${error.message}`, { cause: error });
    const code = errnoCode(error);
    if (code === undefined) throw error;
    throw new RefusedPath(t`${path} cannot be written (${code})`, { cause: error });
  }
}

/** Says that all is as it was, and why. */
function nothingWritten(reason: string, cause?: unknown): UserFacingError {
  const code = cause instanceof Error && errnoCode(cause.cause) === 'ENOSPC' ? 'disk-full' : 'changed';
  return new UserFacingError(
    code,
    t`No file was written: ${reason}.`,
    t`Every file is as it was. Drain the phase again when this is put right.`,
    { cause },
  );
}
