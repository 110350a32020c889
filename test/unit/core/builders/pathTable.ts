/** What may be written in the scope of the test, and as which path where that is another. */
export const allowedPaths: readonly (readonly [path: string, as?: string])[] = [
  ['src/a.py'],
  ['./src/a.py', 'src/a.py'],
  ['README.md'],
  ['docs/guide.md'],
  ['data/caf\u00e9.txt'],
  ['lib/x.ts'],
  ['lib/deep/er/x.ts'],
  ['lib/[id].tsx'],
  ['lib/(group)/@slot/$param.tsx'],
  ['lib/日本語（案）.md'],
  ['lib/a b.txt'],
  ['lib/a..b.txt'],
  ['lib/travel-journal/index.ts'],
  ['lib/environment.ts'],
  ['lib/git.ts'],
  ['lib/database.ts'],
  ['examples/tools/run.sh'],
  ['single.txt'],
];

/** What is refused wherever it lies, shape by shape. */
export const misshapenPaths: readonly (readonly [path: string, reason: RegExp])[] = [
  ['', /names no file/],
  ['.', /names no file/],
  ['./', /names no file/],
  ['/etc/passwd', /absolute/],
  ['//server/share/x', /absolute/],
  ['\\\\server\\share\\x', /absolute/],
  ['\\\\?\\C:\\x', /absolute/],
  ['C:/x', /drive letter/],
  ['c:x', /drive letter/],
  ['C:\\x', /drive letter/],
  ['..', /folder \(\.\.\)/],
  ['../x', /folder \(\.\.\)/],
  ['lib/../x', /folder \(\.\.\)/],
  ['lib/../../x', /folder \(\.\.\)/],
  ['lib/..', /folder \(\.\.\)/],
  ['lib/./x', /empty part/],
  ['lib//x', /empty part/],
  ['lib/', /names a folder/],
  ['lib\\x', /backslash/],
  ['lib/..\\x', /backslash/],
  ['~/x', /home folder/],
  ['~root/x', /home folder/],
  ['lib/x:y', /colon/],
  ['lib/x.txt::$DATA', /colon/],
  ['lib/x.', /dot or a space/],
  ['lib/x ', /dot or a space/],
  ['lib/. ./x', /dot or a space/],
  ['lib/.../x', /dot or a space/],
  ['lib /x', /dot or a space/],
  ['lib/ x', /begins with a space/],
  ['lib/a\u00a0b', /space that is none/],
  ['lib/x*', /characters </],
  ['lib/x?', /characters </],
  ['lib/"x"', /characters </],
  ['lib/a|b', /characters </],
  ['lib/con', /device/],
  ['lib/CON.txt', /device/],
  ['lib/nul', /device/],
  ['lib/Aux.py', /device/],
  ['lib/com1', /device/],
  ['lib/COM¹.log', /device/],
  ['lib/lpt9.x.y', /device/],
  ['lib/CONIN$', /device/],
  ['lib/GIT~1', /short name/],
  ['lib/SETTIN~1.JSO', /short name/],
  ['lib/x\0.py', /does not show/],
  ['lib/x\n.py', /does not show/],
  ['lib/x\u202eyp.', /does not show/],
  ['lib/x\u200b.py', /does not show/],
  ['lib/x\ufeff.py', /does not show/],
  ['lib/x\u{e0041}.py', /does not show/],
  ['lib/x\ud800.py', /does not show/],
  ['lib/x\u3164.py', /does not show/],
  ['data/cafe\u0301.txt', /form NFC/],
  ['lib/\uff0e\uff0e/x', /looks like/],
  ['lib/\u2025/x', /looks like/],
  ['lib/a\uff0fb', /looks like/],
  ['lib/a\u2215b', /looks like/],
  ['lib/a\uff3cb', /looks like/],
  ['lib/a\uff1ab', /looks like/],
  ['lib/\uff43\uff4f\uff4e', /looks like/],
  [`lib/${'x'.repeat(600)}`, /longer than 500 characters/],
  [`lib/${'x'.repeat(200)}`, /longer than 180 bytes/],
  [`lib/${'日'.repeat(70)}`, /longer than 180 bytes/],
  [`lib/${'x/'.repeat(40)}y`, /folders deep/],
];

/** What is well formed, and outside of the scope. */
export const outsidePaths: readonly (readonly [path: string, reason: RegExp])[] = [
  ['src/b.py', /outside of the phase's scope/],
  ['src/a.py/b', /outside/],
  ['src', /outside/],
  ['library/x', /outside/],
  ['SRC/a.py', /differs from src\/a.py/],
  ['readme.md', /differs from README.md/],
  ['LIB/x.ts', /differs from lib/],
  ['l\u0131b/x.ts', /outside|differs/],
];

/** By kind, each name would be written in a folder that may be written but for what it is called. */
export const protectedPaths: Readonly<Record<string, string>> = {
  'version control': `
    .git .git/hooks/pre-commit .GIT/config .gitmodules .gitattributes .hg/hgrc .svn/x .jj/x
  `,
  'editor or tool configuration': `
    .vscode/settings.json .VSCode/tasks.json .idea/workspace.xml x.code-workspace X.CODE-WORKSPACE
    .zed/settings.json .fleet/run.json .vs/launch.vs.json .vimrc .exrc .nvim.lua .dir-locals.el
    x.sublime-project .config/fish/config.fish
  `,
  secrets: `
    .env .env.local .ENV.production .envrc prod.env .ssh/authorized_keys id_ed25519 server.pem
    server.key .netrc .aws/credentials .git-credentials
  `,
  'data of this extension': `
    .autopack-hygiene/pins.json .autonomous_runs/x.json .Autonomous_Runs/x
  `,
  'agent configuration': `
    CLAUDE.md claude.md CLAUDE.local.md AGENTS.md agents.override.md GEMINI.md
    .claude/settings.json .claude/settings.local.json .cursor/mcp.json .cursor/rules/x.mdc
    .cursorrules .windsurfrules .windsurf/x .clinerules .clinerules/x.md .roo/mcp.json .roomodes
    .roorules-code .mcp.json mcp.json .kiro/settings/mcp.json .gemini/settings.json
    .codex/config.toml .aider.conf.yml .continue/config.json .junie/guidelines.md x.instructions.md
    x.prompt.md x.chatmode.md opencode.json .amazonq/mcp.json skills/x/SKILL.md .trae/mcp.json
  `,
  'CI configuration': `
    .github/copilot-instructions.md .github/workflows/ci.yml .github/actions/x/action.yml
    .gitlab-ci.yml .circleci/config.yml Jenkinsfile azure-pipelines.yml .travis.yml
  `,
  'a hook': `
    .husky/pre-commit .githooks/pre-push .pre-commit-config.yaml lefthook.yml .lintstagedrc.json
    lint-staged.config.mjs sitecustomize.py evil.pth
  `,
  'a container or environment definition': `
    .devcontainer/devcontainer.json .devcontainer.json .gitpod.yml devbox.json .mise.toml
  `,
  'package manager configuration': `
    .npmrc .yarnrc.yml .yarn/releases/yarn.cjs .pnpmfile.cjs .pnp.cjs bunfig.toml pip.conf .pypirc
    .cargo/config.toml NuGet.Config .mvn/extensions.xml .bundle/config
  `,
  'installed packages': `
    node_modules/x/index.js .venv/bin/python site-packages/x.py __pycache__/x.pyc
  `,
  'a shell profile': `
    .bashrc .bash_profile .profile .zshrc .zshenv .ZSHRC .inputrc .gdbinit config.fish
    Microsoft.PowerShell_profile.ps1 .Rprofile .pdbrc
  `,
  'a file that systems open by themselves': `
    desktop.ini autorun.inf x.lnk x.url x.scf
  `,
  'a database': `
    x.db x.sqlite X.SQLite3 x.db3 x.db-wal x.db-journal x.db-shm x.db.bak state-wal x.duckdb
    autopack_legacy.db
  `,
};
