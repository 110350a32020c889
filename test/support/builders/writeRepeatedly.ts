// Writes and puts back the files of a phase until it is killed: node writeRepeatedly.ts WORKSPACE. It says when it begins.
import { join } from 'node:path';
import { attemptFolderOf } from '../../../src/node/builders/checkpoint.ts';
import { DeliverableFiles } from '../../../src/node/builders/deliverableFiles.ts';
import { phaseBrief } from '../phaseBrief.ts';
import { killedAnswer } from './killedAnswer.ts';

const [, , workspace = ''] = process.argv;
const files = new DeliverableFiles(join(workspace));
const brief = phaseBrief({ paths: ['lib/', 'made/'] });
process.stdout.write('begun\n');
for (let attempt = 1; ; attempt += 1) {
  const folder = attemptFolderOf(workspace, 'batch-drain-20260101-000000', brief, attempt);
  await files.write(await files.plan(brief, killedAnswer), folder);
  process.stdout.write('.');
  await files.restore(folder);
}
