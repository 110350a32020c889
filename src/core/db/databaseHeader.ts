/** Bytes of the header at the start of page 1. https://www.sqlite.org/fileformat2.html#the_database_header */
export const headerLength = 100;

/** The text that every database begins with. */
export const magic = 'SQLite format 3\0';

/** The fields of the database header that a reader without SQLite needs. */
export interface DatabaseHeader {
  /** In bytes. */
  readonly pageSize: number;
  /** Whether the file says it is in WAL mode. */
  readonly wal: boolean;
  /** Counts the transactions of a rollback-mode database; in WAL mode it moves only now and then. */
  readonly changeCounter: number;
}

/** Reads a page size as the formats store it, or `null` where it is none. */
export function pageSizeOf(stored: number): number | null {
  const size = stored === 1 ? 65_536 : stored;
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0 ? size : null;
}

/** Whether bytes from the start of a file are those of a SQLite database. */
export function beginsDatabase(bytes: Uint8Array): boolean {
  for (let i = 0; i < magic.length; i++) if (bytes[i] !== magic.charCodeAt(i)) return false;
  return true;
}

/** Reads a database header; `null` where the bytes are not the start of a SQLite database. */
export function parseDatabaseHeader(bytes: Uint8Array): DatabaseHeader | null {
  if (bytes.length < headerLength || !beginsDatabase(bytes)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const pageSize = pageSizeOf(view.getUint16(16));
  if (pageSize === null) return null;
  return { pageSize, wal: view.getUint8(19) === 2, changeCounter: view.getUint32(24) };
}
