import { open } from 'node:fs/promises';

const pieceLength = 256 * 1024;

/**
 * A text file piece by piece in UTF-8, also where it is UTF-16 as PowerShell writes what it redirects. Ends where the file
 * ended when it was opened, so that it cannot grow faster than it is read. A piece is only good until the next is asked for.
 */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) return;
    const piece = Buffer.allocUnsafe(Math.min(size, pieceLength));
    await file.read(piece, 0, Math.min(size, 2), 0);
    if (size > 1 && piece[0] === 0xff && piece[1] === 0xfe) {
      const range = { start: 0, end: size - 1, autoClose: false };
      for await (const text of file.createReadStream({ ...range, encoding: 'utf16le' })) {
        yield Buffer.from(String(text));
      }
      return;
    }
    for (let position = 0; position < size;) {
      const wanted = Math.min(piece.length, size - position);
      const { bytesRead } = await file.read(piece, 0, wanted, position);
      // The file was cut meanwhile.
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}
