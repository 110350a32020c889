// Writes and puts back the files of a phase until it is killed: node writeRepeatedly.ts WORKSPACE. It says when it begins.
import { join } from 'node:path';
import { DeliverableFiles } from '../../../src/node/builders/deliverableFiles.ts';
import { phaseBrief } from '../phaseBrief.ts';
import { killedAnswer } from './killedAnswer.ts';
import { attemptFolder } from './attemptFolder.ts';

const [, , workspace = ''] = process.argv;
const files = new DeliverableFiles(join(workspace));
const brief = phaseBrief({ paths: ['lib/', 'made/'] });
process.stdout.write('begun\n');
for (let attempt = 1; ; attempt += 1) {
  const folder = attemptFolder(workspace, attempt);
  await files.write(await files.plan(brief, killedAnswer), folder);
  process.stdout.write('.');
  await files.restore(folder);
}
