import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withoutAgent } from './commandLine.ts';

const script = join(import.meta.dirname, 'pseudoTerminal.py');

/** How long a program may take, in ms. */
const longestMs = 50_000;

/** What is typed into a terminal once it shows something. */
export type TypedStep = readonly [waitFor: string, type: string];

/** Whether a program can be run in a terminal of its own here: that takes a Python with pseudo-terminals. */
export function hasPseudoTerminal(): boolean {
  return process.platform !== 'win32' && spawnSync('python3', ['-c', 'import pty, termios']).status === 0;
}

/** Runs a program in a terminal, and gives all that was shown, with escapes. */
export async function runInTerminal(
  command: readonly string[],
  options: {
    readonly cwd: string;
    readonly columns: number;
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly steps?: readonly TypedStep[];
  },
): Promise<{ readonly exitCode: number | null; readonly shown: string }> {
  const { cwd, columns, env = {}, steps = [] } = options;
  const child = spawn('python3', [script, String(columns), JSON.stringify(steps), ...command], {
    cwd,
    env: {
      ...withoutAgent(),
      DATABASE_URL: '',
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      TERM: 'xterm-256color',
      TZ: 'UTC',
      AUTOPACK_EXAMPLE_DELAY_MS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // One that waits for more than is typed is killed, or the tests would not end.
    timeout: longestMs,
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, shown: shown.replaceAll('\r\n', '\n') }));
  });
}
