import type { Command } from 'commander';
import type { CommandContext, Report } from './commandContext.ts';

/** A command, which is loaded when it is used. */
interface CommandEntry {
  readonly name: string;
  /** Whether it begins with a short question to the reader, whose thread is then started while the command is loaded. */
  readonly asksReader?: boolean;
  /** Whether it looks at all the others. */
  readonly needsAll?: boolean;
  /** Gives what adds it to the program. */
  readonly load: () => Promise<(program: Command, context: CommandContext, report: Report) => void>;
}

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  { name: 'init', load: async () => (await import('./initCommand.ts')).addInitCommand },
  { name: 'seed', asksReader: true, load: async () => (await import('./seedCommand.ts')).addSeedCommand },
  {
    name: 'identity',
    asksReader: true,
    load: async () => (await import('./identityCommand.ts')).addIdentityCommand,
  },
  { name: 'runs', asksReader: true, load: async () => (await import('./runsCommand.ts')).addRunsCommand },
  {
    name: 'phases',
    asksReader: true,
    load: async () => (await import('./phasesCommand.ts')).addPhasesCommand,
  },
  { name: 'phase', asksReader: true, load: async () => (await import('./phaseCommand.ts')).addPhaseCommand },
  { name: 'drain', asksReader: true, load: async () => (await import('./drainCommand.ts')).addDrainCommand },
  { name: 'sessions', load: async () => (await import('./sessionsCommand.ts')).addSessionsCommand },
  {
    name: 'failures',
    asksReader: true,
    load: async () => (await import('./failuresCommand.ts')).addFailuresCommand,
  },
  { name: 'analyze', load: async () => (await import('./analyzeCommand.ts')).addAnalyzeCommand },
  { name: 'coverage', load: async () => (await import('./coverageCommand.ts')).addCoverageCommand },
  { name: 'export', load: async () => (await import('./exportCommand.ts')).addExportCommand },
  {
    name: 'counts',
    asksReader: true,
    load: async () => (await import('./countsCommand.ts')).addCountsCommand,
  },
  { name: 'calibrate', load: async () => (await import('./calibrateCommand.ts')).addCalibrateCommand },
  { name: 'quickstart', load: async () => (await import('./quickstartCommand.ts')).addQuickstartCommand },
  { name: 'adopt', asksReader: true, load: async () => (await import('./adoptCommand.ts')).addAdoptCommand },
  {
    name: 'protect',
    asksReader: true,
    load: async () => (await import('./protectCommand.ts')).addProtectCommand,
  },
  { name: 'approve', load: async () => (await import('./approveCommand.ts')).addApproveCommand },
  {
    name: 'doctor',
    asksReader: true,
    load: async () => (await import('./doctorCommand.ts')).addDoctorCommand,
  },
  { name: 'stale', asksReader: true, load: async () => (await import('./staleCommand.ts')).addStaleCommand },
  {
    name: 'requeue',
    asksReader: true,
    load: async () => (await import('./requeueCommand.ts')).addRequeueCommand,
  },
  {
    name: 'delete-run',
    asksReader: true,
    load: async () => (await import('./deleteRunCommand.ts')).addDeleteRunCommand,
  },
  {
    name: 'journal',
    asksReader: true,
    load: async () => (await import('./journalCommand.ts')).addJournalCommand,
  },
  {
    name: 'backup',
    asksReader: true,
    load: async () => (await import('./backupCommand.ts')).addBackupCommand,
  },
  {
    name: 'restore',
    asksReader: true,
    load: async () => (await import('./restoreCommand.ts')).addRestoreCommand,
  },
  { name: 'mcp', load: async () => (await import('./mcpCommand.ts')).addMcpCommand },
  {
    name: 'completion',
    needsAll: true,
    load: async () => (await import('./completionCommand.ts')).addCompletionCommand,
  },
];

/** The command that the arguments (without the program's own name) ask for, or `null`: none, the help, or one there is not. */
export function commandOf(args: readonly string[]): CommandEntry | null {
  return commands.find(({ name }) => name === args[0]) ?? null;
}
