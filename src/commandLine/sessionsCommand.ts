import type { Command } from 'commander';
import { counted } from '../core/text/quantities.ts';
import { listSessions, SessionFiles, type SessionOverview } from '../node/drain/sessionStore.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { outcomeText } from './drainReport.ts';
import { workspaceFolderOf } from './databaseOption.ts';
import { textLines } from './textLayout.ts';

interface SessionsOptions {
  readonly workspace?: string;
  readonly json?: boolean;
}

/** `sessions`: the drains of a folder, and which of them can be resumed. */
export function addSessionsCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('sessions')
    .description('List the drains of a folder, the newest first: what they did and which can be resumed.')
    .option('--workspace <folder>', 'the repository root; by default the current folder')
    .option('--json', 'print one JSON object')
    .action((options: SessionsOptions) => report(options, sessions(options, context)));
}

async function sessions(options: SessionsOptions, context: CommandContext): Promise<CommandResult> {
  const folder = workspaceFolderOf(options, context);
  const found = await listSessions(new SessionFiles(folder));
  const none = `No drain has left a session in ${folder}.`;
  return {
    exitCode: exitCodes.good,
    json: { folder, sessions: found },
    text: found.length === 0 ? none : found.map(sessionText).join('\n'),
  };
}

function sessionText(session: SessionOverview): string {
  const { sessionId, standing, isAutopack, databasePath, stop, sessionPath } = session;
  const origin = isAutopack ? ', of Autopack' : '';
  return textLines([
    `${sessionId}: ${standing}${origin}`,
    ...(standing === 'unreadable' ? [] : [`  ${totalsText(session)}`]),
    ...(databasePath === null ? [] : [`  database: ${databasePath}`]),
    ...(stop === null ? [] : [`  stopped: ${stop}`]),
    `  file: ${sessionPath}`,
  ]);
}

function totalsText(session: SessionOverview): string {
  const { processed, telemetryEvents } = session;
  return `${counted(processed, 'phase')}: ${outcomeText(session)}; ${counted(telemetryEvents, 'telemetry event')}`;
}
