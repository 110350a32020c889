import type { CommandContext } from '../../../src/commandLine/commandContext.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import type { GuardWorld } from './guardWorld.ts';

/** The world of a command in a folder, as far as the guard needs it; nobody can be asked unless `confirm` says so. */
export function commandContext(
  { folder, reader, writer }: GuardWorld,
  changes: Partial<CommandContext> = {},
): CommandContext {
  const context: Partial<CommandContext> = {
    env: {},
    cwd: folder,
    stderr: () => undefined,
    announce: () => undefined,
    signal: new AbortController().signal,
    confirm: null,
    askLine: null,
    agent: null,
    args: [],
    approving: null,
    reader,
    writer,
    clock: systemClock,
    ...changes,
  };
  return context as CommandContext;
}
