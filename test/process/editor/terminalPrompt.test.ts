import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, it } from 'mocha';
import { terminalPrompt } from '../../../src/editor/identity/terminalPrompt.ts';
import { cacheFolder } from '../../host/projectPaths.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const run = promisify(execFile);
const shellFolder = join(import.meta.dirname, '../../../media/shell');
const { prefix, variables } = terminalPrompt({ id: null, role: 'legacy' }, shellFolder, {});

/** What VS Code starts shells with, in the host that the tests get; `undefined` without one. */
async function integrationScripts(): Promise<string | undefined> {
  const found = await readdir(cacheFolder, { recursive: true }).catch(() => []);
  const script = found.find((path) => path.endsWith('shellIntegration-bash.sh'));
  return script === undefined ? undefined : dirname(join(cacheFolder, script));
}

describe('the prompt of a terminal that was given the selected database', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let home: string;

  beforeEach(async function () {
    if (process.platform !== 'linux') skipBecause(this, 'script(1) of util-linux makes the terminal');
    home = folder();
    await writeFile(join(home, '.bashrc'), 'shopt -s nullglob\nPS1="mine> "\n');
    await writeFile(join(home, '.zshrc'), 'PROMPT="mine> "\n');
    await mkdir(join(home, 'z'));
  });

  /** Types into a shell on a terminal, and gives what it printed without colors and titles. */
  async function typed(
    context: Mocha.Context,
    command: string,
    environment: Readonly<Record<string, string>>,
    lines: readonly string[],
  ): Promise<string> {
    const [shell = ''] = command.split(' ');
    await run('which', [shell]).catch(() => skipBecause(context, `there is no ${shell}`));
    const typing = run('script', ['-qec', command, '/dev/null'], {
      env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm', ...environment },
    });
    typing.child.stdin?.end([...lines, 'exit 0', ''].join('\n'));
    const { stdout } = await typing;
    // eslint-disable-next-line no-control-regex -- what terminals are told
    return stdout.replaceAll(/\u001b\][^\u0007]*\u0007|\u001b[[(][0-9;?]*[a-zA-Z]|\u000f/g, '');
  }

  async function scripts(context: Mocha.Context): Promise<string> {
    return (await integrationScripts()) ?? skipBecause(context, 'there is no VS Code with its scripts');
  }

  it('begins with the role in bash, after its own files', async function () {
    const command = `bash --init-file ${join(await scripts(this), 'shellIntegration-bash.sh')} -i`;
    const environment = { VSCODE_INJECTION: '1', VSCODE_ENV_PREPEND: `PS1=${prefix}` };
    assert.match(await typed(this, command, environment, []), /\(legacy, not adopted\) mine> /);
  });

  it('begins with it in zsh', async function () {
    await copyFile(join(await scripts(this), 'shellIntegration-rc.zsh'), join(home, 'z', '.zshrc'));
    const environment = { VSCODE_INJECTION: '1', USER_ZDOTDIR: home, ZDOTDIR: join(home, 'z') };
    const prepended = { ...environment, VSCODE_ENV_PREPEND: `PS1=${prefix}` };
    assert.match(await typed(this, 'zsh -i', prepended, []), /\(legacy, not adopted\) mine> /);
  });

  it('begins with it in fish, whose own prompt still knows how the last command ended', async function () {
    await writeFile(join(home, 'prompt.fish'), 'function fish_prompt; echo "$status mine> "; end\n');
    const own = `fish -i -C "source ${join(home, 'prompt.fish')}"`;
    assert.match(await typed(this, own, variables, ['sh -c "exit 7"']), /\(legacy, not adopted\) 7 mine> /);
  });
});
