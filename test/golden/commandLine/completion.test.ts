import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommandLine } from '../../support/commandLine.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hasPseudoTerminal, runInTerminal } from '../../support/terminalSession.ts';

function has(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true'], { stdio: 'ignore' }).status === 0;
}

/** A path in which every shell would see something to interpret. */
const odd = "it's $HOME";

describe('completion', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  beforeEach(async () => {
    await writeFile(join(folder(), 'seed.db'), '');
    await mkdir(join(folder(), odd));
  });

  async function script(shell: string): Promise<string> {
    const { stdout, exitCode } = await runCommandLine(['completion', shell], { cwd: folder() });
    assert.equal(exitCode, 0);
    const path = join(folder(), 'completion');
    await writeFile(path, stdout);
    return path;
  }

  it('knows its shells', async () => {
    const { stderr, exitCode } = await runCommandLine(['completion', 'csh'], { cwd: folder() });
    assert.equal(exitCode, 2);
    assert.match(stderr, /bash, zsh, fish, powershell/);
  });

  it('completes commands, options, choices and names in bash', async function () {
    if (!has('bash')) skipBecause(this, 'there is no bash');
    const path = await script('bash');
    // The words as bash splits them, the last of which is being typed.
    const complete = (...words: readonly string[]): string[] => {
      const quoted = words.map((word) => `'${word}'`).join(' ');
      const { stdout, stderr } = spawnSync(
        'bash',
        [
          '--norc',
          '-c',
          `source ${path}; COMP_WORDS=(autopack-hygiene ${quoted}); COMP_CWORD=${words.length}; _autopack_hygiene; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        { cwd: folder(), encoding: 'utf8' },
      );
      assert.equal(stderr, '');
      return stdout.split('\n').filter((line) => line !== '');
    };
    assert.deepEqual(complete('an'), ['analyze']);
    assert.deepEqual(complete('analyze', '--format', ''), ['text', 'md', 'json', 'html']);
    assert.deepEqual(complete('analyze', '--format', '=', 'h'), ['html']);
    assert.deepEqual(complete('analyze', '--format', '='), ['text', 'md', 'json', 'html']);
    assert.deepEqual(complete('identity', '--database', 's'), ['seed.db']);
    assert.deepEqual(complete('drain', '--workspace', ''), [odd]);
    assert.deepEqual(complete('drain', '--batch-size', ''), []);
    assert.deepEqual(complete('--color', 'n'), ['never']);
    assert.deepEqual(complete('completion', 'z'), ['zsh']);
    assert.ok(complete('drain', '--dry').includes('--dry-run'));
    assert.ok(!complete('analyze', '--dry').includes('--dry-run'));
  });

  it('completes commands, options, choices and names in fish', async function () {
    if (!has('fish')) skipBecause(this, 'there is no fish');
    const path = await script('fish');
    const complete = (line: string): string[] => {
      const { stdout, stderr } = spawnSync(
        'fish',
        ['--no-config', '-c', `source ${path}; complete -C 'autopack-hygiene ${line}'`],
        { cwd: folder(), encoding: 'utf8', env: { ...process.env, HOME: folder() } },
      );
      assert.equal(stderr, '');
      return stdout.split('\n').flatMap((row) => (row === '' ? [] : (row.split('\t')[0] ?? [])));
    };
    assert.deepEqual(complete('ana'), ['analyze']);
    assert.deepEqual(complete('analyze --format '), ['html', 'json', 'md', 'text']);
    assert.deepEqual(complete('identity --database s'), ['seed.db']);
    assert.deepEqual(complete('drain --dry'), ['--dry-run']);
    assert.deepEqual(complete('completion z'), ['zsh']);
  });

  it('completes commands, choices and names in zsh', async function () {
    if (!has('zsh')) skipBecause(this, 'there is no zsh');
    if (!hasPseudoTerminal()) skipBecause(this, 'there is no pseudo-terminal');
    // Its keys are those of vi where EDITOR is, as npm sets it.
    const rc = `bindkey -e; autoload -Uz compinit; compinit -u -D; source ${await script('zsh')}; PS1='READY '; setopt no_beep\n`;
    await writeFile(join(folder(), '.zshrc'), rc);
    // The line is completed, and then shown by a command put before it.
    const shown = '\u0001print -r -- \u0005\n';
    const { shown: screen } = await runInTerminal(['zsh', '-i'], {
      cwd: folder(),
      columns: 200,
      env: { ZDOTDIR: folder(), HOME: folder() },
      steps: [
        ['READY ', `autopack-hygiene ana\t--stra\t--format ht\t${shown}`],
        ['--stratify --format html', `autopack-hygiene identity --database s\t${shown}`],
        ['identity --database seed.db', 'exit\n'],
      ],
    });
    assert.match(screen, /\nautopack-hygiene analyze --stratify --format html *\n/);
    assert.match(screen, /\nautopack-hygiene identity --database seed\.db *\n/);
  });

  it('is PowerShell', async function () {
    if (!has('pwsh')) skipBecause(this, 'there is no PowerShell');
    const path = await script('powershell');
    const complete = (line: string): string[] => {
      const command = `. { Get-Content -Raw '${path}' | Invoke-Expression }; (TabExpansion2 '${line}' ${line.length}).CompletionMatches.CompletionText`;
      const { stdout } = spawnSync('pwsh', ['-NoProfile', '-Command', command], { encoding: 'utf8' });
      return stdout.split(/\r?\n/).filter((row) => row !== '');
    };
    assert.deepEqual(complete('autopack-hygiene ana'), ['analyze']);
    assert.deepEqual(complete('autopack-hygiene analyze --format h'), ['html']);
  });
});
