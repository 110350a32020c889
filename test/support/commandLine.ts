import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { agentVariables } from '../../src/core/identity/agentSigns.ts';

const program = join(import.meta.dirname, '../../dist/cli.js');

/** How a run of the command line ended. */
export interface CommandLineRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how to run it; `interruptAfter` presses Ctrl+C once stderr holds that text. */
export interface CommandLineOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly interruptAfter?: string;
}

/** The tester's environment, without what would tell that an agent or CI runs the tests. */
export function withoutAgent(): NodeJS.ProcessEnv {
  const signs = new Set(agentVariables);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !signs.has(name)));
}

/** Runs the built command line as a child process, without a terminal and without a `DATABASE_URL` of the tester's. */
export async function runCommandLine(
  args: readonly string[],
  options: CommandLineOptions,
): Promise<CommandLineRun> {
  if (!existsSync(program)) throw new Error(`There is no ${program}; run "npm run build" first.`);
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: { ...withoutAgent(), DATABASE_URL: '', AUTOPACK_EXAMPLE_DELAY_MS: '0', TZ: 'UTC', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, interrupted] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (interrupted || options.interruptAfter === undefined || !stderr.includes(options.interruptAfter))
      return;
    interrupted = child.kill('SIGINT');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** A run as one text: the command, what it printed, its exit code; with folders, times and random ids made equal. */
export function transcript(args: readonly string[], run: CommandLineRun, folder: string): string {
  const parts = [
    `$ autopack-hygiene ${args.join(' ')}`,
    run.stdout.trimEnd(),
    ...(run.stderr.trim() === '' ? [] : ['--- stderr', run.stderr.trimEnd()]),
    `--- exit code ${run.exitCode}`,
  ];
  return `${parts
    .filter((part) => part !== '')
    .join('\n')
    .replaceAll(folder, '<folder>')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '<time>')
    .replaceAll(localTimesOfNow(), '<time>')
    .replaceAll(/\b\d{8}([-_])\d{6}\b/g, 'YYYYMMDD$1HHMMSS')
    .replaceAll(/\b\d{8}T\d{9}Z\b/g, 'YYYYMMDDTHHMMSSmmmZ')
    .replaceAll(/(\/backups\/[^/]+)-[0-9a-f]{8}\//g, '$1-<hash>/')
    .replaceAll(/(approve --workspace \S+) [0-9a-f]{6}\b/g, '$1 <request>')
    .replaceAll(/\binode \d+/g, 'inode <n>')
    .replaceAll(/"fileId": "\d+:\d+"/g, '"fileId": "<n>:<n>"')
    .replaceAll(/"madeAt": \d+/g, '"madeAt": <n>')
    .replaceAll(/\b\d+\.\d s\b/g, '<n> s')
    .replaceAll(/"durationSeconds": [\d.]+/g, '"durationSeconds": <n>')
    .replaceAll(/[\d,]+ bytes/g, '<n> bytes')
    .replaceAll(/"sizeBytes": \d+/g, '"sizeBytes": <n>')}\n`;
}

/** Times as people read them that tests have just made; those of the data are older. */
function localTimesOfNow(): RegExp {
  const days = [0, 1].map((back) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10));
  return new RegExp(`\\b(?:${days.join('|')}) \\d{2}:\\d{2}(?::\\d{2})?`, 'g');
}

/** Runs commands one after the other in a folder, and gives the transcript of all. */
export async function story(folder: string, ...commands: readonly (readonly string[])[]): Promise<string> {
  const parts: string[] = [];
  for (const args of commands) {
    parts.push(transcript(args, await runCommandLine(args, { cwd: folder }), folder));
  }
  return parts.join('\n');
}
