/** Why a path is never written: what stands there is executed, trusted or read by something else than the project. */
export type ProtectedKind =
  | 'version control'
  | 'editor or tool configuration'
  | 'secrets'
  | 'data of this extension'
  | 'agent configuration'
  | 'CI configuration'
  | 'a hook'
  | 'a container or environment definition'
  | 'package manager configuration'
  | 'installed packages'
  | 'a shell profile'
  | 'a file that systems open by themselves'
  | 'a database';

/*
 * Names as a disk that ignores case, compatibility forms and ignorable characters takes them, each at any depth: tools look
 * for most of these in every folder, and a monorepo has roots of its own. A name protects all below it.
 */
const names: Readonly<Record<Exclude<ProtectedKind, 'a database'>, string>> = {
  'version control': `
    .git .gitmodules .gitattributes .gitconfig .lfsconfig .hg .hgrc .svn .jj .bzr .repo .sl
  `,
  'editor or tool configuration': `
    .vscode .vscode-server .vscode-insiders .vscode-test .idea .fleet .zed .vs .nova .theia
    .settings .vimrc .gvimrc .exrc .nvimrc .nvim.lua .lvimrc .dir-locals.el .dir-locals-2.el .emacs
    .emacs.d .config .local
  `,
  secrets: `
    .ssh .gnupg .aws .azure .gcloud .kube .docker .netrc _netrc .git-credentials .pgpass .my.cnf
    .htpasswd .vault-token id_rsa id_dsa id_ecdsa id_ed25519 authorized_keys known_hosts .secrets
    .terraformrc credentials.json
  `,
  'data of this extension': `
    .autopack-hygiene .autonomous_runs
  `,
  'agent configuration': `
    claude.md claude.local.md .claude
    .claude.json .claudeignore agents.md agent.md agents.override.md .agents .agent gemini.md
    .gemini .geminiignore qwen.md .qwen .codex .cursor .cursorrules .cursorignore
    .cursorindexingignore .windsurf .windsurfrules .codeium .codeiumignore .clinerules .cline
    .clineignore .roo .roomodes .rooignore .kilocode .kilocodemodes .kilocodeignore .continue
    .continuerc.json .continuerules .continueignore .opencode opencode.json opencode.jsonc .augment
    .augment-guidelines .augmentignore .junie .amazonq .kiro .trae .goose .goosehints .gooseignore
    .copilot .copilotignore .mcp .mcp.json mcp.json mcp_config.json mcp_settings.json
    cline_mcp_settings.json .rules skill.md .crush crush.json crush.md warp.md .tabnine
    .tabnine_commands .serena .factory .openhands .openhands_instructions .devin .bolt .lovable
    .replit replit.md replit.nix .v0 .idx .firebender firebender.json .sourcegraph .cody .ruler
    .antigravity .void
  `,
  'CI configuration': `
    .github .gitlab .gitlab-ci.yml .gitlab-ci.yaml .circleci .travis.yml .travis.yaml .drone.yml
    .woodpecker .woodpecker.yml .buildkite .forgejo .gitea .teamcity .azure-pipelines
    azure-pipelines.yml azure-pipelines.yaml bitbucket-pipelines.yml jenkinsfile appveyor.yml
    .appveyor.yml .cirrus.yml .semaphore .tekton .dagger cloudbuild.yaml cloudbuild.yml
    buildspec.yml codeowners
  `,
  'a hook': `
    .husky .huskyrc .githooks .git-hooks githooks .hooks lefthook.yml lefthook.yaml .lefthook
    .lefthook.yml .lefthook.yaml .lefthook-local.yml lefthook-local.yml .prek.toml
    .pre-commit-config.yaml .pre-commit-config.yml .pre-commit-hooks.yaml .pre-commit-hooks.yml
    .lintstagedrc .overcommit.yml .simple-git-hooks.json .simple-git-hooks.js prek.toml
    simple-git-hooks.json simple-git-hooks.js sitecustomize.py usercustomize.py .watchmanconfig
  `,
  'a container or environment definition': `
    .devcontainer .devcontainer.json devcontainer.json .gitpod .gitpod.yml .gitpod.dockerfile
    .devfile.yaml devfile.yaml .devbox devbox.json .codesandbox .stackblitzrc .direnv .flox .mise
    .mise.toml mise.toml mise.local.toml .mise.local.toml .rtx.toml .autoenv
  `,
  'package manager configuration': `
    .npmrc .yarnrc .yarnrc.yml .yarn .pnpmfile.cjs .pnpmfile.mjs pnpmfile.js .pnp.cjs .pnp.js
    .pnp.loader.mjs .bunfig.toml bunfig.toml .npm .pip pip.conf pip.ini .pypirc .condarc .pdm.toml
    .gem .gemrc .bundle .cargo .m2 .mvn .nuget nuget.config .ivy2 .sbtopts .jvmopts .composer .hex
    .opam .cabal .stack .rustup .swiftpm rust-toolchain rust-toolchain.toml
  `,
  'installed packages': `
    node_modules bower_components .venv venv site-packages __pycache__ .tox .nox .virtualenv
    __pypackages__ .eggs
  `,
  'a shell profile': `
    .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .zshrc .zshenv .zprofile
    .zlogin .zlogout .cshrc .tcshrc .login .logout .kshrc .mkshrc .inputrc .xprofile .xinitrc
    .xsession .xsessionrc config.fish profile.ps1 .screenrc .tmux.conf .gdbinit .lldbinit .pdbrc
    .pdbrc.py .pythonrc .pythonrc.py .pythonstartup .irbrc .pryrc .rprofile .renviron .octaverc
    .ipython .jupyter .sqliterc .psqlrc .curlrc .wgetrc .node_repl_history .pam_environment .aider
    .oh-my-zsh .zsh .fish .nurc .xonshrc .elvish
  `,
  'a file that systems open by themselves': `
    desktop.ini autorun.inf .ds_store thumbs.db .directory
  `,
};

/** By what a name begins with, ends with, or holds. Each is linear. */
const patterns: readonly (readonly [pattern: RegExp, kind: ProtectedKind])[] = [
  [
    /\.(?:code-workspace|code-profile|sublime-project|sublime-workspace|sublime-build|iml|ipr|iws)$/,
    'editor or tool configuration',
  ],
  [/\.(?:pem|key|pfx|p12|keystore|jks|kdbx|ppk|gpg)$/, 'secrets'],
  [/^\.env/, 'secrets'],
  [/\.env$/, 'secrets'],
  [/\.(?:instructions|prompt|chatmode|agent|rules)\.mdc?$|\.mdc$/, 'agent configuration'],
  [/^\.(?:roorules|clinerules|kilocoderules|aider|cursor|windsurf|claude|mcp)/, 'agent configuration'],
  [/^(?:claude|agents|gemini)\..{0,40}md$/, 'agent configuration'],
  [/^\.?(?:lint-?staged|lintstagedrc|lefthook|simple-git-hooks)\b/, 'a hook'],
  [/\.pth$/, 'a hook'],
  [/_profile\.ps1$|\.ps1xml$/, 'a shell profile'],
  [/^\.(?:bash|zsh|ksh|csh|tcsh|profile)/, 'a shell profile'],
  [/\.(?:lnk|url|scf|webloc|inf|reg|library-ms|search-ms)$/, 'a file that systems open by themselves'],
];

/** The same for the file itself, not for folders: a folder may well be called travel-journal. */
const filePatterns: readonly (readonly [pattern: RegExp, kind: ProtectedKind])[] = [
  [
    /\.(?:db|db3|sqlite|sqlite2|sqlite3|s3db|sl3|sdb|duckdb|mdb|accdb|realm)(?:$|[-~]|\.(?:bak|backup|old|orig|copy|tmp|\d{1,9})$)/,
    'a database',
  ],
  [/-(?:wal|shm|journal)$/, 'a database'],
  [/-mj[0-9a-f]{8,9}$/, 'a database'],
];

const kinds = new Map(
  Object.entries(names).flatMap(([kind, each]) =>
    each
      .trim()
      .split(/\s+/)
      .map((name) => [name, kind as ProtectedKind] as const),
  ),
);

/** What protects a path of segments, wherever it lies; `null` where nothing does. */
export function protectedKind(segments: readonly string[]): ProtectedKind | null {
  const folded = segments.map(foldedName);
  for (const name of folded) {
    const kind = kinds.get(name) ?? kindByPattern(name, patterns);
    if (kind !== undefined) return kind;
  }
  return kindByPattern(folded.at(-1) ?? '', filePatterns) ?? null;
}

function kindByPattern(name: string, among: typeof patterns): ProtectedKind | undefined {
  return among.find(([pattern]) => pattern.test(name))?.[1];
}

/** Which protected files may all the same be shown to a model: those that hold no secrets. */
export function mayBeShown(kind: ProtectedKind | null): boolean {
  return kind === null || showable.has(kind);
}

const showable: ReadonlySet<ProtectedKind> = new Set([
  'agent configuration',
  'CI configuration',
  'a hook',
  'a container or environment definition',
]);

/** A name as the most tolerant of disks takes it: no case, no compatibility forms, nothing ignorable, no dots or spaces behind. */
export function foldedName(segment: string): string {
  return segment
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[. ]{1,1000}$/, '');
}
