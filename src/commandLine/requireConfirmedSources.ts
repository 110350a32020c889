import { CancelledError, UserFacingError } from '../core/errors.ts';
import { sourceChangeText, type SourceChange } from '../core/identity/confirmedSources.ts';
import {
  ConfirmedSourceFile,
  confirmSourcesStep,
  type SourceComparison,
} from '../node/identity/confirmedSourceFile.ts';
import { collectDatabaseSources } from '../node/maintenance/collectDatabaseSources.ts';
import type { CommandContext } from './commandContext.ts';
import { textLines } from './textLayout.ts';

/** A folder, absolute, and how what names a database there compares with what a person last confirmed. */
interface ComparedFolder {
  readonly file: ConfirmedSourceFile;
  readonly comparison: SourceComparison;
}

async function compareSources(
  path: string,
  workspaceFolder: string,
  { env }: CommandContext,
): Promise<ComparedFolder> {
  const file = new ConfirmedSourceFile(workspaceFolder);
  const sources = await collectDatabaseSources({
    folders: [workspaceFolder],
    environment: env,
    selection: path,
  });
  return { file, comparison: await file.compare({ sources, environment: env, seesSettings: false }) };
}

/**
 * Before a database (absolute path) is written: asks about every `.env` that changed since a person last confirmed it. No
 * flag answers for them. Throws `needs-consent` where nobody can be asked, and `CancelledError` where they say no.
 */
export async function requireConfirmedSources(
  path: string,
  workspaceFolder: string,
  context: CommandContext,
): Promise<void> {
  const { file, comparison } = await compareSources(path, workspaceFolder, context);
  const { changes } = comparison;
  if (changes.length === 0) {
    await file.beginWith(comparison, context.clock.now());
    return;
  }
  const question = `Write ${path} anyway, and confirm the change?`;
  await askAbout(changes, question, { ...context, path, workspaceFolder });
  await file.confirm(comparison, context.clock.now());
}

/** `doctor --confirm-sources`: a person looks at what changed. Returns how many changes were confirmed. */
export async function confirmSources(path: string, context: CommandContext): Promise<number> {
  const { file, comparison } = await compareSources(path, context.cwd, context);
  const { changes } = comparison;
  if (changes.length === 0) return 0;
  await askAbout(changes, 'Is that as it should be?', { ...context, path, workspaceFolder: context.cwd });
  await file.confirm(comparison, context.clock.now());
  return changes.length;
}

/** Absolute paths: what is about to be written, and where what was confirmed is kept. */
type Asking = CommandContext & { readonly path: string; readonly workspaceFolder: string };

async function askAbout(
  changes: readonly SourceChange[],
  question: string,
  { confirm, stderr, path, workspaceFolder }: Asking,
): Promise<void> {
  const texts = changes.map(sourceChangeText);
  if (confirm === null) {
    throw new UserFacingError('needs-consent', texts.join(' '), confirmSourcesStep(workspaceFolder, path));
  }
  stderr(`${textLines(texts.map((text) => `warning: ${text}`))}\n`);
  if (!(await confirm(question))) throw new CancelledError('The command');
}
