import type { AnsweredFile } from '../../../src/core/builders/answerFormat.ts';

/** Files that are there and files that are not, small and large ones, in folders that are there and that are not. */
export const killedAnswer: readonly AnsweredFile[] = [
  { path: 'lib/there.py', content: 'new = 1\n' },
  { path: 'lib/large.py', content: 'new = 1\n'.repeat(20_000) },
  { path: 'lib/added.py', content: 'added = 1\n' },
  { path: 'made/deep/er/a.py', content: 'made = 1\n' },
  { path: 'made/b.py', content: 'made = 2\n' },
];
