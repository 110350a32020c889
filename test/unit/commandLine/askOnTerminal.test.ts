import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { askOnTerminal } from '../../../src/commandLine/terminalQuestions.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';

const asked = (typed: string): Promise<boolean> => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = askOnTerminal('Go ahead?', input, output.resume(), true);
  input.write(typed);
  return answer;
};

describe('askOnTerminal', () => {
  for (const [typed, answer] of [
    ['y\r', true],
    ['YES\r', true],
    ['n\r', false],
    ['yesterday\r', false],
    ['\r', false],
  ] as const) {
    it(`takes ${JSON.stringify(typed)} for ${answer ? 'yes' : 'no'}`, async () => {
      assert.equal(await asked(typed), answer);
    });
  }

  for (const [name, typed] of [
    ['Ctrl+C', '\x03'],
    ['Ctrl+D', '\x04'],
  ] as const) {
    it(`takes ${name} for the end of the command`, async () => {
      await rejectsWith('cancelled', asked(typed));
    });
  }
});
