import { ColumnReader, DecodeWarnings } from '../db/columnReader.ts';
import type { Row } from '../db/databasePorts.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { PhaseBrief } from '../model/phaseBrief.ts';

/** The columns of `phases` that a brief is read from. */
export const briefColumns = [
  'name',
  'description',
  'task_category',
  'complexity',
  'scope',
  'last_failure_reason',
] as const;

/** Keys of a scope that are read on their own, or say nothing to a builder. */
const otherKeys: ReadonlySet<string> = new Set([
  'paths',
  'read_only_context',
  'deliverables',
  'acceptance_criteria',
  'requirements_path',
  'chunk_number',
  'phase_sequence',
]);

/** Reads the brief of a phase from its row, which must hold {@link briefColumns} as far as the schema has them. */
export function readPhaseBrief(key: PhaseKey, row: Row): PhaseBrief {
  const column = new ColumnReader('phases', row, new DecodeWarnings());
  const { paths, readOnlyContext, deliverables } = column.scope('scope');
  const scope = column.json('scope');
  const fields = isRecord(scope) ? scope : {};
  return {
    runId: key.runId,
    phaseId: key.phaseId,
    name: column.text('name') ?? key.phaseId,
    description: column.text('description') ?? '',
    category: column.text('task_category') ?? 'implementation',
    complexity: complexityOf(column.text('complexity')),
    deliverables: deliverables.map(pathOf),
    paths,
    readOnlyContext,
    acceptanceCriteria: linesOf(fields.acceptance_criteria),
    constraints: Object.entries(fields)
      .filter(([name]) => !otherKeys.has(name))
      .flatMap(([name, value]) => linesOf(value).map((line) => `${name}: ${line}`)),
    lastFailureReason: column.text('last_failure_reason'),
  };
}

/** `src/a.py with class A` and `src/a.py (120 lines)` name a file, and then say more about it. */
function pathOf(deliverable: string): string {
  const [path = deliverable] = /^\S+\.\w{1,10}(?=\s)|^.*$/s.exec(deliverable.trim()) ?? [];
  return path;
}

function complexityOf(stored: string | null): PhaseBrief['complexity'] {
  const lower = stored?.trim().toLowerCase();
  return lower === 'low' || lower === 'high' ? lower : 'medium';
}

/** Levels of lists in lists of which lines are taken. */
const deepestList = 8;

/** What a person wrote in JSON, as lines of text. */
function linesOf(value: unknown, depth = 0): string[] {
  if (depth > deepestList || value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((part) => linesOf(part, depth + 1));
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([name, part]) =>
      linesOf(part, depth + 1).map((line) => `${name}: ${line}`),
    );
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [String(value)]
    : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
