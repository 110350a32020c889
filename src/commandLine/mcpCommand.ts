import { Option, type Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import type { ToolWorld } from '../node/agentTools/agentTool.ts';
import { agentTools, writingTools } from '../node/agentTools/agentTools.ts';
import { apiKeyOf } from '../node/identity/apiClient.ts';
import { journalAuthor } from '../node/writer/journalAuthor.ts';
import { ServerChecks } from '../node/agentTools/serverChecks.ts';
import { ContentCounts } from '../node/agentTools/contentCounts.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, databaseTarget, workspaceFolderOf, type DatabaseOptions } from './databaseOption.ts';
import { serversOf } from './doctorCommand.ts';
import { drainByCommand, requireApproval } from './mcpWrites.ts';
import { commandLineExecutors, resolveExecutor } from './executorOptions.ts';

interface McpOptions extends DatabaseOptions {
  readonly workspace?: string;
  readonly executor?: string;
}

/** Whom the journal names. */
const mcpAgent = 'an MCP client';

/** `mcp`: tools for agents, over the Model Context Protocol. */
export function addMcpCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('mcp')
    .description(
      'Serve tools to an agent, over the Model Context Protocol on stdin and stdout; writes need an approval.',
    )
    .addOption(databaseOption())
    .option('--workspace <folder>', 'the repository root; by default the current folder')
    .addOption(
      new Option(
        '--executor <name>',
        'what drains are planned for; by default what the workspace holds',
      ).choices(commandLineExecutors),
    )
    .action((options: McpOptions) => report({}, mcp(options, context)));
}

/** What is printed goes to the protocol alone. */
async function mcp(options: McpOptions, context: CommandContext): Promise<CommandResult> {
  const { signal, version, clock, env, createReader } = context;
  const quiet: CommandContext = { ...context, stderr: () => undefined };
  const path = namedDatabase(options, quiet);
  const folder = workspaceFolderOf(options, context);
  const counting = createReader();
  const { reader } = context;
  const world: ToolWorld = {
    reader,
    counts: new ContentCounts(counting),
    clock,
    databasePath: () => path,
    howToSelect:
      'A human starts this server with --database <path>, or sets DATABASE_URL for it; in VS Code, a human runs "Autopack: Select Database".',
    workspaceFolders: () => [folder],
    guardFolder: () => folder,
    namedElsewhere: () => ({ seesSettings: false }),
    apiUrls: () => serversOf(env),
    apiKeyFor: () => apiKeyOf(env),
    servers: new ServerChecks(),
    writes: {
      writer: context.createWriter(folder),
      author: journalAuthor('command line', mcpAgent),
      requireHuman: (proposal) => requireApproval(proposal, { ...quiet, cwd: folder }),
      drain: ({ command }, calling) => drainByCommand(command, { ...quiet, cwd: folder }, calling),
    },
    environment: env,
    executorFor: async (workspace) => (await resolveExecutor({ ...options, workspace }, quiet)).executor,
  };
  // Begins to start the threads that read; whoever asks first is told what fails.
  if (path !== null) {
    for (const each of [reader, counting]) each.request(path, 'version', null, signal).catch(() => undefined);
  }
  try {
    const { serveMcp } = await import('./mcpServer.ts');
    await serveMcp({ version, tools: [...agentTools, ...writingTools], world, signal });
  } finally {
    await counting.dispose();
  }
  return { exitCode: exitCodes.good, json: {}, text: '' };
}

/** The database a human named, or `null`: the tools say so, and how it is named. */
function namedDatabase(options: DatabaseOptions, context: CommandContext): string | null {
  try {
    return databaseTarget(options, context).path;
  } catch (error) {
    if (error instanceof UserFacingError && error.code === 'no-database') return null;
    throw error;
  }
}
