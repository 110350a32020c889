import type { SqlValue } from '../db/databasePorts.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import type { PhaseKey } from '../model/phase.ts';
import { normaliseState, type State } from '../model/state.ts';
import { reuseByPart } from './rowParts.ts';

/** What phases are looked for by: every word of the text must be in one of a phase's texts, whatever its case. */
export interface PhaseSearch {
  readonly text: string;
  /** How many are told at most. */
  readonly limit: number;
}

/** A phase that was found. */
export interface FoundPhase extends PhaseKey {
  readonly rowId: number;
  readonly name: string;
  readonly state: State;
  /** At most 300 characters. */
  readonly failureReason: string | null;
}

/** What was found: those whose id, name or run holds the longest word come first, then by row, the newest first. */
export interface FoundPhases {
  readonly phases: readonly FoundPhase[];
  /** How many there are in all. */
  readonly total: number;
}

/** What is looked into, in this order; what comes before `description` names a phase. */
const nameColumns = ['phase_id', 'name', 'run_id'];
const textColumns = ['description', 'last_failure_reason', 'scope', 'task_category', 'complexity', 'state'];
/** Of each text, in characters: a reason may hold a whole log. */
const longestText = 2000;
const longestReason = 300;

/** The texts of some phases, one after the other, so that one search goes through all of them. */
interface TextIndex {
  /** Of each phase its names, then its other texts, in lower case, with a character between that no text holds. */
  readonly text: string;
  /** Where each phase begins, and where its names end. */
  readonly starts: Uint32Array;
  readonly nameEnds: Uint32Array;
  readonly rowIds: Float64Array;
}

/**
 * Finds phases by any of their texts. The texts are kept between searches and read again only where the table changed;
 * an empty text finds nothing, and reads them. Empty without a `phases` table.
 */
export function searchPhases(context: QueryContext, { text, limit }: PhaseSearch): FoundPhases {
  const { schema } = context;
  if (!['id', 'run_id', 'phase_id'].every((column) => schema.hasColumn('phases', column)))
    return { phases: [], total: 0 };
  const parts = reuseByPart(context, 'phases', 'phases: texts', readTexts);
  const words = [...new Set(text.toLowerCase().split(/\s+/))].filter((word) => word !== '');
  if (words.length === 0) return { phases: [], total: 0 };
  // The longest is the rarest, as a rule.
  words.sort((a, b) => b.length - a.length);
  const byName: number[] = [];
  const byText: number[] = [];
  for (const part of parts.toReversed()) findIn(part, words, byName, byText);
  const rowIds = [...byName, ...byText].slice(0, limit);
  return {
    phases: rowIds.flatMap((rowId) => foundPhase(context, rowId)),
    total: byName.length + byText.length,
  };
}

function readTexts({ db, schema }: QueryContext, where: string, params: readonly SqlValue[]): TextIndex {
  const columns = ['id', ...nameColumns, ...textColumns];
  const texts: string[] = [];
  const [starts, nameEnds, rowIds]: [number[], number[], number[]] = [[], [], []];
  let length = 0;
  db.each(`SELECT ${schema.select('phases', columns)} FROM phases ${where}`, params, ([id, ...values]) => {
    const lower = values.map((value) => (typeof value === 'string' ? folded(value) : ''));
    const names = `${lower.slice(0, nameColumns.length).join('\n')}\u0000`;
    const own = `${names}${lower.slice(nameColumns.length).join('\n')}\u0000`;
    starts.push(length);
    nameEnds.push(length + names.length);
    rowIds.push(Number(id));
    texts.push(own);
    length += own.length;
  });
  return {
    text: texts.join(''),
    starts: Uint32Array.from(starts),
    nameEnds: Uint32Array.from(nameEnds),
    rowIds: Float64Array.from(rowIds),
  };
}

function folded(text: string): string {
  return text.slice(0, longestText).toLowerCase().replaceAll('\u0000', ' ');
}

/** Adds the row ids of the phases of a part that hold every word, the last first. */
function findIn(
  { text, starts, nameEnds, rowIds }: TextIndex,
  words: readonly string[],
  byName: number[],
  byText: number[],
): void {
  const [rarest = '', ...others] = words;
  let end = text.length;
  while (end > 0) {
    const at = text.lastIndexOf(rarest, end - rarest.length);
    if (at < 0 || end < rarest.length) return;
    const row = rowAt(starts, at);
    const start = starts[row] ?? 0;
    const rowEnd = starts[row + 1] ?? text.length;
    const own = others.length === 0 ? '' : text.slice(start, rowEnd);
    if (others.every((word) => own.includes(word))) {
      const nameEnd = nameEnds[row] ?? start;
      const first = at < nameEnd ? at : text.indexOf(rarest, start);
      (first < nameEnd ? byName : byText).push(rowIds[row] ?? 0);
    }
    end = start;
  }
}

/** The index of the last start that is not after a place. */
function rowAt(starts: Uint32Array, at: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function foundPhase({ db, schema }: QueryContext, rowId: number): FoundPhase[] {
  const columns = ['id', 'run_id', 'phase_id', 'name', 'state', 'last_failure_reason'];
  const rows = db.all(`SELECT ${schema.select('phases', columns)} FROM phases WHERE id = ?`, [rowId]);
  return rows.map((row) => {
    const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
    const phaseId = text('phase_id') ?? '';
    return {
      rowId,
      runId: text('run_id') ?? '',
      phaseId,
      name: text('name') ?? phaseId,
      state: normaliseState(text('state')),
      failureReason: text('last_failure_reason')?.slice(0, longestReason) ?? null,
    };
  });
}
