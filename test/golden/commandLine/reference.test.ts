import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { CommandContext } from '../../../src/commandLine/commandContext.ts';
import { describeProgram } from '../../../src/commandLine/commandModel.ts';
import { commands } from '../../../src/commandLine/commands.ts';

const readme = join(import.meta.dirname, '../../../README.md');
const begin = '<!-- Written by test/golden/commandLine/reference.test.ts with UPDATE_GOLDEN=1. -->\n';
const end = '<!-- End of what is written by a test. -->\n';

describe('the reference of the command line', () => {
  it('in the README is what the commands say of themselves', async () => {
    const program = new Command('autopack-hygiene');
    // Only what is run would ask anything of the world.
    const context = {} as CommandContext;
    for (const { load } of commands) (await load())(program, context, () => Promise.resolve());
    const lines = describeProgram(program).commands.map(({ name, usage, description }) => ({
      call: `autopack-hygiene ${name} ${usage}`.trimEnd(),
      // The rest is for whoever asks the command itself.
      what: /^.*?[.:](?= |$)/.exec(description)?.[0].replace(/[.:]$/, '') ?? description,
    }));
    const width = Math.max(...lines.map(({ call }) => call.length));
    const block = `\n\`\`\`text\n${lines.map(({ call, what }) => `${call.padEnd(width)}  ${what}`).join('\n')}\n\`\`\`\n\n`;
    const text = readFileSync(readme, 'utf8');
    const [before = '', rest = ''] = text.split(begin);
    const [, after = ''] = rest.split(end);
    const written = `${before}${begin}${block}${end}${after}`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(readme, written);
    assert.equal(
      readFileSync(readme, 'utf8'),
      written,
      'The README differs: run this test with UPDATE_GOLDEN=1.',
    );
  });
});
