/** One telemetry event of the example backlog. Tokens are output tokens. */
export interface BacklogEvent {
  readonly runId: string;
  readonly phaseId: string;
  readonly category: string;
  readonly complexity: string;
  readonly deliverables: readonly string[];
  readonly predicted: number;
  readonly actual: number;
  readonly budget: number;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly at: string;
}

/** What was measured before telemetry was collected on purpose: a handful, and one event whose run nobody recorded. */
export const backlogEvents: readonly BacklogEvent[] = [
  {
    runId: 'lantern-import-v5',
    phaseId: 'import-tests',
    category: 'tests',
    complexity: 'medium',
    deliverables: ['tests/test_import.py', 'tests/conftest.py'],
    predicted: 7020,
    actual: 4492,
    budget: 12288,
    success: true,
    truncated: false,
    at: '2025-11-25 09:48:12.337000',
  },
  {
    runId: 'lantern-import-v5',
    phaseId: 'import-docs',
    category: 'docs',
    complexity: 'low',
    deliverables: ['docs/importing.md'],
    predicted: 2600,
    actual: 3157,
    budget: 8192,
    success: true,
    truncated: false,
    at: '2025-11-25 09:55:40.019000',
  },
  {
    runId: 'lantern-sharing-20251204',
    phaseId: 'share-permissions',
    category: 'backend',
    complexity: 'high',
    deliverables: ['src/lantern/sharing/permissions.py', 'src/lantern/sharing/roles.py'],
    predicted: 11700,
    actual: 9012,
    budget: 16384,
    success: true,
    truncated: false,
    at: '2025-12-04 09:51:03.600000',
  },
  {
    runId: 'lantern-search-v1',
    phaseId: 'search-dates',
    category: 'implementation',
    complexity: 'medium',
    deliverables: ['src/lantern/search/dates.py'],
    predicted: 4128,
    actual: 12288,
    budget: 12288,
    success: false,
    truncated: true,
    at: '2025-12-10 14:02:59.141000',
  },
  {
    runId: 'unknown',
    phaseId: 'search-query',
    category: 'implementation',
    complexity: 'medium',
    deliverables: ['src/lantern/search/query.py'],
    predicted: 4128,
    actual: 3310,
    budget: 12288,
    success: true,
    truncated: false,
    at: '2025-12-10T13:58:21',
  },
];
