import type { ByteImage } from '../sqlJs/byteImage.ts';
import { malformed } from './malformed.ts';

const interior = 5;

/** The pages of a table. */
export interface TreePages {
  /** Those that hold its rows, in the order of the rows. */
  readonly leaves: Uint32Array<SharedArrayBuffer>;
  /** Those that were read to find them. */
  readonly read: readonly number[];
}

/**
 * The pages of a table: its rows are below the interior pages of its tree, which are all on the same level. Only interior
 * pages are read, and one below, so what is listed may be no such page in a damaged file.
 * Format: https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
export function leafPages(image: ByteImage, rootPage: number): TreePages {
  const header = image.read(0, 20);
  const size = (header[16] ?? 0) * 256 + (header[17] ?? 0);
  const pageSize = size === 1 ? 65_536 : size;
  const mostPages = image.byteLength / pageSize;
  const read: number[] = [];
  /** Appends the children of a page; `false` where it is none that has children. */
  const addChildren = (page: number, to: number[]): boolean => {
    if (page < 1 || page > mostPages) throw malformed();
    const bytes = image.read((page - 1) * pageSize, pageSize);
    read.push(page);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const start = page === 1 ? 100 : 0;
    if (bytes[start] !== interior) return false;
    const cells = view.getUint16(start + 3);
    if (start + 12 + 2 * cells > pageSize) throw malformed();
    for (let cell = 0; cell < cells; cell += 1) {
      const offset = view.getUint16(start + 12 + 2 * cell);
      if (offset + 4 > pageSize) throw malformed();
      to.push(view.getUint32(offset));
    }
    to.push(view.getUint32(start + 8));
    return true;
  };
  let level = [rootPage];
  for (;;) {
    const below: number[] = [];
    if (!addChildren(level[0] ?? 0, below)) return { leaves: unique(level, mostPages), read };
    for (let at = 1; at < level.length; at += 1) addChildren(level[at] ?? 0, below);
    // A page that leads back to itself.
    if (below.length > mostPages) throw malformed();
    level = below;
  }
}

/** Pages that all are in the file, and each once. */
function unique(pages: readonly number[], mostPages: number): Uint32Array<SharedArrayBuffer> {
  const seen = new Uint8Array(Math.floor(mostPages / 8) + 1);
  const found = new Uint32Array(new SharedArrayBuffer(4 * pages.length));
  for (const [at, page] of pages.entries()) {
    const bit = 1 << (page & 7);
    if (page > mostPages || ((seen[page >> 3] ?? 0) & bit) !== 0) throw malformed();
    seen[page >> 3] = (seen[page >> 3] ?? 0) | bit;
    found[at] = page;
  }
  return found;
}
