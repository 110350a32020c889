import { UserFacingError } from '../core/errors.ts';
import { eventFormat, type EventFormatName } from '../core/telemetry/report/eventFormats.ts';
import { describeFilter, conditionsOf } from '../core/telemetry/page/telemetryFilter.ts';
import { sha256Hex } from '../node/system/systemPorts.ts';
import { eventChunks } from '../node/telemetry/writeExport.ts';
import type { CommandContext } from './commandContext.ts';
import { type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { type FilterOptions, filterOf } from './filterOptions.ts';
import { writeTelemetryReport } from './telemetrySource.ts';

/** What is exported. */
export interface ExportSource extends DatabaseOptions, FilterOptions {
  readonly logDir?: string;
  readonly successOnly?: boolean;
}

/** What came of an export of events; filled in while it runs. */
export interface ExportedEvents {
  events: number;
  /** How many events there are in all. */
  of: number;
}

/** The report, as text. */
export async function* reportChunks(
  format: 'md' | 'html',
  options: ExportSource,
  context: CommandContext,
): AsyncGenerator<string, void, undefined> {
  const looking = { successOnly: options.successOnly ?? false, stratify: true, underMultiplier: 1 };
  const filter = filterOf(options);
  const { database, logDir } = options;
  const request = {
    ...(database === undefined ? {} : { database }),
    ...(logDir === undefined ? {} : { logDir }),
    ...(conditionsOf(filter) === 0 ? {} : { filter }),
    withEvidence: true,
  };
  yield await writeTelemetryReport(format, request, looking, context);
}

/** The events that the filters leave, a page at a time. */
export async function* exportedEvents(
  name: EventFormatName,
  options: ExportSource,
  context: CommandContext,
  done: ExportedEvents,
): AsyncGenerator<string, void, undefined> {
  if (options.logDir !== undefined) throw logsHaveNoEvents();
  const { reader, signal } = context;
  const { path } = databaseTarget(options, context);
  const filter = filterOf(options);
  const format = eventFormat(name, sha256Hex, context.version, describeFilter(filter));
  const onPage = (events: number, changed: boolean): void => {
    done.events = events;
    if (changed) context.stderr('note: the database was written while it was exported.\n');
  };
  if (conditionsOf(filter) === 0) {
    yield* eventChunks({ reader, path, format, onPage }, signal);
    done.of = done.events;
    return;
  }
  const { value: selection } = await reader.ask(path, 'selectedEvents', filter, signal);
  done.of = selection.of;
  yield* eventChunks({ reader, path, format, selection, onPage }, signal);
}

function logsHaveNoEvents(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    'Logs do not tell which phase a call is of, so they cannot be exported as events.',
    'Export a report of them (--format md or html), or leave --log-dir out.',
  );
}
