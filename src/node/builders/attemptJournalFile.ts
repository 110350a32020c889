import { join } from 'node:path';
import * as z from 'zod';
import type { AttemptJournalPort, JournalEntry } from '../../core/builders/attemptJournal.ts';
import { recordedCall } from '../../core/builders/recordedCall.ts';
import { epochMs } from '../../core/model/timestamp.ts';
import type { OwnFolder } from '../system/ownFolder.ts';
import { openOwnFile } from '../system/replaceFile.ts';
import { fileError } from '../system/fileError.ts';

/** In the folder of an attempt, a line of JSON an entry. */
const fileName = 'journal.ndjson';
/** In bytes; a call takes half a kilobyte. */
const longest = 1 << 20;

const entry: z.ZodType<JournalEntry> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('claimed'),
    claim: z.object({
      runId: z.string(),
      phaseId: z.string(),
      attempt: z.number(),
      before: z.object({ phase: z.string(), tier: z.string().nullable(), run: z.string().nullable() }),
      claimedAt: epochMs,
    }),
  }),
  z.object({ kind: z.literal('call-started'), at: epochMs }),
  z.object({ kind: z.literal('call-ended'), call: recordedCall.nullable() }),
  z.object({ kind: z.literal('settled') }),
  z.object({ kind: z.literal('recovered'), isOurs: z.boolean() }),
]);

/** The journal of the attempt whose folder that is. */
export function attemptJournalFile(folder: OwnFolder): AttemptJournalPort {
  const path = join(folder.path, fileName);
  return {
    async write(next) {
      await folder.make();
      try {
        const file = await openOwnFile(path, 'append');
        try {
          await file.appendFile(`${JSON.stringify(next)}\n`);
          await file.datasync();
        } finally {
          await file.close();
        }
      } catch (error) {
        throw fileError(error, path);
      }
    },
    async read() {
      const text = await folder.read(fileName, longest);
      return (text ?? '').split('\n').flatMap(entriesOf);
    },
  };
}

/** The last line may have been cut off by a kill, and others changed by whoever: what is no entry is left out. */
function entriesOf(line: string): JournalEntry[] {
  if (line === '') return [];
  try {
    return [entry.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
