import { t } from '../text/l10n.ts';
import { shellCommand } from '../text/shellCommand.ts';

/** How git stands towards a database file or what lies beside it. */
export interface GitFinding {
  /** Absolute and real. */
  readonly path: string;
  /** Relative to `repository`, with forward slashes. */
  readonly relativePath: string;
  /** The root of the working tree; absolute. */
  readonly repository: string;
  /** It is in the index: the next commit holds it, and the last one may. */
  readonly isTracked: boolean;
  /** Its content goes into the next commit as a change. */
  readonly isStaged: boolean;
  /** Some ignore rule of git's covers its name. */
  readonly isIgnored: boolean;
}

/** What a person should know: databases never go into git. `null` where all is well. */
export function gitProblem({ relativePath, isTracked, isStaged, isIgnored }: GitFinding): string | null {
  if (isStaged) return t`${relativePath} is staged: the next commit would hold the database.`;
  if (isTracked) return t`${relativePath} is tracked by git.`;
  if (!isIgnored) return t`${relativePath} is not ignored by git: it could be committed by accident.`;
  return null;
}

/** The command that takes a file out of git's index, as it is typed anywhere. */
export function untrackCommand({
  repository,
  relativePath,
}: Pick<GitFinding, 'repository' | 'relativePath'>): string {
  // A name with wildcards, or one that begins with a colon, is a pattern for git.
  const literal = /[*?[\]\\]|^:/.test(relativePath) ? ['--literal-pathspecs'] : [];
  return shellCommand(['git', '-C', repository, ...literal, 'rm', '--cached', '--', relativePath]);
}

/** The line of a `.gitignore` that ignores exactly that file (gitignore(5): anchored, specials escaped). */
export function ignoreLine(relativePath: string): string {
  return `/${relativePath.replace(/[\\*?[\]]/g, '\\$&').replace(/(?<! ) +$/, (spaces) => '\\ '.repeat(spaces.length))}`;
}
