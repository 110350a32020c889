/** The bytes of a database, to be read as SQLite asks for them. */
export interface ByteImage {
  readonly byteLength: number;
  /** How many of them lie in files; the rest is only declared, and reads as zeros. All by default. */
  readonly storedBytes?: number;
  /** `length` bytes from `position` on; the view is used at once and not kept. Throws to end the query. */
  read(position: number, length: number): Uint8Array;
}
