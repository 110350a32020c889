import { type GitFinding, gitProblem } from '../../core/identity/findings.ts';
import { ignoreInGit, untrackInGit } from '../../node/identity/git.ts';
import type { Offers } from '../offers/offers.ts';

/** Keeps database files out of git, after a question that says what will change. The files themselves stay. */
export async function fixGit(path: string, wrong: readonly GitFinding[], offers: Offers): Promise<void> {
  const offer = await offers.about(path);
  const tracked = wrong.filter(({ isTracked }) => isTracked);
  const [ignore, untrack] = ['Ignore', 'Ignore and Untrack'];
  const detail = [
    ...wrong.map((each) => gitProblem(each) ?? ''),
    '',
    'Ignoring adds lines to the .gitignore of the repository.',
    ...(tracked.length > 0 ? ['Untracking takes the file out of the index; the file itself stays.'] : []),
  ];
  const pressed = await offer.ask({
    severity: 'warning',
    message: 'Keep the database out of git?',
    detail,
    // What git has already is not kept out by a line in .gitignore: then untracking is the usual way.
    buttons: [...(tracked.length > 0 ? [untrack] : []), ignore],
  });
  if (pressed === undefined) return;
  for (const each of wrong) await ignoreInGit(each);
  if (pressed === untrack) for (const each of tracked) await untrackInGit(each);
}
