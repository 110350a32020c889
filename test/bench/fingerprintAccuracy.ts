import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { maskError } from '../../src/core/failures/fingerprint.ts';
import { groupingAccuracy, type LabelledText } from '../support/groupingAccuracy.ts';
import { parseCsv } from '../support/parseCsv.ts';

const suffix = '_structured.csv';

/** The `Content` and `EventId` of every line of a labelled log. */
function readLabelledLog(file: string): LabelledText[] {
  const [header = [], ...rows] = parseCsv(readFileSync(file, 'utf8'));
  const [text, label] = [header.indexOf('Content'), header.indexOf('EventId')];
  if (text === -1 || label === -1) throw new Error(`${file} has no columns Content and EventId.`);
  return rows.map((row) => ({ text: row[text] ?? '', label: row[label] ?? '' }));
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: node test/bench/fingerprintAccuracy.ts <folder with *_structured.csv files>');
  process.exit(2);
}
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith(suffix),
);
const figures = files.sort().map((name) => {
  const { accuracy, wrong } = groupingAccuracy(readLabelledLog(join(folder, name)), (text) =>
    maskError(text),
  );
  console.log(`${accuracy.toFixed(3)}  ${basename(name, suffix)}`);
  if (process.argv.includes('--wrong')) for (const line of wrong) console.log(`         ${line}`);
  return accuracy;
});
const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
console.log(`${mean.toFixed(3)}  mean of ${figures.length}`);
