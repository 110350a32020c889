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
