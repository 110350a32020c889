import { PinFile } from '../../node/identity/pinFile.ts';
import { guardFolder } from '../guard/guardOf.ts';
import type { BulkDeps } from '../guard/requeuePhases.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** Moves pins that cannot be read aside, after a question that says what is forgotten with them. */
export async function fixPins(path: string, { clock, errors, offers }: BulkDeps): Promise<void> {
  const pins = new PinFile(guardFolder(path));
  const offer = await offers.about(path);
  const button = 'Move It Away';
  const detail = [
    'What this folder remembers of its databases is forgotten with it: until they are remembered anew, at the next write, a copy or a replaced file cannot be told.',
    '',
    `File: ${pins.path}`,
  ];
  const message = 'Move the damaged pins file away?';
  if ((await offer.ask({ severity: 'warning', message, detail, buttons: [button] })) !== button) return;
  const kept = await pins.moveAway(clock.now());
  errors.watch(safeWindow.showInformationMessage(`The damaged pins file is now ${kept}.`));
}
