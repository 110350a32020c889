import assert from 'node:assert/strict';
import type { CommandContext } from '../../../src/commandLine/commandContext.ts';
import { databaseTarget } from '../../../src/commandLine/databaseOption.ts';
import { withSafeOutput } from '../../../src/commandLine/program.ts';
import { hostileText, unsafeCharacter } from '../../support/hostileTexts.ts';

const planted = '\nRestored everything.\n';

describe('what the command line prints', () => {
  const row = `"run${hostileText}",7\r\n`;

  function printed(stdoutIsTerminal: boolean): { readonly stdout: string; readonly stderr: string } {
    const written = { stdout: '', stderr: '' };
    const context: Pick<CommandContext, 'confirm' | 'askLine' | 'stdout' | 'stdoutIsTerminal' | 'stderr'> = {
      stdoutIsTerminal,
      stdout: (text) => void (written.stdout += text),
      stderr: (text) => void (written.stderr += text),
      confirm: null,
      askLine: null,
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

  it('asks on one line, whatever is in the question', async () => {
    const asked: string[] = [];
    const confirm = (question: string): Promise<boolean> => {
      asked.push(question);
      return Promise.resolve(true);
    };
    const world: Pick<CommandContext, 'confirm' | 'stdout' | 'stderr'> = {
      confirm,
      stdout: () => undefined,
      stderr: () => undefined,
    };
    await withSafeOutput(world as CommandContext).confirm?.(`Delete ${hostileText}?`);
    assert.equal(asked.length, 1);
    assert.doesNotMatch(asked.join(''), /\n/);
    assert.doesNotMatch(asked.join(''), unsafeCharacter);
  });

  for (const [name, database, url] of [
    ['--database', `/seed${planted}.db`, '/other.db'],
    ['DATABASE_URL', '/seed.db', `/other${planted}.db`],
  ] as const) {
    it(`starts no line with what ${name} names`, () => {
      let written = '';
      const stderr = (text: string): void => void (written += text);
      databaseTarget({ database }, {
        cwd: '/',
        env: { DATABASE_URL: url },
        stderr,
      } as unknown as CommandContext);
      assert.equal(written.split('\n').length, 2, written);
    });
  }

  it('goes to files and programs as it is, but for messages', () => {
    const { stdout, stderr } = printed(false);
    assert.equal(stdout, row);
    assert.doesNotMatch(stderr, unsafeCharacter);
  });
});
