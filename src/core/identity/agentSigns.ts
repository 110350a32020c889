/** A program that runs commands without a human at the terminal, and the variable or file that gave it away. */
export interface RecognisedAgent {
  readonly name: string;
  readonly kind: 'agent' | 'ci';
  readonly sign: string;
}

interface AgentSign {
  readonly name: string;
  readonly kind: RecognisedAgent['kind'];
  /** Any of them that is set, and says neither no nor nothing. */
  readonly variables: readonly string[];
  /** A file of the machines it works on, for an agent that sets no variable. */
  readonly file?: string;
  /** Where that is documented, or seen in the agent's own source. */
  readonly source: string;
}

/**
 * What common agents and CI set in the environment of the commands they run, as of late 2026; the first that fits names
 * the agent. What editors set in the terminals of humans as well is left out (CURSOR_TRACE_ID, REPL_ID, TERM_PROGRAM).
 * Aider and Windsurf set nothing: without a terminal they are scripts, which may do no more.
 */
const agentSigns: readonly AgentSign[] = [
  {
    name: 'Claude Code',
    kind: 'agent',
    variables: ['CLAUDECODE', 'CLAUDE_CODE', 'CLAUDE_CODE_ENTRYPOINT'],
    source: 'https://code.claude.com/docs/en/env-vars',
  },
  {
    name: 'Cursor',
    kind: 'agent',
    variables: ['CURSOR_AGENT'],
    source: 'https://cursor.com/docs/agent/tools/terminal',
  },
  {
    name: 'Codex',
    kind: 'agent',
    variables: ['CODEX_SANDBOX', 'CODEX_SANDBOX_NETWORK_DISABLED', 'CODEX_THREAD_ID', 'CODEX_CI'],
    source: 'https://github.com/openai/codex/blob/main/codex-rs/core/src/spawn.rs',
  },
  {
    name: 'Gemini CLI',
    kind: 'agent',
    variables: ['GEMINI_CLI'],
    source: 'https://google-gemini.github.io/gemini-cli/docs/tools/shell.html',
  },
  {
    name: 'GitHub Copilot',
    kind: 'agent',
    variables: ['COPILOT_AGENT', 'COPILOT_AGENT_SESSION_ID', 'COPILOT_AGENT_JOB_ID'],
    source: 'https://github.com/microsoft/vscode/pull/316267',
  },
  {
    name: 'Cline',
    kind: 'agent',
    variables: ['CLINE_ACTIVE', 'CLINE_TASK_ID'],
    source: 'https://github.com/cline/cline/discussions/5366',
  },
  {
    name: 'Roo Code',
    kind: 'agent',
    variables: ['ROO_CODE_TASK_ID'],
    source: 'https://github.com/RooCodeInc/Roo-Code',
  },
  {
    name: 'OpenCode',
    kind: 'agent',
    variables: ['OPENCODE', 'OPENCODE_CLIENT'],
    source: 'https://github.com/anomalyco/opencode/issues/1775',
  },
  {
    name: 'Amp',
    kind: 'agent',
    variables: ['AMP_CURRENT_THREAD_ID', 'AMP_THREAD_ID'],
    source: 'https://github.com/microsoft/vscode/issues/311734',
  },
  {
    name: 'Goose',
    kind: 'agent',
    variables: ['GOOSE_TERMINAL'],
    source: 'https://github.com/agentsmd/agents.md/issues/136',
  },
  {
    name: 'Augment',
    kind: 'agent',
    variables: ['AUGMENT_AGENT'],
    source: 'https://docs.augmentcode.com/cli/reference',
  },
  {
    name: 'Antigravity',
    kind: 'agent',
    variables: ['ANTIGRAVITY_AGENT'],
    source: 'https://github.com/vercel/vercel/pull/15413',
  },
  {
    name: 'Qwen Code',
    kind: 'agent',
    variables: ['QWEN_CODE'],
    source: 'https://github.com/agentsmd/agents.md/issues/136',
  },
  {
    name: 'Crush',
    kind: 'agent',
    variables: ['CRUSH'],
    source: 'https://github.com/charmbracelet/crush',
  },
  {
    name: 'Pi',
    kind: 'agent',
    variables: ['PI_CODING_AGENT'],
    source: 'https://github.com/agentsmd/agents.md/issues/136',
  },
  {
    name: 'Trae',
    kind: 'agent',
    variables: ['TRAE_AI_SHELL_ID'],
    source: 'https://github.com/agentsmd/agents.md/issues/136',
  },
  {
    name: 'Devin',
    kind: 'agent',
    variables: [],
    file: '/opt/.devin',
    source: 'https://github.com/vercel/vercel/tree/main/packages/detect-agent',
  },
  {
    name: 'an agent',
    kind: 'agent',
    variables: ['AI_AGENT', 'AGENT'],
    source: 'https://github.com/agentsmd/agents.md/issues/136',
  },
  {
    name: 'GitHub Actions',
    kind: 'ci',
    variables: ['GITHUB_ACTIONS'],
    source: 'https://docs.github.com/actions/reference/workflows-and-actions/variables',
  },
  {
    name: 'GitLab CI',
    kind: 'ci',
    variables: ['GITLAB_CI'],
    source: 'https://docs.gitlab.com/ci/variables/predefined_variables/',
  },
  {
    name: 'Azure Pipelines',
    kind: 'ci',
    variables: ['TF_BUILD'],
    source: 'https://learn.microsoft.com/azure/devops/pipelines/build/variables',
  },
  {
    name: 'Jenkins',
    kind: 'ci',
    variables: ['JENKINS_URL'],
    source: 'https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables',
  },
  {
    name: 'Buildkite',
    kind: 'ci',
    variables: ['BUILDKITE'],
    source: 'https://buildkite.com/docs/pipelines/configure/environment-variables',
  },
  {
    name: 'CircleCI',
    kind: 'ci',
    variables: ['CIRCLECI'],
    source: 'https://circleci.com/docs/variables/',
  },
  {
    name: 'Travis CI',
    kind: 'ci',
    variables: ['TRAVIS'],
    source: 'https://docs.travis-ci.com/user/environment-variables/',
  },
  {
    name: 'TeamCity',
    kind: 'ci',
    variables: ['TEAMCITY_VERSION'],
    source: 'https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html',
  },
  {
    name: 'Bitbucket Pipelines',
    kind: 'ci',
    variables: ['BITBUCKET_BUILD_NUMBER'],
    source: 'https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/',
  },
  {
    name: 'AWS CodeBuild',
    kind: 'ci',
    variables: ['CODEBUILD_BUILD_ID'],
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html',
  },
  {
    name: 'CI',
    kind: 'ci',
    variables: ['CI', 'CONTINUOUS_INTEGRATION'],
    source: 'https://github.com/watson/ci-info',
  },
];

const no = new Set(['', '0', 'false', 'no', 'off']);

/**
 * The agent or CI that runs a program of this environment, by what it sets there; `null` where it is unknown. It is
 * a hurdle, not a security boundary: whoever starts a program can omit a variable.
 */
export function recogniseAgent(
  environment: Readonly<Record<string, string | undefined>>,
  isThere: (path: string) => boolean = () => false,
): RecognisedAgent | null {
  for (const { name, kind, variables, file } of agentSigns) {
    const variable = variables.find((each) => !no.has((environment[each] ?? '').trim().toLowerCase()));
    const sign = variable ?? (file !== undefined && isThere(file) ? file : undefined);
    if (sign !== undefined) return { name, kind, sign };
  }
  return null;
}

/** Every variable that gives an agent or CI away, so that a program can be started without them. */
export const agentVariables: readonly string[] = agentSigns.flatMap(({ variables }) => variables);
