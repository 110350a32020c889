import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process is there and not merely waiting to be reaped. */
export function isRunning(pid: number): boolean {
  try {
    const state = processState(pid);
    return state !== '' && !state.startsWith('Z');
  } catch {
    return false;
  }
}

/** Its state as one letter first; small Linux containers have no `ps`. */
function processState(pid: number): string {
  if (process.platform !== 'linux')
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2);
}
