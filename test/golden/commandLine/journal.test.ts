import { copyFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { meddle } from '../../support/guard/guardWorld.ts';
import { story } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('command line, the journal of changes', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const database = ['--database', 'seed.db'];

  it('lists what was changed, by whom, the way back, and where database and folder disagree', async () => {
    const path = join(folder(), 'seed.db');
    const began = await story(
      folder(),
      ['init', ...database],
      ['journal', ...database],
      ['seed', ...database, '--yes'],
      ['drain', ...database, '--batch-size', '1', '--yes'],
    );
    meddle(path, `UPDATE phases SET state = 'FAILED' WHERE state = 'COMPLETE'`);
    const changed = await story(
      folder(),
      ['requeue', ...database, '--all', '--yes'],
      ['journal', ...database],
      ['journal', ...database, '--limit', '1', '--json'],
    );
    const older = join(folder(), 'older');
    await copyFile(path, older);
    const later = await story(folder(), ['seed', ...database, '--run-id', 'another', '--yes']);
    await copyFile(older, path);
    const restored = await story(
      folder(),
      ['journal', ...database, '--limit', '2'],
      ['journal', '--all', '--limit', '1'],
    );
    const all = [began, changed, later, restored]
      .join('\n')
      .replaceAll(`${userInfo().username}@${hostname()}`, '<user>@<host>')
      .replaceAll(/"(user|host)": "[^"]*"/g, '"$1": "<$1>"')
      .replaceAll(/"pid": \d+/g, '"pid": <n>')
      .replaceAll(/"mark": "[0-9a-f]+"/g, '"mark": "<mark>"');
    assertGolden(join(import.meta.dirname, 'journal.txt'), all);
  });
});
