/** Pages that stand in front of the main file: committed frames of a WAL, or originals kept in a rollback journal. */
export interface PageLayer {
  /** In bytes; where it differs from the main file's, SQLite goes by the layer's. */
  readonly pageSize: number;
  /** How many pages the database has by this layer. */
  readonly pageCount: number;
  has(page: number): boolean;
  /** Copies from page `page` (from 1), starting `from` bytes into it, as much as fits in `target`. */
  read(page: number, from: number, target: Uint8Array): void;
}

/** Lays the pages of a layer over `target`, which holds the bytes of the database from `position` on. */
export function overlay(layer: PageLayer, position: number, target: Uint8Array): void {
  const { pageSize } = layer;
  const end = position + target.length;
  for (let page = Math.floor(position / pageSize) + 1; (page - 1) * pageSize < end; page++) {
    if (!layer.has(page)) continue;
    const start = (page - 1) * pageSize;
    const from = Math.max(0, position - start);
    const to = Math.min(pageSize, end - start);
    layer.read(page, from, target.subarray(start + from - position, start + to - position));
  }
}
