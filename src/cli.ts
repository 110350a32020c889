import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { askOnTerminal } from './commandLine/consent.ts';
import { exitCodes, type CommandContext } from './commandLine/commandContext.ts';
import { runCommandLine } from './commandLine/program.ts';
import { maskedLogger } from './core/ports.ts';
import { createDatabaseReader } from './node/reader/databaseReader.ts';
import type { DatabaseReader } from './protocol/readerProtocol.ts';
import { systemClock } from './node/system/systemPorts.ts';
import { furtherRowsText, WriterClient } from './node/writer/writerClient.ts';

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

const confirm = (question: string): Promise<boolean> =>
  askOnTerminal(question, process.stdin, process.stderr);

async function main(): Promise<void> {
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
  const createReader = (): DatabaseReader =>
    createDatabaseReader({ workerUrl: pathToFileURL(join(__dirname, 'readerWorker.js')), logger });
  const reader = createReader();
  const context: CommandContext = {
    env: process.env,
    cwd: process.cwd(),
    stdout: (text) => process.stdout.write(text),
    stdoutIsTerminal: process.stdout.isTTY,
    stderr: (text) => process.stderr.write(text),
    signal: interrupt.signal,
    confirm: process.stdin.isTTY ? confirm : null,
    reader,
    createReader,
    writer: new WriterClient({
      processUrl: pathToFileURL(join(__dirname, 'writerProcess.js')),
      onFurtherRows: (rows, path) => process.stderr.write(`note: ${furtherRowsText(rows, path)}\n`),
    }),
    clock: systemClock,
    version: manifest.version,
    logger,
    exampleExecutorPath: join(__dirname, '..', 'examples', 'executor', 'drainOnePhase.mjs'),
  };
  try {
    process.exitCode = await runCommandLine(process.argv.slice(2), context, manifest.version);
  } finally {
    await reader.dispose();
    // A pipe that nobody empties yet must not lose the end of the output.
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }
}

void main();
