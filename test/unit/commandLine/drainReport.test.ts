import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { drainProgressText } from '../../../src/commandLine/drainReport.ts';
import type { DrainResult } from '../../../src/core/drain/drainResult.ts';

describe('what came of a phase, on a line', () => {
  const result = {
    ...{ runId: 'build-1', phaseId: 'parser', finalState: 'COMPLETE', durationMs: 3000 },
    ...{ yield: { tokenEvents: 0, usageEvents: 0 }, error: null, zeroYield: null },
  } as unknown as DrainResult;
  const line = (announced: { readonly runId: string; readonly phaseId: string } | null): string | null =>
    drainProgressText({ kind: 'phase-finished', result }, announced);

  it('says no name where the line before says it', () => {
    assert.match(line({ runId: 'build-1', phaseId: 'parser' }) ?? '', /^ {8}COMPLETE after 3\.0 s; /);
  });

  it('names a phase that no line announced, as of workers, or not the last one', () => {
    for (const announced of [null, { runId: 'build-1', phaseId: 'lexer' }])
      assert.match(line(announced) ?? '', /^ {8}build-1 parser: COMPLETE after 3\.0 s; /);
  });
});
