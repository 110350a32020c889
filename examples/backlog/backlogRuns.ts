import type { backlogPlans } from './backlogPlans.ts';

/** How a failed phase ended, by the word that stands for it in {@link BacklogRun.outcomes}. */
export const failureReasons = {
  failed: null,
  attempts: 'MAX_ATTEMPTS_EXHAUSTED',
  collection: `CollectionError in tests/test_exif.py: ModuleNotFoundError: No module named 'lantern.exif'`,
  deliverable: 'DELIVERABLES_VALIDATION_FAILED: missing deliverable src/lantern/importing/hashes.py',
  noop: 'Patch is a no-op: the manifest names 2 files and none of them changed',
  patch: 'PATCH_FAILED: hunk 2 of src/lantern/storage/catalogue.py does not apply at line 118',
  review: 'AUDITOR_REJECTED: permissions are checked after the file was read',
  timeout: 'Phase timeout after 900 seconds',
} as const;

/** One run of the example backlog. */
export interface BacklogRun {
  readonly id: string;
  readonly plan: keyof typeof backlogPlans;
  readonly state: string;
  /** As stored: the oldest tools wrote a `T`. */
  readonly createdAt: string;
  /** For each phase of the plan a key of {@link failureReasons}, or its state. */
  readonly outcomes: string;
  readonly goal?: string;
  readonly failureReason?: string;
}

const humanNeeded = 'DONE_FAILED_REQUIRES_HUMAN_REVIEW';

/** The runs of the example backlog, oldest first. */
export const backlogRuns: readonly BacklogRun[] = [
  {
    id: 'scope-smoke-20251118',
    plan: 'smoke',
    state: 'RUN_CREATED',
    createdAt: '2025-11-18T09:12:40.118302',
    outcomes: 'queued',
  },
  {
    id: 'lantern-import-v1',
    plan: 'importing',
    state: humanNeeded,
    createdAt: '2025-11-20 14:02:11.530000',
    outcomes: 'COMPLETE collection deliverable QUEUED QUEUED QUEUED QUEUED QUEUED',
    goal: 'Import a folder of photos without duplicates',
  },
  {
    id: 'lantern-import-v2',
    plan: 'importing',
    state: humanNeeded,
    createdAt: '2025-11-20 16:47:03.915000',
    outcomes: 'COMPLETE collection deliverable attempts QUEUED QUEUED QUEUED QUEUED',
    goal: 'Import a folder of photos without duplicates',
  },
  {
    id: 'lantern-import-v3',
    plan: 'importing',
    state: humanNeeded,
    createdAt: '2025-11-21 08:30:55.201000',
    outcomes: 'COMPLETE COMPLETE deliverable patch patch timeout QUEUED QUEUED',
    goal: 'Import a folder of photos without duplicates',
  },
  {
    id: 'lantern-import-v4',
    plan: 'importing',
    state: 'DONE_FAILED_BUDGET_EXHAUSTED',
    createdAt: '2025-11-24 10:05:18.774000',
    outcomes: 'COMPLETE COMPLETE COMPLETE COMPLETE patch timeout attempts QUEUED',
    goal: 'Import a folder of photos without duplicates',
    failureReason: 'The limit of 60 minutes was reached with one phase left.',
  },
  {
    id: 'lantern-import-v5',
    plan: 'importing',
    state: 'DONE_SUCCESS',
    createdAt: '2025-11-25 09:00:02.006000',
    outcomes: 'COMPLETE COMPLETE COMPLETE COMPLETE COMPLETE COMPLETE COMPLETE COMPLETE',
    goal: 'Import a folder of photos without duplicates',
  },
  {
    id: 'lantern-sharing-20251203a',
    plan: 'sharing',
    state: humanNeeded,
    createdAt: '2025-12-03 11:21:37.640000',
    outcomes: 'COMPLETE noop review QUEUED QUEUED QUEUED QUEUED QUEUED QUEUED',
  },
  {
    id: 'lantern-sharing-20251203b',
    plan: 'sharing',
    state: humanNeeded,
    createdAt: '2025-12-03 15:10:09.088000',
    outcomes: 'COMPLETE COMPLETE review failed noop QUEUED QUEUED QUEUED QUEUED',
  },
  {
    id: 'lantern-sharing-20251204',
    plan: 'sharing',
    state: humanNeeded,
    createdAt: '2025-12-04 09:33:20.412000',
    outcomes: 'COMPLETE COMPLETE COMPLETE failed timeout COMPLETE attempts COMPLETE SKIPPED',
  },
  {
    id: 'lantern-search-v1',
    plan: 'searching',
    state: 'PHASE_EXECUTION',
    createdAt: '2025-12-10 13:45:00.250000',
    outcomes: 'COMPLETE COMPLETE timeout timeout EXECUTING QUEUED GATE QUEUED QUEUED QUEUED',
    goal: 'Find a photo by what is said about it, when, where and who',
  },
  {
    id: 'maintenance-20251216',
    plan: 'maintenance',
    state: 'DONE_FAILED_ENVIRONMENT',
    createdAt: '2025-12-16 07:55:41.900000',
    outcomes: 'COMPLETE failed attempts COMPLETE collection collection',
    failureReason: 'The virtual environment could not be made: no space left on device.',
  },
  {
    id: 'docs-sweep-v1',
    plan: 'documenting',
    state: 'queued',
    createdAt: '2025-12-19 17:20:30',
    outcomes: 'queued queued queued queued queued',
  },
];
