import type { LoggerPort } from '../../src/core/ports.ts';

/** The reader's worker as source: Node strips its types, so a test needs no build. */
/** The process that writes, from its source. */
export const writerUrl = new URL('../../src/node/writer/writerProcess.ts', import.meta.url);
export const workerUrl = new URL('../../src/node/reader/readerWorker.ts', import.meta.url);

/** For tests in which nobody reads the log. */
export const silentLogger: LoggerPort = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
