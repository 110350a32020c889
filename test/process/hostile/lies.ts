import { pageSize } from '../../support/faults/pageFuzzTests.ts';

/** A database file as bytes, and where things are in it. */
export class Pages {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  get count(): number {
    return this.bytes.length / pageSize;
  }
  start(page: number): number {
    return (page - 1) * pageSize;
  }
  header(page: number): number {
    return this.start(page) + (page === 1 ? 100 : 0);
  }
  kind(page: number): number {
    return this.bytes[this.header(page)] ?? 0;
  }
  ofKind(kind: number): number[] {
    return Array.from({ length: this.count }, (_, at) => at + 1).filter(
      (page) => page > 1 && this.kind(page) === kind,
    );
  }
  cells(page: number): number[] {
    const header = this.header(page);
    const count = this.bytes.readUInt16BE(header + 3);
    const first = header + (this.kind(page) === 5 ? 12 : 8);
    return Array.from(
      { length: count },
      (_, at) => this.start(page) + this.bytes.readUInt16BE(first + 2 * at),
    );
  }
  /** Where the number of the first overflow page stands, of every cell of a leaf that has one. */
  overflows(page: number): number[] {
    return this.cells(page).flatMap((cell) => {
      const [length, at] = this.varint(cell);
      const [, content] = this.varint(at);
      const usable = pageSize;
      if (length <= usable - 35) return [];
      const least = Math.floor(((usable - 12) * 32) / 255) - 23;
      const even = least + ((length - least) % (usable - 4));
      return [content + (even <= usable - 35 ? even : least)];
    });
  }
  varint(at: number): [value: number, next: number] {
    let value = 0;
    for (;;) {
      const byte = this.bytes[at++] ?? 0;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return [value, at];
    }
  }
}

const interior = 5;
const leaf = 13;

/** A lie, told in the bytes of a sound file whose events have overflow pages; `says` is what the reader finds wrong. */
export const lies: readonly {
  readonly name: string;
  readonly tell: (pages: Pages) => void;
  readonly says: RegExp;
}[] = [
  {
    name: 'a tree that leads back to its root',
    tell: (pages) =>
      pages.ofKind(interior).forEach((page) => pages.bytes.writeUInt32BE(page, pages.header(page) + 8)),
    says: /malformed \(page \d+ is reached twice\)/,
  },
  {
    name: 'a tree whose branches all lead to one leaf',
    tell: (pages) => {
      const [only = 0] = pages.ofKind(leaf);
      for (const page of pages.ofKind(interior))
        for (const cell of pages.cells(page)) pages.bytes.writeUInt32BE(only, cell);
    },
    says: /malformed/,
  },
  {
    name: 'a tree that is deeper than any',
    tell: (pages) => {
      const [root = 0] = pages.ofKind(interior);
      const chain = [...pages.ofKind(leaf), ...pages.ofKind(0)].filter((page) => page !== root).slice(0, 60);
      let from = root;
      for (const page of chain) {
        pages.bytes.writeUInt16BE(0, pages.header(from) + 3);
        pages.bytes[pages.header(from)] = interior;
        pages.bytes.writeUInt32BE(page, pages.header(from) + 8);
        from = page;
      }
      pages.bytes[pages.header(from)] = leaf;
    },
    says: /malformed \(the tree is deeper than 20 at page \d+\)/,
  },
  {
    name: 'one overflow chain for every row',
    tell: (pages) => {
      const places = pages.ofKind(leaf).flatMap((page) => pages.overflows(page));
      const [first = 0] = places;
      for (const place of places) pages.bytes.writeUInt32BE(pages.bytes.readUInt32BE(first), place);
    },
    says: /malformed \(page \d+ is reached twice\)/,
  },
  {
    name: 'an overflow chain in a circle',
    tell: (pages) => {
      for (const place of pages.ofKind(leaf).flatMap((page) => pages.overflows(page))) {
        const page = pages.bytes.readUInt32BE(place);
        pages.bytes.writeUInt32BE(page, pages.start(page));
      }
    },
    says: /malformed \(page \d+ is reached twice\)/,
  },
  {
    name: 'an overflow chain that leads beyond the end',
    tell: (pages) => {
      for (const place of pages.ofKind(leaf).flatMap((page) => pages.overflows(page)))
        pages.bytes.writeUInt32BE(0xffffffff, place);
    },
    says: /malformed \(page 4294967295 is beyond the end\)/,
  },
  {
    name: 'rows of an exabyte',
    tell: (pages) => {
      for (const page of pages.ofKind(leaf)) {
        for (const cell of pages.cells(page))
          pages.bytes.fill(0xff, cell, cell + 8).writeUInt8(0x7f, cell + 8);
      }
    },
    says: /malformed/,
  },
  {
    name: 'pages of no kind',
    tell: (pages) => pages.ofKind(leaf).forEach((page) => (pages.bytes[pages.header(page)] = 99)),
    says: /malformed/,
  },
  {
    name: 'cells beyond their page',
    tell: (pages) =>
      pages.ofKind(leaf).forEach((page) => pages.bytes.writeUInt16BE(0xfff0, pages.header(page) + 8)),
    says: /malformed/,
  },
  {
    name: 'more cells than a page can hold',
    tell: (pages) =>
      pages.ofKind(leaf).forEach((page) => pages.bytes.writeUInt16BE(0xffff, pages.header(page) + 3)),
    says: /malformed/,
  },
  {
    name: 'more pages than a file can hold, in the header',
    tell: (pages) => pages.bytes.writeUInt32BE(0xfffffffe, 28),
    says: /malformed/,
  },
  {
    name: 'another page size',
    tell: (pages) => pages.bytes.writeUInt16BE(512, 16),
    says: /malformed|damaged/,
  },
  {
    name: 'the largest page size',
    tell: (pages) => pages.bytes.writeUInt16BE(1, 16),
    says: /malformed|damaged/,
  },
  {
    name: 'no page size',
    tell: (pages) => pages.bytes.writeUInt16BE(3, 16),
    says: /is not a SQLite database/,
  },
  {
    name: 'most of each page reserved',
    tell: (pages) => (pages.bytes[20] = 255),
    says: /malformed|damaged|not a SQLite database/,
  },
  {
    name: 'a format of the future',
    tell: (pages) => pages.bytes.writeUInt32BE(9, 44),
    says: /unsupported file format/,
  },
  {
    name: 'nothing but zeros behind the header',
    tell: (pages) => pages.bytes.fill(0, 100),
    says: /malformed|damaged/,
  },
  {
    name: 'a schema that leads back to itself',
    tell: (pages) => {
      pages.bytes[100] = interior;
      pages.bytes.writeUInt16BE(0, 103);
      pages.bytes.writeUInt32BE(1, 108);
    },
    says: /malformed|damaged/,
  },
];
