import assert from 'node:assert/strict';
import type { CommandContext } from '../../../src/commandLine/commandContext.ts';
import { withSafeOutput } from '../../../src/commandLine/safeOutput.ts';
import { hostileText, unsafeCharacter } from '../../support/hostileTexts.ts';

describe('what the command line prints', () => {
  const row = `"run${hostileText}",7\r\n`;

  function printed(stdoutIsTerminal: boolean): { readonly stdout: string; readonly stderr: string } {
    const written = { stdout: '', stderr: '' };
    const context: Pick<CommandContext, 'confirm' | 'stdout' | 'stdoutIsTerminal' | 'stderr'> = {
      stdoutIsTerminal,
      stdout: (text) => void (written.stdout += text),
      stderr: (text) => void (written.stderr += text),
      confirm: null,
    };
    const safe = withSafeOutput(context as CommandContext);
    safe.stdout(row);
    safe.stderr(row);
    return written;
  }

  it('is shown as escapes on a terminal, whatever it is', () => {
    const { stdout, stderr } = printed(true);
    assert.doesNotMatch(stdout, unsafeCharacter);
    assert.doesNotMatch(stderr, unsafeCharacter);
    assert.match(stdout, /",7\n$/);
  });

  it('goes to files and programs as it is, but for messages', () => {
    const { stdout, stderr } = printed(false);
    assert.equal(stdout, row);
    assert.doesNotMatch(stderr, unsafeCharacter);
  });
});
