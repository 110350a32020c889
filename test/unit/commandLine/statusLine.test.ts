import assert from 'node:assert/strict';
import { displayWidth } from '../../../src/commandLine/displayWidth.ts';
import { statusText } from '../../../src/commandLine/drainStatus.ts';
import { StatusLine } from '../../../src/commandLine/statusLine.ts';
import { applyProgress, newLiveDrain } from '../../../src/core/drain/drainProgress.ts';
import { hostileText, unsafeCharacter } from '../../support/hostileTexts.ts';

describe('the last line of a terminal', () => {
  let written = '';
  let columns = 20;
  const line = new StatusLine(
    (text) => (written += text),
    () => columns,
  );

  afterEach(() => {
    line.show('');
    written = '';
    columns = 20;
  });

  it('is erased before what is printed above, and put there again', () => {
    line.show('working');
    line.printAbove('one\n');
    assert.equal(written, '\r\u001b[Kworking\r\u001b[Kone\nworking');
  });

  it('costs nothing where there is none', () => {
    line.show('');
    line.printAbove('one\n');
    assert.equal(written, 'one\n');
  });

  it('stays one line of the terminal, however wide that is now, and safe', () => {
    line.show(`数据库 ${hostileText}`);
    columns = 8;
    written = '';
    line.printAbove('');
    const shown = written.slice('\r\u001b[K'.length);
    assert.ok(displayWidth(shown) < columns, shown);
    assert.doesNotMatch(shown, unsafeCharacter);
  });
});

describe('how a drain stands, in one line', () => {
  it('is a bar, counts, time and the phase', () => {
    const about = { databasePath: '/seed.db', workspaceFolder: '/', executor: 'example', startedAt: 0 };
    let live = newLiveDrain(about);
    assert.equal(statusText(live, { now: () => 2000 }), '░░░░░░░░░░░░░░░░ starting · 2 s');
    const started = { sessionId: 's', sessionPath: '/s', executor: 'example', candidates: 9, batchSize: 4 };
    live = applyProgress(live, { kind: 'session-started', ...started });
    live = { ...live, ended: 1 };
    const phase = { key: { runId: 'build', phaseId: 'parser' }, number: 2, of: 4, attempt: 1, reason: '' };
    live = applyProgress(live, { kind: 'phase-started', ...phase, startedAt: 2000, timeoutMs: 1000 });
    assert.equal(statusText(live, { now: () => 3000 }), '████░░░░░░░░░░░░ 1 of 4 · 3 s · parser');
  });
});
