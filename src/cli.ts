import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { exitCodes, type ProgramContext } from './commandLine/commandContext.ts';
import { commandOf } from './commandLine/commands.ts';
import { StatusLine } from './commandLine/statusLine.ts';
import { roleLine } from './commandLine/roleLine.ts';
import type { DatabaseWriterPort } from './core/db/databasePorts.ts';
import { recogniseAgent } from './core/identity/agentSigns.ts';
import { maskedLogger } from './core/ports.ts';
import { printable } from './core/text/printable.ts';
import { createDatabaseReader } from './node/reader/databaseReader.ts';
import { systemClock } from './node/system/systemPorts.ts';
import { writerOnUse } from './node/writer/writerOnUse.ts';

/** Details go to stderr, and only when asked for. */
const debug = process.env.AUTOPACK_HYGIENE_DEBUG !== undefined;
const log = (level: string) => (message: string, cause?: unknown) => {
  if (!debug) return;
  const detail = typeof cause === 'string' ? ` ${cause}` : '';
  process.stderr.write(`${level}: ${message}${detail}\n`);
};
const logger = maskedLogger({
  debug: log('debug'),
  info: log('info'),
  warn: log('warn'),
  error: log('error'),
});

/** What runs this program in the place of a person, where that can be told. */
const agent = recogniseAgent(process.env, existsSync);

async function confirm(question: string): Promise<boolean> {
  const { askOnTerminal } = await import('./commandLine/terminalQuestions.ts');
  return askOnTerminal(question, process.stdin, process.stderr);
}

async function askLine(question: string): Promise<string> {
  const { askLineOnTerminal } = await import('./commandLine/terminalQuestions.ts');
  return askLineOnTerminal(question, process.stdin, process.stderr);
}

/** The writer, whose code most commands do not need; it notes what it changes in the journal of a folder (absolute). */
function writerIn(workspaceFolder: string): DatabaseWriterPort {
  return writerOnUse(() => loadWriter(workspaceFolder));
}

async function loadWriter(workspaceFolder: string): Promise<DatabaseWriterPort> {
  const [{ furtherRowsText, WriterClient }, { journalAuthor }] = await Promise.all([
    import('./node/writer/writerClient.ts'),
    import('./node/writer/journalAuthor.ts'),
  ]);
  return new WriterClient({
    processUrl: pathToFileURL(join(__dirname, 'writerProcess.js')),
    onFurtherRows: (rows, path) => process.stderr.write(`note: ${furtherRowsText(rows, path)}\n`),
    journal: {
      author: journalAuthor('command line', agent?.name),
      folderOf: () => workspaceFolder,
      onProblem: (message) => process.stderr.write(`${printable(`warning: ${message}`, Infinity)}\n`),
    },
  });
}

/** Runs the command line with this process's arguments, and sets its exit code. */
export async function main(): Promise<void> {
  const interrupt = new AbortController();
  // The first Ctrl+C ends what runs in good order, as a closed terminal does; the second ends this program at once.
  const stop = (): void =>
    interrupt.signal.aborted ? process.exit(exitCodes.interrupted) : interrupt.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) {
    // Not `once`: a library that tidies up on signals would find itself alone then, and end the program.
    process.on(signal, stop);
  }
  // Where nobody can see the progress any more, what runs ends in good order too: a crash would leave it half done.
  process.stderr.on('error', () => interrupt.abort());
  // Whoever reads the output has seen enough, as `head` does: that ends this program, and is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(
      `autopack-hygiene: The output cannot be written: ${error.message}. Write it elsewhere.\n`,
    );
    process.exit(exitCodes.refused);
  });
  const args = process.argv.slice(2);
  const reading = { workerUrl: pathToFileURL(join(__dirname, 'readerWorker.js')), logger };
  const reader = createDatabaseReader({ ...reading, startsAtOnce: commandOf(args)?.asksReader === true });
  const isHuman = agent === null && process.stdin.isTTY;
  // A terminal that cannot go back to the head of a line gets plain lines.
  const hasStatus = process.stderr.isTTY && process.env.TERM !== 'dumb';
  const statusLine = hasStatus
    ? new StatusLine(
        (text) => process.stderr.write(text),
        () => process.stderr.columns,
      )
    : null;
  const context: ProgramContext = {
    env: process.env,
    cwd: process.cwd(),
    stdout: (text) => process.stdout.write(text),
    stdoutIsTerminal: process.stdout.isTTY,
    stdoutColumns: () => (process.stdout.isTTY ? process.stdout.columns : null),
    // To erase the display, and go to its first line (ECMA-48, ED and CUP).
    clearTerminal: process.stdout.isTTY ? () => process.stdout.write('\u001b[2J\u001b[H') : null,
    stderr: (text) => (statusLine === null ? process.stderr.write(text) : statusLine.printAbove(text)),
    status: statusLine === null ? null : (text) => statusLine.show(text),
    // Asks also whether NO_COLOR is set.
    announce: (database) =>
      process.stderr.write(roleLine(database, process.stderr.isTTY && process.stderr.hasColors())),
    signal: interrupt.signal,
    // A pseudo-terminal that an agent opened is nobody's.
    confirm: isHuman ? confirm : null,
    askLine: isHuman ? askLine : null,
    args,
    approving: null,
    agent,
    reader,
    createReader: () => createDatabaseReader(reading),
    writer: writerIn(process.cwd()),
    createWriter: writerIn,
    clock: systemClock,
    version: manifest.version,
    logger,
    drainPrograms: {
      hostPath: join(__dirname, 'drainHost.js'),
      workerUrl: reading.workerUrl.href,
      writerUrl: pathToFileURL(join(__dirname, 'writerProcess.js')).href,
    },
    exampleExecutorPath: join(__dirname, '..', 'examples', 'executor', 'drainOnePhase.mjs'),
  };
  try {
    // Loaded while the reader's thread starts.
    const { runCommandLine } = await import('./commandLine/program.ts');
    process.exitCode = await runCommandLine(args, context, manifest.version);
  } finally {
    await reader.dispose();
    // A pipe that nobody empties yet must not lose the end of the output.
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }
}
