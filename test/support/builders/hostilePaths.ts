/** Paths by which an answer leaves its scope, each group named for the public report of its kind. The words of a line are paths. */
export const hostilePaths: readonly { readonly report: string; readonly paths: readonly string[] }[] = [
  {
    report: 'CVE-2025-53773: Copilot wrote settings of the workspace that approve every tool',
    paths:
      words(`.vscode/settings.json .vscode/tasks.json .vscode/launch.json .vscode/extensions.json .VSCode/Settings.json
      lib/.vscode/settings.json lib/sub/.vscode/tasks.json ./.vscode/settings.json lib/../.vscode/settings.json .vscode/mcp.json
      .vscode/cody.json .vscode-server/data/Machine/settings.json`),
  },
  {
    report: 'CVE-2025-54135 (CurXecute): Cursor made its own MCP configuration, where none was',
    paths:
      words(`.cursor/mcp.json lib/.cursor/mcp.json .mcp.json lib/mcp.json .cursor/rules/always.mdc .cursorrules
      .windsurf/mcp_config.json .kiro/settings/mcp.json .roo/mcp.json .gemini/settings.json .amazonq/mcp.json .trae/mcp.json
      lib/cline_mcp_settings.json opencode.json .codex/config.toml .idx/mcp.json`),
  },
  {
    report: 'CVE-2025-58372 (GHSA-4pqh-4ggm-jfmm): Roo Code protected .vscode, but not workspace files',
    paths:
      words(`project.code-workspace lib/project.code-workspace lib/PROJECT.CODE-WORKSPACE lib/.code-workspace
      lib/a.b.code-workspace lib/x.sublime-project lib/x.code-profile .idea/workspace.xml .idea/runConfigurations/x.xml
      .fleet/run.json .zed/tasks.json .vs/tasks.vs.json`),
  },
  {
    report: 'CVE-2026-45482: a path that was not held in its folder, in Copilot and VS Code',
    paths:
      words(`../outside/secret.txt ../../etc/passwd lib/../../outside/secret.txt lib/../../../../../../etc/cron.d/x
      lib/./../../outside/x lib/sub/../../../outside/x .. ../ lib/.. ../workspace/src/b.py ../workspace-2/x lib/..//../outside/x
      ..\\outside\\x lib\\..\\..\\outside\\x lib/..\\..\\outside\\x ..%2foutside%2fx/../../../x`),
  },
  {
    report: 'VS Code issue 330312: an agent that edits by itself edited outside of the workspace',
    paths:
      words(`/etc/passwd /tmp/planted /home/user/.bashrc //etc/passwd ~/.bashrc ~root/.profile ~ file:///etc/passwd
      vscode-userdata:/User/settings.json untitled:x C:/Windows/x C:\\Windows\\x c:x \\\\server\\share\\x //server/share/x
      \\\\?\\C:\\x \\\\.\\pipe\\x`),
  },
  {
    report: 'CVE-2026-70335 (GHSA-w79w-rj9h-vg4f): custom agents that bring hooks of their own',
    paths:
      words(`.github/agents/x.agent.md .github/hooks/x.json .claude/settings.json .claude/settings.local.json
      .claude/agents/x.md .claude/hooks/x.sh .claude/commands/x.md lib/x.agent.md lib/.claude/settings.json .github/prompts/x.prompt.md
      lib/x.chatmode.md .github/skills/x/SKILL.md lib/SKILL.md .cursor/hooks.json .agents/x.md .roomodes`),
  },
  {
    report: 'Rules files as a backdoor: instructions that every agent reads in every session',
    paths:
      words(`CLAUDE.md lib/CLAUDE.md AGENTS.md lib/agents.md CLAUDE.local.md GEMINI.md .github/copilot-instructions.md
      .github/instructions/x.instructions.md lib/x.instructions.md .windsurfrules .clinerules .clinerules/x.md .roorules
      .continuerules .junie/guidelines.md .goosehints .aider.conf.yml .augment-guidelines lib/AGENTS.override.md`),
  },
  {
    report: 'CVE-2025-59944: Cursor compared names of protected files with their letter case',
    paths:
      words(`.CURSOR/mcp.json .Cursor/MCP.json .GIT/config .gIt/hooks/pre-commit lib/.VsCode/settings.json Agents.MD
      .ENV .Env.Local .GitHub/Workflows/x.yml LIB/x.py Lib/x.py SRC/a.py src/A.py SRC/A.PY lib/\u212Aey/../x`),
  },
  {
    report: 'CVE-2014-9390: names that a disk takes for .git',
    paths: [
      ...words(`.git/config .git/hooks/pre-commit lib/.git/config .git lib/.git/hooks/post-checkout GIT~1/config lib/GIT~1/hooks/x
        .git./config lib/.git::$INDEX_ALLOCATION/config lib/.git:x .gitmodules .gitattributes lib/.gitattributes .hg/hgrc .jj/x .svn/x`),
      '.g\u200cit/config',
      '.git\u200d/hooks/pre-commit',
      '.\u2060git/config',
      '.git /config',
      '\uff0egit/config',
    ],
  },
  {
    report:
      'Hooks and jobs that run by themselves: the next commit, pull, install, shell or build executes them',
    paths:
      words(`.husky/pre-commit .githooks/pre-push .pre-commit-config.yaml lefthook.yml .lintstagedrc.json .github/workflows/x.yml
      .github/actions/x/action.yml .gitlab-ci.yml .circleci/config.yml Jenkinsfile azure-pipelines.yml .devcontainer/devcontainer.json
      .devcontainer.json .gitpod.yml .npmrc .yarnrc.yml .yarn/plugins/x.cjs .pnpmfile.cjs .cargo/config.toml .pypirc
      lib/sitecustomize.py lib/x.pth .mise.toml .envrc node_modules/x/index.js .venv/bin/activate lib/__pycache__/x.pyc`),
  },
  {
    report: 'Shell profiles and keys: what the next login trusts',
    paths:
      words(`.bashrc .zshrc .profile .zshenv lib/.bash_profile lib/config.fish Microsoft.PowerShell_profile.ps1 .inputrc
      .ssh/authorized_keys lib/id_ed25519 .env .env.production lib/.env.local lib/x.pem .netrc .aws/credentials .gdbinit lib/desktop.ini`),
  },
  {
    report: 'Databases and what lies beside them: what the drain itself stands on',
    paths:
      words(`autopack_legacy.db lib/x.db lib/x.sqlite3 lib/x.db-wal lib/x.db-journal lib/x.db-shm lib/state-wal lib/X.DB
      .autopack-hygiene/pins.json .autonomous_runs/batch_drain_sessions/x.json lib/.autopack-hygiene/x lib/.Autonomous_Runs/x lib/x.db.bak`),
  },
  {
    report: 'Names that Windows opens as something else: devices, streams, trailing dots and spaces',
    paths: [
      ...words(`lib/CON lib/nul.py lib/COM1 lib/aux.txt lib/lpt1.py lib/x.py::$DATA lib/x.py:stream lib/x.py. lib/x. lib/CONIN$
        lib/x<y lib/x|y lib/x?y lib/x*y lib/"x"`),
      'lib/x.py ',
      'lib/ x.py',
      'lib /x.py',
      'lib/COM\u00b9',
    ],
  },
  {
    report: 'CVE-2021-42574 (Trojan Source): characters that do not show, in a path',
    paths: [
      'lib/x\u202eyp.txt',
      'lib/\u2066x\u2069.py',
      'lib/x\u200b.py',
      'lib/x\ufeff.py',
      'lib/x\u00ad.py',
      'lib/x\u{e0041}.py',
      'lib/x\0.py',
      'lib/x\u001b[2J.py',
      'lib/x\ty.py',
      'lib/x\u2028y.py',
      'lib/x\u3164.py',
      'lib/x\ue000.py',
      'lib/x\ud800.py',
    ],
  },
  {
    report: 'Unicode forms: one name in two spellings, and characters that look like a separator',
    paths: [
      'lib/cafe\u0301.py',
      'lib/\uff0e\uff0e/x',
      'lib/\u2025/x',
      'lib/a\uff0fb.py',
      'lib/a\u2215b.py',
      'lib/a\uff3cb.py',
      'lib/a\u2044b.py',
      'lib/x\u00a0.py',
    ],
  },
  {
    report: 'Right content under a wrong name, and paths of no use at all',
    paths: [
      ...words('src/b.py src/a.pyc src a.py srca.py src/a.py/b library/x lib. lib/ . ./ lib//x lib/./x'),
      `lib/${'x'.repeat(600)}`,
      `lib/${'x'.repeat(181)}`,
      `lib/${'d/'.repeat(40)}x`,
    ],
  },
  {
    report: 'CVE-2026-39861, CVE-2026-25724: links in a repository that lead out of it',
    paths:
      words(`lib/folder-link/x.py lib/file-link.py lib/dangling.py lib/self-link.py lib/folder-link/sub/x.py lib/chain/x.py
      lib/to-root/etc/passwd lib/absolute.py lib/to-git/config lib/to-vscode/settings.json lib/pipe lib/state.bin lib/readonly.py lib/sub`),
  },
];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
