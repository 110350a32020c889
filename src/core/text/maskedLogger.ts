import type { LoggerPort } from '../ports.ts';
import { printableLines } from './printable.ts';

/** A log that masks the secrets in what it is told, and shows what does not show as escapes. */
export function maskedLogger(log: LoggerPort): LoggerPort {
  const cause = (error: unknown): unknown =>
    error instanceof Error ? printableLines(error.stack ?? error.message) : error;
  return {
    debug: (message) => log.debug(printableLines(message)),
    info: (message) => log.info(printableLines(message)),
    warn: (message) => log.warn(printableLines(message)),
    error: (message, error) =>
      log.error(printableLines(message), ...(error === undefined ? [] : [cause(error)])),
  };
}
