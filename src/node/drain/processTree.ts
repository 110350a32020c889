import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import treeKill from 'tree-kill';
import { errnoCode } from '../files/fileError.ts';

/** How long a process may take to end by itself once told to, in ms. Together with the rest it stays below two seconds. */
const graceMs = 800;
/** How long the system may take to take down what was killed, in ms. */
const killMs = 400;
const listMs = 300;
const pollMs = 20;

/**
 * Ends a process and everything it started: politely, then by force. On POSIX `pid` must lead a process group.
 * Resolves when all are gone, or after 1.5 s at most. A process that has left both the group and the tree is out of reach.
 */
export async function endProcessTree(pid: number): Promise<void> {
  if (process.platform === 'win32') return endWindowsTree(pid);
  // Those that lead groups of their own are found while their parents still live.
  const targets = [-pid, ...(await descendantsOf(pid))];
  signalAll(targets, 'SIGTERM');
  if (await allGone(targets, graceMs)) return;
  signalAll(targets, 'SIGKILL');
  await allGone(targets, killMs);
}

/** Ends what a process left behind in its group when it ended by itself. Does nothing where groups are unknown. */
export async function endLeftovers(pid: number): Promise<void> {
  if (process.platform !== 'win32' && isAlive(-pid)) await endProcessTree(pid);
}

/** `taskkill /T /F`: there is no polite way for a console program without a window. */
async function endWindowsTree(pid: number): Promise<void> {
  await new Promise<void>((resolve) => {
    // It fails where the process has ended by itself, which is as good.
    treeKill(pid, 'SIGKILL', () => resolve());
  });
}

async function descendantsOf(pid: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const [child, parent] of await processTable()) {
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const found: number[] = [];
  for (let next = [pid]; next.length > 0;) {
    next = next.flatMap((each) => children.get(each) ?? []);
    found.push(...next);
  }
  return found;
}

/** Pairs of process and parent; none where there is no `ps`, and then the group has to do. */
async function processTable(): Promise<[number, number][]> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='], {
      timeout: listMs,
      maxBuffer: 16 << 20,
    });
    return [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)].map(([, pid, parent]) => [
      Number(pid),
      Number(parent),
    ]);
  } catch {
    return [];
  }
}

function signalAll(targets: readonly number[], name: NodeJS.Signals): void {
  for (const target of targets) {
    try {
      process.kill(target, name);
    } catch {
      // Gone already, or out of our power: either way there is nothing more to do.
    }
  }
}

async function allGone(targets: readonly number[], withinMs: number): Promise<boolean> {
  for (const deadline = performance.now() + withinMs; ;) {
    if (!targets.some(isAlive)) return true;
    if (performance.now() >= deadline) return false;
    await wait(pollMs);
  }
}

/** Whether a process, or with a negative number any of a group, is there. */
function isAlive(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return errnoCode(error) === 'EPERM';
  }
}
