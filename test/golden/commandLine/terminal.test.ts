import { join } from 'node:path';
import { transcript } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hasPseudoTerminal, runInTerminal } from '../../support/terminalSession.ts';

const program = join(import.meta.dirname, '../../../dist/cli.js');
const styles: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
};

/** Styles as words, to be read in a file. */
function readable(shown: string): string {
  // eslint-disable-next-line no-control-regex -- what sets a style
  return shown.replaceAll(/\u001b\[(\d+)m/g, (_, code: string) => `{${styles[code] ?? '/'}}`);
}

describe('the command line in a terminal', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  before(function () {
    if (!hasPseudoTerminal()) skipBecause(this, 'there is no Python with pseudo-terminals');
  });

  for (const columns of [80, 160]) {
    it(`of ${columns} columns`, async () => {
      createBacklog(join(folder(), 'backlog.db'));
      const database = ['--database', 'backlog.db'];
      const parts: string[] = [];
      for (const args of [
        ['runs', ...database],
        ['runs', ...database, '--color', 'never', '--limit', '1'],
        ['phases', 'build-1', ...database],
        ['phase', 'build-1', 'parser', ...database],
        ['failures', ...database],
        ['runs', '--help'],
      ]) {
        const { exitCode, shown } = await runInTerminal([process.execPath, program, ...args], {
          cwd: folder(),
          columns,
        });
        parts.push(transcript(args, { exitCode, stdout: readable(shown), stderr: '' }, folder()));
      }
      assertGolden(join(import.meta.dirname, `terminal-${columns}.txt`), parts.join('\n'));
    });
  }
});
