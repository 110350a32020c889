import { existingFileId } from '../../../src/node/writer/placeNewFile.ts';
import { findPhaseWorkers } from '../../../src/node/identity/phaseWorkers.ts';
import { skipBecause } from '../skipBecause.ts';

/** Skips the test where a program that is none of the test's may be at work on any database, this one included. */
export async function aloneOnTheMachine(context: Mocha.Context, databasePath: string): Promise<void> {
  const [stranger] = (await findPhaseWorkers(existingFileId(databasePath))) ?? [];
  if (stranger !== undefined) skipBecause(context, `${stranger.command} runs beside the tests`);
}
