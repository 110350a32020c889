/** SQLite's own objection to a statement or to the database it reads. */
export class SqlError extends Error {
  override readonly name = 'SqlError';

  /** `cause` is what sql.js threw: an error, or now and then a string. */
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }

  /** Whether SQLite itself broke down, in an assertion or out of its memory: then no later query can be trusted. */
  get isFatal(): boolean {
    // Traps of WebAssembly are the only errors of other kinds.
    return this.cause instanceof Error && this.cause.name !== 'Error';
  }
}
