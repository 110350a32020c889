/** A copy of one committed state, for reads too long to get one from under a busy writer. */
export interface PrivateCopy {
  /** Absolute. */
  readonly path: string;
  remove(): Promise<void>;
}

/** Copies a database as SQLite's online backup does: with its locks, beside running writers. */
export interface PrivateCopyPort {
  /** Fails with `busy`, `disk-full`, or what reading fails with. */
  copy(path: string): Promise<PrivateCopy>;
}
