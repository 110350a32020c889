import { spawnSync } from 'node:child_process';

/** Whether git is installed, which a few tests need. */
export function hasGit(): boolean {
  return spawnSync('git', ['--version'], { stdio: 'ignore' }).status === 0;
}
