import type { ByteImage } from '../sqlJs/byteImage.ts';
import { malformed } from './malformed.ts';

const interior = 5;

/**
 * The pages that hold the rows of a table, in the order of its rows: those below the interior pages of its tree, which are
 * all on the same level. Only interior pages are read, so what is listed may be no such page in a damaged file.
 * Format: https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
export function leafPages(image: ByteImage, rootPage: number): number[] {
  const header = image.read(0, 20);
  const size = (header[16] ?? 0) * 256 + (header[17] ?? 0);
  const pageSize = size === 1 ? 65_536 : size;
  const mostPages = image.byteLength / pageSize;
  const childrenOf = (page: number): number[] | null => {
    if (page < 1 || page > mostPages) throw malformed();
    const bytes = image.read((page - 1) * pageSize, pageSize);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const start = page === 1 ? 100 : 0;
    if (bytes[start] !== interior) return null;
    const cells = view.getUint16(start + 3);
    if (start + 12 + 2 * cells > pageSize) throw malformed();
    const children = Array.from({ length: cells }, (_, cell) => {
      const offset = view.getUint16(start + 12 + 2 * cell);
      if (offset + 4 > pageSize) throw malformed();
      return view.getUint32(offset);
    });
    return [...children, view.getUint32(start + 8)];
  };
  let level = [rootPage];
  for (;;) {
    const [first = 0] = level;
    if (childrenOf(first) === null) {
      if (new Set(level).size < level.length) throw malformed();
      return level;
    }
    const below: number[] = [];
    for (const page of level) for (const child of childrenOf(page) ?? []) below.push(child);
    // A page that leads back to itself.
    if (below.length > mostPages) throw malformed();
    level = below;
  }
}
