import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommandLine, story } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

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
      ['seed', ...database],
      ['counts', ...database, '--label', 'before'],
      ['counts', ...database, '--label', 'after', '--compare-to', 'nothing'],
    );
    await runCommandLine(['drain', ...database, '--batch-size', '2'], { cwd: folder() });
    const after = await story(
      folder(),
      ['counts', ...database, '--label', 'after', '--compare-to', 'before'],
      ['coverage', ...database],
      ['seed', ...database, '--targeted'],
      ['seed', ...database, '--targeted'],
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
