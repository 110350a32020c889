import { counted } from '../text/quantities.ts';

/** How many rows of a table. */
export interface TableRows {
  readonly table: string;
  readonly rows: number;
}

/** What belongs to a run, as it was when somebody agreed to delete it. */
export interface RunContent {
  readonly runId: string;
  /** What goes with the run, tables without a row left out. The run, its tiers and its phases come first. */
  readonly goes: readonly TableRows[];
  /** What stays, and loses what it refers to. */
  readonly releases: readonly TableRows[];
}

/** A run's content as it is asked about: with what it is worth as evidence. */
export interface RunToDelete extends RunContent {
  /** Samples that a calibration would rest on; `null` without a telemetry table. */
  readonly cleanSamples: number | null;
}

/** What goes, and what that is worth: a sentence each. */
export function deletionText({ goes, releases, cleanSamples }: RunToDelete): string[] {
  return [
    `Deletes ${rowsText(goes)}.`,
    ...(releases.length === 0 ? [] : [`Keeps ${rowsText(releases)}, which will no longer refer to the run.`]),
    ...(cleanSamples === null || cleanSamples === 0
      ? []
      : [`Among them ${counted(cleanSamples, 'clean sample')}, on which calibrations rest.`]),
  ];
}

/** What a row of these tables is. */
const nouns: Readonly<Record<string, string>> = { runs: 'run', tiers: 'tier', phases: 'phase' };

/** `1 run, 3 tiers, 10 phases, 12 rows of llm_usage_events`. */
export function rowsText(rows: readonly TableRows[]): string {
  return rows
    .map(({ table, rows: count }) => {
      const noun = Object.hasOwn(nouns, table) ? nouns[table] : undefined;
      return noun === undefined ? `${counted(count, 'row')} of ${table}` : counted(count, noun);
    })
    .join(', ');
}

/** What differs between what was agreed on and what is there now, in words; `null` if nothing does. */
export function contentDifference(agreed: RunContent, now: RunContent): string | null {
  const before = byPart(agreed);
  const after = byPart(now);
  const differences = [...new Set([...before.keys(), ...after.keys()])]
    .filter((part) => before.get(part) !== after.get(part))
    .map((part) => `${part} were ${before.get(part) ?? 0}, are ${after.get(part) ?? 0}`);
  return differences.length === 0 ? null : differences.join('; ');
}

function byPart({ goes, releases }: RunContent): ReadonlyMap<string, number> {
  return new Map([
    ...goes.map(({ table, rows }) => [table, rows] as const),
    ...releases.map(({ table, rows }) => [`${table} that stay`, rows] as const),
  ]);
}
