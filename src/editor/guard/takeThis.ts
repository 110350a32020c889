import { basename } from 'node:path';
import { executeCommand } from '../commands/registerCommand.ts';
import type { Offers } from '../offers/offers.ts';
import { askWhichFile, whichFileText, type WhichFileDeps } from './askWhichFile.ts';
import { guardOf } from './guardOf.ts';

/** What trusting a file needs. */
export interface TakeThisDeps extends WhichFileDeps {
  readonly offers: Offers;
}

/** Remembers a database as it is now, on a person's word that it is the one they mean; tells whether they said so. Writes nothing into it. */
export async function takeThis(
  path: string,
  deps: TakeThisDeps & Parameters<typeof guardOf>[1],
): Promise<boolean> {
  const guard = guardOf(path, deps);
  const offer = await deps.offers.about(path);
  const inspection = await guard.inspect(path);
  // Without an identity there is nothing to remember it by.
  if (inspection.mark.id === null) {
    await executeCommand('adoptDatabase');
    return false;
  }
  const original = await guard.originalOf(inspection);
  const question = {
    message: `Trust ${basename(path)}?`,
    detail: [
      ...whichFileText(inspection, original),
      '',
      'A trusted file is remembered as it is now; nothing is written into it.',
    ],
    goOn: 'Trust This File',
  };
  if (!(await askWhichFile(offer, original, question, deps))) return false;
  await guard.pin(path);
  return true;
}
