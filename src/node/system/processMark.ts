import { execFile } from 'node:child_process';
import { readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errnoCode } from './fileError.ts';
import { psProgram, windowsProgram } from './findProgram.ts';
import { readSmallFile } from './regularFile.ts';

const run = promisify(execFile);
const timeout = 5000;
/** In bytes, of what the system tells. */
const longest = 64 << 10;

/** Whether a process of this machine is in the system's table. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoCode(error) === 'EPERM';
  }
}

/**
 * When a process began, in words of the system's own: two processes that get the same id one after the other differ in
 * it. `null` where the system does not say, or for a process that has ended and only was not reaped yet.
 */
export async function processMark(pid: number): Promise<string | null> {
  try {
    return await (process.platform === 'linux' ? linuxMark(pid) : listedMark(pid));
  } catch {
    return null;
  }
}

/**
 * Within what an id of a process means one process: this boot, and this namespace of process ids. Containers may share a host
 * name. `null` where the system does not tell.
 */
export async function processSpace(): Promise<string | null> {
  try {
    const [boot, namespace] = await Promise.all([bootId(), readlink('/proc/self/ns/pid')]);
    return `${boot} ${namespace}`;
  } catch {
    return null;
  }
}

/**
 * What tells a process from every other of all machines: its {@link processSpace}, and when it began. `null` where the system
 * does not tell, or for one that has ended.
 */
export async function markOfProcess(pid: number): Promise<string | null> {
  try {
    const [space, began] = await Promise.all([processSpace(), startTicks(pid)]);
    return space === null || began === null ? null : `${space} ${began}`;
  } catch {
    return null;
  }
}

async function listedMark(pid: number): Promise<string | null> {
  const query = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  const [program, args] =
    process.platform === 'win32'
      ? [windowsProgram('powershell'), ['-NoProfile', '-NonInteractive', '-Command', query]]
      : [psProgram(), ['-o', 'lstart=', '-p', String(pid)]];
  if (program === null) return null;
  const { stdout } = await run(program, args, { timeout, windowsHide: true });
  return stdout.trim() === '' ? null : stdout.trim();
}

/** The id of the boot and the ticks since then: proc(5), `stat`, field 22. */
async function linuxMark(pid: number): Promise<string | null> {
  const [boot, began] = await Promise.all([bootId(), startTicks(pid)]);
  return began === null ? null : `${boot} ${began}`;
}

async function bootId(): Promise<string> {
  return (await readSmallFile('/proc/sys/kernel/random/boot_id', longest)).trim();
}

/** `null` for a process that has ended and only was not reaped yet. */
async function startTicks(pid: number): Promise<string | null> {
  const fields = await statFields(pid);
  return fields[0] === 'Z' ? null : (fields[19] ?? '');
}

/**
 * `/proc/PID/stat` (proc(5)) behind the name, which may hold spaces and parentheses: state, parent, group and so on. Fails
 * where there is no such process, or no such file system.
 */
export async function statFields(pid: number): Promise<readonly string[]> {
  const stat = await readSmallFile(`/proc/${pid}/stat`, longest);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
