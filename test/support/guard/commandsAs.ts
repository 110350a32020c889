import { runCommandLine } from '../../../src/commandLine/program.ts';
import { recogniseAgent } from '../../../src/core/identity/agentSigns.ts';
import type { CommandLineRun } from '../commandLine.ts';
import { commandContext } from './commandContext.ts';
import type { GuardWorld } from './guardWorld.ts';

/** Who runs a command, and in which environment. */
export interface CommandRunner {
  readonly env?: Readonly<Record<string, string>>;
  /** Whether a terminal is there, and what is typed into it; without it, a human types nothing. */
  readonly terminal?: { readonly typed: string };
  /** Ms since the epoch; the real time by default. */
  readonly now?: number;
  readonly cwd?: string;
}

/** A known agent, as it runs commands. */
export const agent: CommandRunner = { env: { CLAUDECODE: '1' } };

/** A human at a terminal of their own, who types that. */
export function human(typed: string): CommandRunner {
  return { terminal: { typed } };
}

/** Runs a command of the product in this process, put together as its own composition root does it. */
export async function runAs(
  { env = {}, terminal, now, cwd }: CommandRunner,
  world: GuardWorld,
  ...args: readonly string[]
): Promise<CommandLineRun> {
  let [stdout, stderr] = ['', ''];
  const recognised = recogniseAgent(env);
  const isHuman = terminal !== undefined && recognised === null;
  const base = commandContext(world);
  const context = {
    ...base,
    env,
    cwd: cwd ?? world.folder,
    args,
    agent: recognised,
    stdout: (text: string) => void (stdout += text),
    stdoutIsTerminal: false,
    stdoutColumns: () => null,
    stderr: (text: string) => void (stderr += text),
    confirm: isHuman ? () => Promise.resolve(terminal.typed.startsWith('y')) : null,
    askLine: isHuman ? () => Promise.resolve(terminal.typed) : null,
    createReader: () => world.reader,
    createWriter: () => world.writer,
    clock: now === undefined ? base.clock : { ...base.clock, now: () => now },
    version: '0.0.0',
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    exampleExecutorPath: new URL('../../../examples/executor/drainOnePhase.mjs', import.meta.url).pathname,
  };
  const exitCode = await runCommandLine(args, context, context.version);
  return { exitCode, stdout, stderr };
}

const quiet = (): void => undefined;
