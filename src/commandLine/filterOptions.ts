import { type Command, InvalidArgumentError, Option } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import { isCalendarDay } from '../core/model/timestamp.ts';
import { normaliseCategory, normaliseComplexity } from '../core/model/sampleKind.ts';
import { sampleQualities, type SampleQuality } from '../core/telemetry/samples/sampleQuality.ts';
import { noFilter, type TelemetryFilter } from '../core/telemetry/page/telemetryFilter.ts';

/** Which samples a command is about; what is absent restricts nothing. */
export interface FilterOptions {
  readonly run?: string;
  readonly model?: readonly string[];
  readonly category?: readonly string[];
  readonly complexity?: readonly string[];
  readonly quality?: readonly SampleQuality[];
  /** Milliseconds since the epoch. */
  readonly since?: number;
  /** Milliseconds since the epoch, not included. */
  readonly until?: number;
}

/** Adds the filters of the telemetry page. */
export function addFilters(command: Command): Command {
  return command
    .option('--run <part>', 'only runs whose id contains this, in either case')
    .option('--model <name...>', 'only calls of these models')
    .option('--category <name...>', 'only these categories')
    .option('--complexity <name...>', 'only these complexities')
    .addOption(new Option('--quality <class...>', 'only samples of these classes').choices(sampleQualities))
    .option('--since <time>', 'only from this day or time on (UTC)', (text) => timeOf(text).from)
    .option(
      '--until <time>',
      'only to the end of this day, or before this time (UTC)',
      (text) => timeOf(text).to,
    );
}

/** The filter that the options make, with the names that samples have. Throws `invalid-argument` for a time that ends before it begins. */
export function filterOf(options: FilterOptions): TelemetryFilter {
  const { run = '', model = [], category = [], complexity = [], quality = [], since, until } = options;
  if (since !== undefined && until !== undefined && since >= until) throw endsBefore(since, until);
  return {
    ...noFilter,
    run,
    models: model,
    categories: category.map(normaliseCategory),
    complexities: complexity.map(normaliseComplexity),
    qualities: quality,
    from: since ?? null,
    until: until ?? null,
  };
}

function endsBefore(since: number, until: number): UserFacingError {
  const [from, to] = [since, until].map((time) => new Date(time).toISOString());
  return new UserFacingError(
    'invalid-argument',
    `The range from ${from} (--since) to ${to} (--until) is empty.`,
    'Give a --since that is before --until.',
  );
}

const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
const zone = /(Z|[+-]\d{2}:\d{2})$/;
const dayMs = 86_400_000;

/** Both ends of a day, or twice the same moment; a time without a zone is in UTC, as the stored ones are. */
function timeOf(text: string): { readonly from: number; readonly to: number } {
  const given = text.trim();
  const from = !isOnCalendar(given) ? NaN : day.test(given) ? Date.parse(given) : momentOf(given);
  if (Number.isNaN(from)) {
    throw new InvalidArgumentError('Give a day (2025-12-24) or a time (2025-12-24T06:30).');
  }
  return { from, to: day.test(given) ? from + dayMs : from };
}

function isOnCalendar(given: string): boolean {
  const [year = 0, month = 0, date = 0] = given.slice(0, 10).split('-').map(Number);
  return isCalendarDay(year, month, date);
}

function momentOf(given: string): number {
  if (!moment.test(given)) return NaN;
  return Date.parse(given.replace(' ', 'T') + (zone.test(given.slice(11)) ? '' : 'Z'));
}
