import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const files = 200;
/** Every tenth file tells again what the file before it tells. */
const capturedTwice = 10;
const samplesPerFile = 10_000;
const start = Date.UTC(2025, 0, 1);
const categories = ['implementation', 'tests', 'docs', 'refactoring'];
const complexities = ['low', 'medium', 'high'];
const noise = [
  'Building context for the next phase: 14 files, 3 of them read-only',
  '[Executor] applying patch to src/part7/main.py (2 hunks)',
  '    self.assertEqual(len(found), 3)',
];

/**
 * Fills a folder with logs of `files * samplesPerFile` = 2,000,000 samples, and three other lines to each: all of the second
 * format but for one in 50 of the first and one in 50 fallbacks; a quarter of the files without prefixes. The calls have the
 * times of database L. The same every time.
 */
export function generateLogs(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (let file = 0; file < files; file += 1) {
    const own = file % capturedTwice === capturedTwice - 1 ? file - 1 : file;
    const inFolder = join(folder, `run-${String(own).padStart(3, '0')}`);
    mkdirSync(inFolder, { recursive: true });
    writeLog(join(inFolder, `capture-${file}.${file % 2 === 0 ? 'log' : 'txt'}`), own, file % 4 !== 3);
  }
}

function writeLog(path: string, file: number, hasPrefix: boolean): void {
  const log = openSync(path, 'w');
  let text = '';
  for (let call = file * samplesPerFile; call < (file + 1) * samplesPerFile; call += 1) {
    const time = new Date(start + call * 1000).toISOString().slice(0, 19).replace('T', ' ');
    const prefix = hasPrefix ? `[${time}] INFO: ` : '';
    for (const line of noise) text += `${prefix}${line}\n`;
    text += `${prefix}${sampleLine(call)}\n`;
    if (text.length < 1_000_000) continue;
    writeSync(log, text);
    text = '';
  }
  writeSync(log, text);
  closeSync(log);
}

function sampleLine(call: number): string {
  const predicted = 800 + random(call * 3, 9000);
  const actual = 500 + random(call * 7, 9000);
  if (call % 50 === 7) {
    return `[TokenEstimation] Predicted: ${predicted} output tokens, Actual: ${actual} output tokens, Error: 12.3%`;
  }
  const phase = Math.floor(call / 20);
  const kind = `category=${categories[random(phase, 4)]} complexity=${complexities[random(phase * 13, 3)]} deliverables=${1 + random(call, 6)}`;
  const success = call % 10 < 8 ? 'True' : 'False';
  const model = ['sonnet', 'opus'][random(call * 17, 2)];
  if (call % 50 === 23) {
    return `[TokenEstimationV2] predicted_output=${predicted} actual_total=${actual} selected_budget=12288 ${kind} success=${success} model=${model}`;
  }
  const [reason, truncated] = [
    ['end_turn', 'max_tokens'][random(call, 2)],
    call % 25 === 0 ? 'True' : 'False',
  ];
  return `[TokenEstimationV2] predicted_output=${predicted} actual_output=${actual} smape=40.0% selected_budget=12288 ${kind} success=${success} stop_reason=${reason} truncated=${truncated} model=${model}`;
}

/** The pseudo-random number of the generated databases, exactly: its product does not fit into a number. */
function random(seed: number, below: number): number {
  return Number(((BigInt(seed) * 2654435761n) % 1000003n) % BigInt(below));
}
