/** Names a committed state of a database. */
export interface SnapshotVersion {
  /** Equal tokens mean an equal state. */
  readonly token: string;
  /** `device:inode`: another one under the same path means the file was replaced. */
  readonly fileId: string;
}
