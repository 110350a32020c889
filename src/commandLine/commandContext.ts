import type { DatabaseWriterPort } from '../core/db/databasePorts.ts';
import type { RecognisedAgent } from '../core/identity/agentSigns.ts';
import type { ClockPort, LoggerPort } from '../core/ports.ts';
import type { WorkerPrograms } from '../node/drain/drainWorkers.ts';
import type { DatabaseReader } from '../protocol/readerProtocol.ts';
import type { Output } from './output.ts';
import type { AnnouncedDatabase } from './roleLine.ts';
import type { ProposedWrite, WriteDetails } from './proposedWrite.ts';

/** The world as a command sees it; the composition root makes the real one. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths and URLs are resolved against it. */
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  /** Whether a person sees what goes to stdout, and not a program or a file. */
  readonly stdoutIsTerminal: boolean;
  /** How many characters fit on a line of that terminal, which can change; `null` where there is none. */
  readonly stdoutColumns: () => number | null;
  /** Empties that terminal, for what takes the place of what was shown; `null` where there is none. */
  readonly clearTerminal: (() => void) | null;
  readonly stderr: (text: string) => void;
  /** Shows a last line below what goes to stderr, or none for an empty text; `null` where stderr is no terminal. */
  readonly status: ((text: string) => void) | null;
  /** Says on stderr which database is about to be written, in the color of its role where colors are wanted. */
  readonly announce: (database: AnnouncedDatabase) => void;
  /** Fires on Ctrl+C. */
  readonly signal: AbortSignal;
  /** Asks a yes/no question on the terminal; `null` where no human is at one. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  /** Asks for a line on the terminal; `null` where no human is at one. */
  readonly askLine: ((question: string) => Promise<string>) | null;
  /** The arguments of the command, as they were given. */
  readonly args: readonly string[];
  /** Set where a command is only looked at, to be approved: gets what it would write first, and ends it by what it throws. */
  readonly approving: ((write: ProposedWrite, details: WriteDetails) => never) | null;
  /** Runs another command as the program would be started for it: its arguments, without the program's own name. */
  readonly runCommand: (args: readonly string[], context: ProgramContext) => Promise<ExitCode>;
  /** Set where a tool of MCP runs the command: every write takes an approval, whatever the protection of the database. */
  readonly isTool?: boolean;
  /** What runs this program in the place of a human, where it was recognised: then no terminal is one of a human. */
  readonly agent: RecognisedAgent | null;
  readonly reader: DatabaseReader;
  /** Another reader, for what must not wait behind the first or hold it up; whoever asks for it disposes of it. */
  readonly createReader: () => DatabaseReader;
  /** Notes its changes in the journal of the current folder. */
  readonly writer: DatabaseWriterPort;
  /** The same for another workspace folder; absolute. */
  readonly createWriter: (workspaceFolder: string) => DatabaseWriterPort;
  readonly clock: ClockPort;
  /** Of this program. */
  readonly version: string;
  readonly logger: LoggerPort;
  /** The program that plays the executor in examples; absolute. */
  readonly exampleExecutorPath: string;
  /** What workers of a drain are made of; absent where nothing starts any. */
  readonly drainPrograms?: WorkerPrograms;
}

/** What the program is started with; running other commands is its own. */
export type ProgramContext = Omit<CommandContext, 'runCommand'>;

/** What a command found or did, for people (`text`) and for programs (`json`). */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** Printed with `--json`, one object. */
  readonly json: unknown;
  /** Printed without it: text ending without a line break, or what is laid out for where it is shown. */
  readonly text: string | Output;
}

/** How a command module hangs itself into the program: `report` prints what its action resolved to. */
export type Report = (options: { readonly json?: boolean }, work: Promise<CommandResult>) => Promise<void>;

/** What the exit code of every command means. */
export const exitCodes = {
  good: 0,
  /** There are findings, or phases failed. */
  findings: 1,
  /** Refused, wrong usage, or an error: nothing was done. */
  refused: 2,
  interrupted: 130,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
