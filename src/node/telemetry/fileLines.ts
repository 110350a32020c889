import { open } from 'node:fs/promises';

/** No line of a log is longer; what follows up to the next break is dropped, so that no file fills the memory. In characters. */
const longestLine = 64 * 1024;

/** The lines of a text file without their ends, streamed. UTF-8, or UTF-16 as PowerShell writes what it redirects. */
export async function* fileLines(path: string): AsyncGenerator<string> {
  const file = await open(path);
  try {
    const mark = Buffer.alloc(2);
    await file.read(mark, 0, 2, 0);
    const encoding = mark[0] === 0xff && mark[1] === 0xfe ? 'utf16le' : 'utf8';
    let rest = '';
    for await (const chunk of file.createReadStream({ encoding, start: 0, autoClose: false })) {
      const lines = (rest + String(chunk)).split(/\r?\n/);
      rest = (lines.pop() ?? '').slice(0, longestLine);
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    await file.close();
  }
}
