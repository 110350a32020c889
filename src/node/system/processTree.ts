import { execFile, spawnSync, type ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errnoCode } from './fileError.ts';
import { psProgram, windowsProgram } from './findProgram.ts';
import { statFields } from './processMark.ts';

/** How long a process may take to end by itself once told to, in ms. Together with the rest it stays below two seconds. */
const graceMs = 700;
/** How long the system may take to take down what was killed, in ms. */
const killMs = 400;
const listMs = 200;
const pollMs = 20;
/** Every how many looks zombies are told from the living. */
const zombieLooks = 4;

/** Lets this program exit while a child is running (`unref`), or keeps it from exiting (`ref`). */
export function holdProgram(child: ChildProcess, how: 'ref' | 'unref'): void {
  child[how]();
  child.channel?.[how]();
  // Pipes of a child are sockets, whatever their types say.
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as Socket | null)?.[how]();
}

/**
 * Ends a process and everything it started: politely, then by force. On POSIX `pid` must lead a process group.
 * Resolves when all are gone, and within two seconds in any case; where this program ends meanwhile, by force then.
 * A process that has left both the group and the tree is out of reach.
 */
export async function endProcessTree(pid: number): Promise<void> {
  const known = { targets: [-pid] };
  const endNow = (): void => killAtOnce(pid, known.targets);
  process.once('exit', endNow);
  try {
    await (process.platform === 'win32' ? endWindowsTree(pid) : endGently(pid, known));
  } finally {
    process.off('exit', endNow);
  }
}

async function endGently(pid: number, known: { targets: readonly number[] }): Promise<void> {
  // Those that lead groups of their own are found while their parents still live.
  const targets = await treeOf(pid);
  known.targets = targets;
  signalAll(targets, 'SIGTERM');
  if (await allGone(targets, graceMs)) return;
  signalAll(targets, 'SIGKILL');
  await allGone(targets, killMs);
}

/** For a program that is ending itself, and can wait for nothing. */
function killAtOnce(pid: number, targets: readonly number[]): void {
  if (process.platform === 'win32') {
    spawnSync(windowsProgram('taskkill'), taskkill(pid), { stdio: 'ignore', windowsHide: true });
    return;
  }
  signalAll(targets, 'SIGKILL');
}

/** Ends what a process left behind in its group when it ended by itself. Does nothing where groups are unknown. */
export async function endLeftovers(pid: number): Promise<void> {
  if (process.platform !== 'win32' && exists(-pid)) await endProcessTree(pid);
}

/** Ends processes one by one, politely, then by force; the answer tells whether one is gone. */
export async function endProcesses(pids: readonly number[]): Promise<(pid: number) => boolean> {
  if (process.platform === 'win32') {
    await Promise.all(pids.map(endWindowsTree));
  } else {
    signalAll(pids, 'SIGTERM');
    if (!(await allGone(pids, graceMs))) {
      signalAll(pids, 'SIGKILL');
      await allGone(pids, killMs);
    }
  }
  const processes = (await listProcesses()) ?? [];
  const zombies = new Set(processes.filter(({ isZombie }) => isZombie).map(({ pid }) => pid));
  return (pid) => zombies.has(pid) || !exists(pid);
}

/** `taskkill /T /F`: there is no polite way for a console program without a window. */
async function endWindowsTree(pid: number): Promise<void> {
  await new Promise<void>((resolve) => {
    // It fails where the process has ended by itself, which is as good.
    execFile(windowsProgram('taskkill'), taskkill(pid), { windowsHide: true }, () => resolve());
  });
}

function taskkill(pid: number): string[] {
  return ['/pid', String(pid), '/T', '/F'];
}

/** The group of `pid` and its descendants, as targets of `kill`: a group is a negative number. */
async function treeOf(pid: number): Promise<number[]> {
  const processes = (await listProcesses()) ?? [];
  const found: number[] = [];
  for (let parents = [pid]; parents.length > 0;) {
    parents = processes.filter(({ parent }) => parents.includes(parent)).map((each) => each.pid);
    found.push(...parents);
  }
  return [-pid, ...found];
}

interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Ended, but its parent (in a container perhaps nobody) has not asked how yet. */
  readonly isZombie: boolean;
}

/** What runs on this machine; `null` where that cannot be listed, where process groups and waiting have to do. */
async function listProcesses(): Promise<ListedProcess[] | null> {
  try {
    // Small containers have no "ps".
    if (process.platform === 'linux') return await listFromProc();
    const ps = psProgram();
    if (ps === null) return null;
    const { stdout } = await promisify(execFile)(ps, ['-A', '-o', 'pid=,ppid=,pgid=,stat='], {
      timeout: listMs,
      maxBuffer: 16 << 20,
    });
    return [...stdout.matchAll(/^ *(\d+) +(\d+) +(\d+) +(\S)/gm)].map(([, pid, parent, group, state]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      isZombie: state === 'Z',
    }));
  } catch {
    return null;
  }
}

async function listFromProc(): Promise<ListedProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const processes = pids.map(Number).map(async (pid) => {
    const [state, parent, group] = await statFields(pid).catch(() => []);
    return { pid, parent: Number(parent), group: Number(group), isZombie: state === 'Z' };
  });
  return (await Promise.all(processes)).filter(({ group }) => group > 0);
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
  const deadline = performance.now() + withinMs;
  for (let looks = 1; ; looks += 1) {
    if (!targets.some(exists)) return true;
    // A zombie exists for ever where nobody reaps it; telling costs a process, so it is asked less often.
    if (looks % zombieLooks === 0 && (await areZombies(targets))) return true;
    if (performance.now() >= deadline) return false;
    await wait(pollMs);
  }
}

async function areZombies(targets: readonly number[]): Promise<boolean> {
  const processes = await listProcesses();
  if (processes === null) return false;
  return processes.every(
    ({ pid, group, isZombie }) => isZombie || !(targets.includes(pid) || targets.includes(-group)),
  );
}

/** Whether a process, or with a negative number any of a group, is in the system's table. */
function exists(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return errnoCode(error) === 'EPERM';
  }
}
