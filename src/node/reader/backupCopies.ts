import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { tooBusy } from '../../core/db/snapshot/readProblem.ts';
import type { PrivateCopyPort, PrivateCopy } from '../../core/db/snapshot/snapshotReader.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { refuseUnsafeCompanions } from '../system/databaseCompanions.ts';
import { fileError } from '../system/fileError.ts';
import { processExists } from '../system/processMark.ts';
import { removeTemporaryLeftovers } from '../system/replaceFile.ts';

/** How long to wait for a writer to let go of its lock. */
const lockTimeoutMs = 5000;

const prefix = 'autopack-hygiene-copy-';
const leftoverName = new RegExp(`^${prefix}\\d+-[A-Za-z0-9]{6}$`);

/** The process that made a folder. */
function ownerOf(folder: string): number {
  return Number(basename(folder).slice(prefix.length).split('-')[0]);
}

/** Private copies by SQLite's online backup, in the system's folder for temporary files. */
export const backupCopies: PrivateCopyPort = {
  async copy(path) {
    await removeTemporaryLeftovers(tmpdir(), leftoverName, (folder) => !processExists(ownerOf(folder)));
    const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
    const remove = () => rm(folder, { recursive: true, force: true });
    try {
      const target = join(folder, 'copy.db');
      // Only now: it is seldom needed, and Node announces on standard error that it is loaded.
      const { backup, DatabaseSync } = await import('node:sqlite');
      refuseUnsafeCompanions(path);
      const source = new DatabaseSync(path, { readOnly: true, timeout: lockTimeoutMs });
      try {
        // All pages in one step: a backup in several begins again whenever another program commits.
        await backup(source, target, { rate: 0x7fffffff });
      } finally {
        source.close();
      }
      return { path: target, remove };
    } catch (error) {
      await remove();
      const reason = error instanceof Error ? error.message : String(error);
      if (/locked|busy/.test(reason)) throw tooBusy(path);
      const known = fileError(error, path);
      if (known instanceof UserFacingError) throw known;
      const next = t`Check the space for temporary files, then try again.`;
      throw new UserFacingError('unreadable', t`${path} could not be copied: ${reason}.`, next, {
        cause: error,
      });
    }
  },
};

/** Private copies made by SQLite in the reader's thread, while the host keeps the locks that this takes. */
export class KeptCopies implements PrivateCopyPort {
  readonly #copies: PrivateCopyPort;
  readonly #notify: (kind: 'keep' | 'let-go') => void;
  /** A copy that nobody wants any more goes on beside the next one. */
  readonly #waiting: (() => void)[] = [];

  constructor(copies: PrivateCopyPort, notify: (kind: 'keep' | 'let-go') => void) {
    this.#copies = copies;
    this.#notify = notify;
  }

  async copy(path: string): Promise<PrivateCopy> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#notify('keep');
    });
    try {
      return await this.#copies.copy(path);
    } finally {
      this.#notify('let-go');
    }
  }

  /** The host's answer to the oldest `keep`. */
  onKept(): void {
    this.#waiting.shift()?.();
  }
}
