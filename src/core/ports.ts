import { printableLines } from './text/printable.ts';

/** The time, and waiting for it, so that tests can run hours in milliseconds. */
export interface ClockPort {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or rejects with `CancelledError` when the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where the details go that a person does not need to see at once. */
export interface LoggerPort {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string, cause?: unknown): void;
}

/** A log that masks secrets, and shows what does not show as escapes. */
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
