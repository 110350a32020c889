import assert from 'node:assert/strict';
import { proposalNotes } from '../../../../src/editor/builders/proposalNotes.ts';

function notes(after: string, before: string | null = null): string[] {
  return proposalNotes({ key: { runId: 'r', phaseId: 'p' }, files: [{ path: 'a.py', before, after }] });
}

describe('what a diff does not show', () => {
  it('is nothing as a rule', () => {
    assert.deepEqual(notes('x = 1\n\ty = "é🙂"\n', 'x = 0\n'), []);
    assert.deepEqual(notes('a\r\nb\r\n', 'a\r\n'), []);
  });

  it('is characters that hide or turn others around', () => {
    assert.deepEqual(notes('a\u202eb\u200b\n'), ['a.py contains 2 characters that do not show.']);
    assert.deepEqual(notes('\ufeffa\n'), ['a.py contains 1 character that does not show.']);
    assert.deepEqual(notes('a\u{e0041}\n'), ['a.py contains 1 character that does not show.']);
    assert.deepEqual(notes('a\u0000\n'), ['a.py contains 1 character that does not show.']);
  });

  it('is line endings', () => {
    assert.deepEqual(notes('a\r\nb\r\n', 'a\nb\n'), ['a.py changes its line endings from LF to CRLF.']);
    assert.deepEqual(notes('a\r\nb\n', 'a\nb\n'), ['a.py changes its line endings from LF to mixed.']);
    assert.deepEqual(notes('a\r\nb\n'), ['a.py has mixed line endings.']);
    assert.deepEqual(notes('one line', 'a\nb\n'), []);
  });

  it('is the end of lines that the editor cuts, and that a file becomes empty', () => {
    assert.deepEqual(notes('x'.repeat(10_001)), ['a.py has 1 line too long to be shown whole.']);
    assert.deepEqual(notes('', 'x\n'), ['a.py will be empty.']);
  });
});
