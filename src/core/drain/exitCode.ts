/** What a process that did not end by itself leaves as its exit code: by shells (128 + signal), by Python (- signal), by Windows (NTSTATUS). */
const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP: its terminal was closed',
  2: 'SIGINT: interrupted',
  3: 'SIGQUIT',
  4: 'SIGILL: illegal instruction',
  5: 'SIGTRAP',
  6: 'SIGABRT: aborted',
  7: 'SIGBUS: bad memory access',
  8: 'SIGFPE: arithmetic error',
  9: 'SIGKILL: killed, often for want of memory',
  11: 'SIGSEGV: crashed',
  13: 'SIGPIPE: its reader is gone',
  14: 'SIGALRM: its timer ran out',
  15: 'SIGTERM: asked to end',
  24: 'SIGXCPU: used up its processor time',
  25: 'SIGXFSZ: wrote too large a file',
  31: 'SIGSYS: forbidden system call',
};

const windowsStatus: Readonly<Record<number, string>> = {
  0x40010004: 'ended with the session of its user',
  0xc0000005: 'crashed: access violation',
  0xc0000017: 'out of memory',
  0xc000001d: 'crashed: illegal instruction',
  0xc00000fd: 'crashed: stack overflow',
  0xc0000135: 'a library was not found',
  0xc0000139: 'a library lacks a function',
  0xc000013a: 'interrupted by Ctrl+C',
  0xc0000142: 'a library could not be initialized',
  0xc0000374: 'crashed: heap corruption',
  0xc0000409: 'crashed: stack buffer overrun',
};

const shellCodes: Readonly<Record<number, string>> = {
  126: 'the command cannot be executed',
  127: 'command not found',
  9009: 'command not found',
};

/** What an exit code means where it is no choice of the program, in words; `null` for any other. */
export function exitCodeMeaning(exitCode: number): string | null {
  const unsigned = exitCode < -255 ? exitCode + 2 ** 32 : exitCode;
  if (exitCode < 0 && exitCode >= -64) return signals[-exitCode] ?? `signal ${-exitCode}`;
  if (exitCode > 128 && exitCode <= 165) return signals[exitCode - 128] ?? `signal ${exitCode - 128}`;
  return windowsStatus[unsigned] ?? shellCodes[exitCode] ?? null;
}

/** How a program ended, in words. */
export function exitText(exitCode: number | null): string {
  if (exitCode === null) return 'Ended by a signal';
  const meaning = exitCodeMeaning(exitCode);
  return meaning === null ? `Exit code ${exitCode}` : `Exit code ${exitCode} (${meaning})`;
}
