import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommandLine, story } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { addTelemetry } from '../../support/telemetryDatabase.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { sample } from '../../unit/core/telemetry/sampleFixtures.ts';

const database = ['--database', 'seed.db'];

describe('telemetry commands, as text', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  const golden = (name: string): string => join(import.meta.dirname, name);

  it('shows what is missing, seeds just that, counts and exports', async () => {
    const commands = ['coverage', 'export', 'counts'];
    const before = await story(
      folder(),
      ...commands.map((name) => [name, '--help']),
      ['init', ...database],
      ['coverage', ...database, '--json'],
      ['seed', '--yes', ...database],
      ['counts', ...database, '--label', 'before'],
      ['counts', ...database, '--label', 'after', '--compare-to', 'nothing'],
    );
    await runCommandLine(['drain', '--yes', ...database, '--batch-size', '2'], { cwd: folder() });
    const after = await story(
      folder(),
      ['counts', ...database, '--label', 'after', '--compare-to', 'before'],
      ['coverage', ...database],
      ['seed', '--yes', ...database, '--targeted'],
      ['seed', '--yes', ...database, '--targeted'],
      ['coverage', ...database],
      ['export', ...database, '--format', 'csv'],
      ['export', ...database, '--format', 'ndjson'],
      ['export', ...database, '--format', 'html', '--output', 'report.html'],
      ['export', ...database, '--format', 'otlp', '--output', 'report.html'],
      ['export', ...database, '--format', 'otlp', '--output', 'spans.json', '--json'],
      ['export', ...database, '--format', 'md', '--output', 'seed.db', '--overwrite'],
      ['export', ...database, '--format', 'csv', '--json'],
      ['export', ...database],
    );
    // The line ends of CSV would not survive every checkout; its own tests hold them.
    assertGolden(golden('telemetry.txt'), `${before}\n${after}`.replaceAll('\r\n', '\n'));
  });

  it('exports what filters leave, and says which they were', async () => {
    await runCommandLine(['init', ...database], { cwd: folder() });
    addTelemetry(join(folder(), 'seed.db'), [
      sample({ timestamp: Date.UTC(2025, 11, 24, 6) }),
      sample({ timestamp: Date.UTC(2025, 11, 24, 7), category: 'documentation', actual: 1500 }),
      sample({ timestamp: Date.UTC(2025, 11, 25, 6), category: 'docs', complexity: 'high', model: 'other' }),
      sample({ timestamp: Date.UTC(2025, 11, 25, 6), category: 'docs', complexity: 'high', model: 'other' }),
      sample({ timestamp: Date.UTC(2025, 11, 26, 6), category: 'tests', success: false }),
    ]);
    const csv = ['export', ...database, '--format', 'csv'];
    const docs = ['--category', 'doc', '--since', '2025-12-24T06:30', '--until', '2025-12-25'];
    const text = await story(
      folder(),
      [...csv, ...docs],
      [...csv, '--quality', 'suspect', 'failed'],
      [...csv, '--run', 'RU', '--model', 'other', '--complexity', 'High', '--output', 'out.csv'],
      ['export', ...database, '--format', 'ndjson', ...docs, '--output', 'out.ndjson', '--json'],
      ['export', ...database, '--format', 'otlp', '--model', 'other', '--quality', 'clean'],
      ['export', ...database, '--format', 'md', ...docs, '--success-only'],
      ['export', ...database, '--format', 'md', '--category', 'nothing'],
      [...csv, '--since', 'yesterday'],
      [...csv, '--quality', 'splendid'],
    );
    const note = await readFile(join(folder(), 'out.csv-metadata.json'), 'utf8');
    const told = note
      .replaceAll(folder(), '<folder>')
      .replace(/"exported_at": ".*"/, '"exported_at": "<time>"');
    assertGolden(
      golden('filteredExport.txt'),
      `${text}\nout.csv-metadata.json\n${told}`.replaceAll('\r\n', '\n'),
    );
  });

  it('reads logs, alone and beside the database, and lists what is suspect', async () => {
    const call = (predicted: number, rest: string): string =>
      `[TokenEstimationV2] predicted_output=${predicted} ${rest} category=tests complexity=low deliverables=1`;
    const good = `${call(1000, 'actual_output=1300 smape=26.1% selected_budget=8192')} success=True stop_reason=end_turn truncated=False model=m`;
    const total = `${call(1000, 'actual_total=9000 selected_budget=8192')} success=True model=m`;
    await mkdir(join(folder(), 'logs', 'run'), { recursive: true });
    await writeFile(
      join(folder(), 'logs', 'run', 'stdout.txt'),
      `[2025-12-29 19:04:18] INFO: ${good}\n[2025-12-29 19:05:18] INFO: ${good}\n${total}\n`,
    );
    await writeFile(
      join(folder(), 'logs', 'again.log'),
      `${good}\n${good}\n${total}\n[TokenEstimationV2] predicted_output=1`,
    );
    await writeFile(
      join(folder(), 'logs', 'v1.log'),
      '[TokenEstimation] Predicted: 300 output tokens, Actual: 128 output tokens, Error: 57.3%\n',
    );
    const logs = ['--log-dir', 'logs'];
    const text = await story(
      folder(),
      ['init', ...database],
      ['analyze', ...logs, '--list-suspect'],
      ['analyze', ...database, ...logs, '--list-suspect', '1', '--json'],
      ['analyze', '--log-dir', 'gone'],
      ['export', ...logs, '--format', 'csv'],
      ['export', ...logs, '--format', 'md', '--success-only'],
    );
    assertGolden(golden('logs.txt'), text);
  });
});
