import type { Command } from 'commander';
import { formatDatabaseUrl } from '../core/db/databaseUrl.ts';
import { counted } from '../core/text/quantities.ts';
import { formatMinute } from '../core/text/times.ts';
import {
  listSessions,
  SessionFiles,
  type SessionOverview,
  type SessionStanding,
} from '../node/drain/sessionStore.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { drainResult, outcomeText } from './drainReport.ts';
import { workspaceFolderOf } from './databaseOption.ts';
import type { Output } from './output.ts';
import type { Style } from './terminalColors.ts';

interface SessionsOptions {
  readonly workspace?: string;
  readonly json?: boolean;
  /** `true` without a session. */
  readonly watch?: string | true;
}

/** `sessions`: the drains of a folder, and which of them can be resumed. */
export function addSessionsCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('sessions')
    .description('List the drains of a folder, the newest first: what they did and which can be resumed.')
    .option('--workspace <folder>', 'the repository root; by default the current folder')
    .option(
      '--watch [session]',
      'follow a drain under way to its end, by default the newest; Ctrl+C leaves it alone',
    )
    .option('--json', 'print one JSON object')
    .action((options: SessionsOptions) =>
      report(options, options.watch === undefined ? sessions(options, context) : follow(options, context)),
    );
}

async function follow(options: SessionsOptions, context: CommandContext): Promise<CommandResult> {
  const { watchDrain } = await import('./watchDrain.ts');
  const folder = workspaceFolderOf(options, context);
  const sessionId = options.watch === true ? undefined : options.watch;
  const watched = await watchDrain(folder, sessionId, context);
  if (watched === null) {
    return { exitCode: exitCodes.interrupted, json: null, text: 'The drain goes on.' };
  }
  const { summary } = watched;
  const databaseUrl = formatDatabaseUrl(watched.databasePath);
  return drainResult(databaseUrl, summary);
}

async function sessions(options: SessionsOptions, context: CommandContext): Promise<CommandResult> {
  const folder = workspaceFolderOf(options, context);
  const found = await listSessions(new SessionFiles(folder));
  const none = `No drain has left a session in ${folder}.`;
  return {
    exitCode: exitCodes.good,
    json: { folder, sessions: found },
    text: found.length === 0 ? none : found.flatMap(sessionOutput),
  };
}

const standingStyles: Readonly<Record<SessionStanding, Style>> = {
  running: 'blue',
  resumable: 'yellow',
  complete: 'green',
  unreadable: 'red',
};

function sessionOutput(session: SessionOverview): Output {
  const { sessionId, standing, isAutopack, databasePath, stop, sessionPath, startedAt, workers } = session;
  const began = startedAt === null ? NaN : Date.parse(startedAt);
  return [
    { kind: 'heading', text: sessionId },
    {
      kind: 'facts',
      facts: [
        [
          'Status',
          { text: `${standing}${isAutopack ? ', of Autopack' : ''}`, style: standingStyles[standing] },
        ],
        ['Workers', workers === undefined ? null : String(workers)],
        ['Started', Number.isNaN(began) ? null : formatMinute(began)],
        ['Result', standing === 'unreadable' ? null : totalsText(session)],
        ['Database', databasePath],
        ['Stopped', stop],
        ['File', sessionPath],
      ],
    },
  ];
}

function totalsText(session: SessionOverview): string {
  const { processed, telemetryEvents } = session;
  return `${counted(processed, 'phase')}: ${outcomeText(session)}; ${counted(telemetryEvents, 'telemetry event')}`;
}
