import assert from 'node:assert/strict';
import { agentVariables, recogniseAgent } from '../../../../src/core/identity/agentSigns.ts';

describe('recognising agents', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ CLAUDECODE: '1' }, 'Claude Code'],
    [{ CURSOR_AGENT: '1' }, 'Cursor'],
    [{ CODEX_THREAD_ID: '0199' }, 'Codex'],
    [{ GEMINI_CLI: '1' }, 'Gemini CLI'],
    [{ COPILOT_AGENT: '1', AI_AGENT: 'github_copilot_vscode_agent' }, 'GitHub Copilot'],
    [{ CLINE_ACTIVE: 'true' }, 'Cline'],
    [{ OPENCODE: '1' }, 'OpenCode'],
    [{ AI_AGENT: 'something-new' }, 'an agent'],
    [{ AGENT: 'goose' }, 'an agent'],
    [{ CI: 'true', GITHUB_ACTIONS: 'true' }, 'GitHub Actions'],
    [{ CI: 'true' }, 'CI'],
    // An agent in CI is an agent.
    [{ CI: 'true', CLAUDECODE: '1' }, 'Claude Code'],
  ];
  for (const [environment, name] of cases) {
    it(`knows ${name} by ${Object.keys(environment).join(' and ')}`, () => {
      assert.equal(recogniseAgent(environment)?.name, name);
    });
  }

  it('knows every variable of its table by itself', () => {
    for (const variable of agentVariables) {
      assert.equal(recogniseAgent({ [variable]: '1' })?.sign, variable);
    }
  });

  it('knows Devin by a file of its machines', () => {
    assert.equal(recogniseAgent({}, (path) => path === '/opt/.devin')?.name, 'Devin');
  });

  it('takes a terminal of an editor, and what says no, for nobody', () => {
    const human = { TERM_PROGRAM: 'vscode', CURSOR_TRACE_ID: 'x', REPL_ID: 'x', CI: 'false', AGENT: '' };
    assert.equal(recogniseAgent(human), null);
    assert.equal(recogniseAgent({ CLAUDECODE: '0', CI: '0' }), null);
  });
});
