import type { AnsweredFile } from '../../core/builders/answerFormat.ts';
import type { FilePlan, PhaseFilesPort } from '../../core/builders/builderPorts.ts';
import { checkPaths, checkUnscoped, composed, quoted } from '../../core/builders/deliverablePaths.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseBrief } from '../../core/model/phaseBrief.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode, fileError } from '../system/fileError.ts';
import { readContext } from './contextFiles.ts';
import { readCheckpoint } from './checkpoint.ts';
import { nameOf, OpenedFolders, RefusedPath } from './openedFolder.ts';
import { restoreCheckpoint } from './restoreDeliverables.ts';
import { readTarget, writePlanned, type PlannedFile } from './writeDeliverables.ts';

/** The files of a workspace folder (absolute), as far as phases may touch them. */
export class DeliverableFiles implements PhaseFilesPort {
  readonly #workspaceFolder: string;
  /** What was read and shown is what is written: a plan that was not made here is none. */
  readonly #plans = new WeakMap<FilePlan, readonly PlannedFile[]>();

  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
  }

  async existing(brief: PhaseBrief): Promise<readonly boolean[]> {
    return this.#with(async (folders) => {
      const found: boolean[] = [];
      for (const deliverable of brief.deliverables) {
        const verdict = checkUnscoped(composed(deliverable));
        found.push(verdict.kind === 'allowed' && (await isFile(verdict.path, folders)));
      }
      return found;
    });
  }

  async context(brief: PhaseBrief): ReturnType<PhaseFilesPort['context']> {
    return this.#with((folders) => readContext(brief, folders));
  }

  async plan(brief: PhaseBrief, files: readonly AnsweredFile[]): Promise<FilePlan> {
    return this.#with(async (folders) => {
      const refused: { path: string; reason: string }[] = [];
      const planned: PlannedFile[] = [];
      const verdicts = checkPaths(
        files.map(({ path }) => path),
        brief,
      );
      for (const [index, verdict] of verdicts.entries()) {
        const { path = '', content = '' } = files[index] ?? {};
        if (verdict.kind === 'refused') {
          refused.push({ path: quoted(path), reason: sentence(path, verdict.reason) });
          continue;
        }
        const before = await refusable(() => readTarget(verdict.path, folders));
        if (typeof before === 'string') refused.push({ path: quoted(path), reason: sentence(path, before) });
        else planned.push({ path: verdict.path, before, after: Buffer.from(content, 'utf8') });
      }
      const plan: FilePlan = {
        proposal: {
          key: { runId: brief.runId, phaseId: brief.phaseId },
          files: planned.map((file) => ({
            path: file.path,
            before: file.before === null ? null : file.before.bytes.toString('utf8'),
            after: file.after.toString('utf8'),
          })),
        },
        refused,
      };
      this.#plans.set(plan, planned);
      return plan;
    });
  }

  async write(plan: FilePlan, attemptFolder: string): Promise<void> {
    const planned = this.#plans.get(plan);
    if (planned === undefined) throw new Error('This plan was not made by these files.');
    const [refused] = plan.refused;
    if (refused !== undefined) throw notWritten(refused.reason);
    await this.#with(async (folders) => {
      const key = plan.proposal.key;
      await writePlanned(planned, folders, { workspaceFolder: this.#workspaceFolder, attemptFolder, key });
    });
  }

  async restore(attemptFolder: string): Promise<readonly string[]> {
    const checkpoint = await readCheckpoint(this.#workspaceFolder, attemptFolder);
    if (checkpoint?.restoredAt !== null) return [];
    return this.#with((folders) =>
      restoreCheckpoint(checkpoint, folders, { workspaceFolder: this.#workspaceFolder, attemptFolder }),
    );
  }

  async #with<T>(work: (folders: OpenedFolders) => Promise<T>): Promise<T> {
    const folders = new OpenedFolders(this.#workspaceFolder);
    try {
      return await work(folders);
    } catch (error) {
      throw fileError(error, this.#workspaceFolder);
    } finally {
      await folders.close();
    }
  }
}

function sentence(path: string, reason: string): string {
  return `${quoted(path)} ${reason}.`;
}

/** Says that nothing was written, and why. */
function notWritten(reason: string): UserFacingError {
  return new UserFacingError(
    'changed',
    t`No file was written: ${reason}`,
    t`Nothing was changed. Drain the phase again.`,
  );
}

/** What the work gives, or why a path is refused. */
async function refusable<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RefusedPath) return error.message;
    const known = fileError(error, 'The file');
    if (known instanceof UserFacingError && known.code !== 'no-resources') {
      return t`cannot be read (${errnoCode(error) ?? known.code})`;
    }
    throw error;
  }
}

async function isFile(path: string, folders: OpenedFolders): Promise<boolean> {
  const found = await refusable(async () => {
    const folder = await folders.folderOf(path);
    if (folder === null || !(await folder.has(nameOf(path)))) return false;
    (await folder.openFile(nameOf(path))).close();
    return true;
  });
  return found === true;
}
