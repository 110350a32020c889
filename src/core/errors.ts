import { t } from './text/l10n.ts';
import { maskSecrets } from './text/maskSecrets.ts';

/** What went wrong, as a stable code that callers and tests can rely on. */
export type ErrorCode =
  | 'no-database'
  | 'not-found'
  | 'not-a-file'
  | 'no-permission'
  | 'not-sqlite'
  | 'not-autopack'
  | 'corrupt'
  | 'unsupported'
  | 'too-large'
  | 'unreadable'
  | 'unreadable-pins'
  | 'busy'
  | 'locked'
  | 'replaced'
  | 'triggers'
  | 'hot-journal'
  | 'unexpected-changes'
  | 'timed-out'
  | 'exists'
  | 'unknown-run'
  | 'unknown-phase'
  | 'run-exists'
  | 'changed'
  | 'held'
  | 'wrong-role'
  | 'not-adopted'
  | 'other-database'
  | 'which-file'
  | 'other-server'
  | 'unreachable'
  | 'uncertain'
  | 'read-only'
  | 'needs-consent'
  | 'needs-approval'
  | 'protected'
  | 'git'
  | 'empty-database'
  | 'no-telemetry-table'
  | 'nothing-missing'
  | 'no-executor'
  | 'no-endpoint'
  | 'no-interpreter'
  | 'no-chat-model'
  | 'invalid-url'
  | 'invalid-argument'
  | 'drain-running'
  | 'lease-lost'
  | 'at-work'
  | 'disk-full'
  | 'no-resources'
  | 'untrusted-workspace'
  | 'old-node'
  | 'cancelled';

/** An error a person can act on: one line that says what happened, and the next step to take; secrets in both are masked. */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
  readonly code: ErrorCode;
  readonly nextStep: string;

  constructor(code: ErrorCode, message: string, nextStep: string, options?: ErrorOptions) {
    super(maskSecrets(message), options);
    this.code = code;
    this.nextStep = maskSecrets(nextStep);
  }
}

/** Thrown when an `AbortSignal` fired: never shown as a failure. */
export class CancelledError extends UserFacingError {
  constructor(what: string) {
    super(
      'cancelled',
      t`${what} was cancelled.`,
      t`No partial changes remain. You can run it again at any time.`,
    );
  }
}

const transient: readonly ErrorCode[] = ['busy', 'locked', 'unreachable'];

/**
 * Whether a database could not be used for now: locks and changes of others, and a server that is gone, starts up or has no
 * room. Nothing was written then, and trying again may help.
 */
export function isTransient(error: unknown): error is UserFacingError {
  return error instanceof UserFacingError && transient.includes(error.code);
}

/** Codes of Node and of systems that mean that the process has no more of something. */
const exhausted: Readonly<Partial<Record<string, 'file descriptors' | 'memory' | 'processes'>>> = {
  EMFILE: 'file descriptors',
  ENFILE: 'file descriptors',
  ENOMEM: 'memory',
  ENOBUFS: 'memory',
  ERR_WORKER_OUT_OF_MEMORY: 'memory',
  ERR_MEMORY_ALLOCATION_FAILED: 'memory',
  ERR_STRING_TOO_LONG: 'memory',
  ERR_WORKER_INIT_FAILED: 'file descriptors',
  EAGAIN: 'processes',
};
/** Those that only a message tells: of V8, WebAssembly and SQLite, and of Node where it loads a module. */
const outOfDescriptors = /: too many open files\.?$/i;
const outOfMemory =
  /^(?:(?:Array buffer|WebAssembly\.\w+\(\): .*) ?allocation failed|Invalid (?:string|array|typed array) length|.*could not allocate memory|out of memory\b)/i;

/** What to say where the process has run out of descriptors, memory or processes; `null` for any other error. */
export function resourceError(error: unknown): UserFacingError | null {
  if (!(error instanceof Error) || error instanceof UserFacingError) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // A device that has nothing to read at the moment gives the same code as a system that starts no more processes.
  const isRead = code === 'EAGAIN' && 'syscall' in error && error.syscall === 'read';
  const lacking = isRead ? undefined : (exhausted[code] ?? lackingByMessage(error));
  if (lacking === undefined) return null;
  return new UserFacingError('no-resources', ...lackTexts(lacking), { cause: error });
}

/** What the system has none of, and what to do about it. */
function lackTexts(
  lacking: 'file descriptors' | 'memory' | 'processes',
): [message: string, nextStep: string] {
  switch (lacking) {
    case 'file descriptors':
      return [
        t`The system has no file descriptors left for this.`,
        t`Raise the limit on open files ("ulimit -n"), or close other programs, then try again.`,
      ];
    case 'memory':
      return [
        t`The system has no memory left for this.`,
        t`Close other programs, or give this one more memory, then try again.`,
      ];
    case 'processes':
      return [
        t`The system has no processes left for this.`,
        t`Close other programs, or raise the limit on processes ("ulimit -u"), then try again.`,
      ];
  }
}

function lackingByMessage({ message }: Error): 'file descriptors' | 'memory' | undefined {
  if (outOfDescriptors.test(message)) return 'file descriptors';
  return outOfMemory.test(message) ? 'memory' : undefined;
}

/** The plain form in which an error crosses a worker or webview boundary. */
export interface SerializedError {
  readonly code: ErrorCode | 'internal';
  readonly message: string;
  readonly nextStep: string;
  readonly stack?: string;
}

/** Turns anything thrown into its plain form; what is not user-facing becomes `internal`, with its stack for the log. */
export function serializeError(thrown: unknown): SerializedError {
  const error = resourceError(thrown) ?? thrown;
  if (error instanceof UserFacingError) {
    return { code: error.code, message: error.message, nextStep: error.nextStep };
  }
  const message = maskSecrets(error instanceof Error ? error.message : String(error));
  const plain = { code: 'internal', message, nextStep: t`Open the log for the details.` } as const;
  return error instanceof Error && error.stack !== undefined
    ? { ...plain, stack: maskSecrets(error.stack) }
    : plain;
}

/** The inverse of {@link serializeError}. */
export function deserializeError(plain: SerializedError): Error {
  if (plain.code === 'internal') {
    const error = new Error(plain.message);
    if (plain.stack !== undefined) error.stack = plain.stack;
    return error;
  }
  return plain.code === 'cancelled'
    ? Object.assign(new CancelledError(''), { message: plain.message })
    : new UserFacingError(plain.code, plain.message, plain.nextStep);
}
