import { basename, dirname, isAbsolute, relative, sep } from 'node:path';
import * as z from 'zod';
import { checkUnscoped } from '../../core/builders/deliverablePaths.ts';
import { logName } from '../../core/drain/sessionNames.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { OwnFolder } from '../system/ownFolder.ts';

/*
 * What one attempt found and what it wrote, in one file that is whole on the disk before the first of the user's files is
 * touched. With it a later process can tell for every file whether it is the old one, the new one or somebody else's.
 */

/** In bytes; a plan holds far less. */
const longest = 256 << 20;
const fileName = 'checkpoint.json';

const content = z.object({ text: z.string(), encoding: z.enum(['utf8', 'base64']), mode: z.number().int() });
const checkpointFile = z.object({
  version: z.literal(1),
  runId: z.string(),
  phaseId: z.string(),
  /** Ms since the epoch. */
  writtenAt: z.number(),
  /** Ms since the epoch; `null` while the files are as they were written. */
  restoredAt: z.number().nullable(),
  files: z.array(
    z.object({
      path: z.string(),
      /** `null`: it was not there. */
      before: content.nullable(),
      after: content.pick({ text: true }),
      /** The name of the temporary file beside it. */
      draft: z.string().regex(/^\.[^/\\]*\.tmp$/),
    }),
  ),
  /** Those that had to be made, the outer ones first. */
  folders: z.array(z.string()),
});

/** What an attempt found and wrote. */
export type Checkpoint = z.infer<typeof checkpointFile>;

/** The content of a file before the attempt, byte for byte. */
export function bytesBefore({ before }: Checkpoint['files'][number]): Buffer | null {
  return before === null ? null : Buffer.from(before.text, before.encoding);
}

/** Bytes as a checkpoint keeps them. */
export function keptContent(bytes: Buffer, mode: number): z.infer<typeof content> {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes)
    ? { text, encoding: 'utf8', mode }
    : { text: bytes.toString('base64'), encoding: 'base64', mode };
}

/** Puts a checkpoint on the disk. `attemptFolder` is absolute; it is made if need be. */
export async function writeCheckpoint(
  workspaceFolder: string,
  attemptFolder: string,
  checkpoint: Checkpoint,
): Promise<void> {
  await ownFolder(workspaceFolder, attemptFolder).write(fileName, `${JSON.stringify(checkpoint)}\n`);
}

/**
 * The checkpoint of an attempt; `null` where it wrote nothing. Throws `unreadable` for one that is none of ours: what lies in
 * a cloned folder may want to have files put "back" that were never there.
 */
export async function readCheckpoint(
  workspaceFolder: string,
  attemptFolder: string,
): Promise<Checkpoint | null> {
  const folder = ownFolder(workspaceFolder, attemptFolder);
  const text = await folder.read(fileName, longest);
  if (text === null) return null;
  try {
    const checkpoint = checkpointFile.parse(JSON.parse(text));
    const paths = [...checkpoint.files.map(({ path }) => path), ...checkpoint.folders];
    if (paths.some((path) => checkUnscoped(path).kind === 'refused')) throw new Error('a path is protected');
    return checkpoint;
  } catch (error) {
    throw new UserFacingError(
      'unreadable',
      t`${folder.file(fileName)} is not a checkpoint.`,
      t`Move the file away; no file of the workspace was touched.`,
      { cause: error },
    );
  }
}

/** The logs of a session, among which the folders of its attempts lie. */
function logsOf(workspaceFolder: string, sessionId: string): OwnFolder {
  return new OwnFolder(workspaceFolder, '.autonomous_runs', 'batch_drain_sessions', sessionId, 'logs');
}

/** The end of the name of an attempt's folder, which begins as its logs do. */
export const attemptEnding = '.attempt';

/** An attempt that wrote files. */
export interface KeptAttempt {
  /** Absolute. */
  readonly attemptFolder: string;
  readonly checkpoint: Checkpoint;
}

/** The attempts of a session that wrote files, of one phase or all, the newest first; those that cannot be read are left out. */
export async function listCheckpoints(
  workspaceFolder: string,
  sessionId: string,
  key?: PhaseKey,
): Promise<KeptAttempt[]> {
  const folder = logsOf(workspaceFolder, sessionId);
  const prefix = key === undefined ? '' : logName(key, 1);
  const names = await folder.list();
  const attempts = await Promise.all(
    names
      .filter((name) => name.endsWith(attemptEnding) && name.startsWith(prefix))
      .map(async (name): Promise<KeptAttempt[]> => {
        const attemptFolder = folder.folder(name).path;
        const checkpoint = await readCheckpoint(workspaceFolder, attemptFolder).catch(() => null);
        const isAsked =
          key === undefined || (checkpoint?.runId === key.runId && checkpoint.phaseId === key.phaseId);
        return checkpoint === null || !isAsked ? [] : [{ attemptFolder, checkpoint }];
      }),
  );
  return attempts.flat().sort((a, b) => b.checkpoint.writtenAt - a.checkpoint.writtenAt);
}

/** No link is followed below the workspace; elsewhere the folder is one that a program of ours named. */
function ownFolder(workspaceFolder: string, attemptFolder: string): OwnFolder {
  const way = relative(workspaceFolder, attemptFolder);
  const isInside = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  return isInside
    ? new OwnFolder(workspaceFolder, ...way.split(sep))
    : new OwnFolder(dirname(attemptFolder), basename(attemptFolder));
}
