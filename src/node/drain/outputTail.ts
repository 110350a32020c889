import type { FileHandle } from 'node:fs/promises';
import { maskSecrets } from '../../core/text/maskSecrets.ts';
import { decodeEnd } from '../files/regularFile.ts';

/** How much of a stream is kept for messages and fingerprints, in bytes. */
export const tailBytes = 8 * 1024;

/** The end of a file as text; bytes that are not UTF-8 become U+FFFD, a character cut in half is left out, secrets are masked. */
export async function readTail(file: FileHandle, bytes: number = tailBytes): Promise<string> {
  const { size } = await file.stat();
  const start = Math.max(0, size - bytes);
  const buffer = new Uint8Array(Math.min(size, bytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return maskSecrets(decodeEnd(buffer.subarray(0, bytesRead), start > 0));
}
