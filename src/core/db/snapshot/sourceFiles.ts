/** What tells one state of a file from another without reading it. */
export interface FileStamp {
  /** `device:inode`. */
  readonly fileId: string;
  /** In bytes. */
  readonly size: number;
  /** Nanoseconds since the epoch, as coarse as the file system's clock. */
  readonly modified: bigint;
}

/** A file held open: it stays the same file even when its path comes to name another. */
export interface SourceFile {
  stamp(): FileStamp;
  /** Fills `target` from `position` (bytes) on, and returns how many bytes there were to read. */
  read(position: number, target: Uint8Array): number;
  close(): void;
  /** Where the file lies on this machine: its number, with which other threads can read it. */
  readonly descriptor?: number;
}

/** Synchronous, read-only access to files, for SQLite asks for its pages synchronously. */
export interface SourceFiles {
  /** The path behind all symbolic links, beside which SQLite puts WAL and journal; `null` where there is no such file. */
  realPath(path: string): string | null;
  /** `null` where there is no such file. Throws `UserFacingError` where it may not be read or is no file. */
  open(path: string): SourceFile | null;
  /** The file a path names now; `null` where there is none. */
  stamp(path: string): FileStamp | null;
}

/** Names a committed state of a database. */
export interface SnapshotVersion {
  /** Equal tokens mean an equal state. */
  readonly token: string;
  /** `device:inode`: another one under the same path means the file was replaced. */
  readonly fileId: string;
}
