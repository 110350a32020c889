import { StringDecoder } from 'node:string_decoder';
import { RegularFile } from '../files/regularFile.ts';

const pieceLength = 256 * 1024;

/**
 * A text file piece by piece in UTF-8, also where it is UTF-16 as PowerShell writes what it redirects. Ends where the file
 * ended when it was opened, so that it cannot grow faster than it is read. A piece is only good until the next is asked for.
 * No link is followed.
 */
export async function* fileBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await RegularFile.open(path, { signal });
  try {
    const { size } = file;
    const piece = Buffer.allocUnsafe(Math.min(size, pieceLength));
    let utf16: StringDecoder | undefined;
    for (let position = 0; position < size;) {
      const bytesRead = await file.read(piece.subarray(0, Math.min(piece.length, size - position)), position);
      // The file was cut meanwhile.
      if (bytesRead === 0) return;
      if (position === 0 && piece[0] === 0xff && piece[1] === 0xfe) utf16 = new StringDecoder('utf16le');
      const bytes = piece.subarray(0, bytesRead);
      yield utf16 === undefined ? bytes : Buffer.from(utf16.write(bytes));
      position += bytesRead;
    }
  } finally {
    file.close();
  }
}
