import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { skipBecause } from './skipBecause.ts';

/** Mounts a file system of that many KiB at a new folder for the running test, or skips it where that is not allowed. */
export function smallDisk(context: Mocha.Context, folder: string, kibibytes: number): { unmount(): void } {
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none', folder], { stdio: 'ignore' });
  } catch {
    skipBecause(context, 'a small disk cannot be mounted here');
  }
  return { unmount: () => void execFileSync('umount', [folder]) };
}
