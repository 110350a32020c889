import { readFileSync } from 'node:fs';

/**
 * The most memory this process had so far, in KiB. On Linux from /proc: what `getrusage` tells of a process that was
 * forked begins with the memory of the one that forked it.
 */
export function peakMemoryKib(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  const [, peak] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(peak);
}
