import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserFacingError } from '../core/errors.ts';
import type { CommandContext } from './commandContext.ts';

/**
 * The folder that `--workspace` names, by default the current one; absolute. Throws `not-found` where there is none:
 * a mistyped folder must not be made, and filled with sessions.
 */
export function workspaceFolderOf(
  { workspace }: { readonly workspace?: string | undefined },
  { cwd }: Pick<CommandContext, 'cwd'>,
): string {
  const folder = resolve(cwd, workspace ?? '.');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new UserFacingError(
    'not-found',
    `There is no folder ${folder}.`,
    'Name the root of the repository with --workspace <folder>.',
  );
}
