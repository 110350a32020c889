import { journalAuthor } from '../../src/node/writer/journalAuthor.ts';
import type { WriterJournal } from '../../src/node/writer/writerClient.ts';

/** Notes changes in the journal of a folder (absolute), as the command line does. */
export function journalIn(folder: string): WriterJournal {
  return { author: journalAuthor('command line'), folderOf: () => folder };
}
