import type { Finding } from '../../core/guard/findings.ts';

/** A way to put a finding right from here: what is done, and the words on its button, row or link. */
export interface FindingMend {
  readonly kind:
    | 'adopt'
    | 'adopt-anew'
    | 'check'
    | 'delete-canaries'
    | 'keep-out-of-git'
    | 'mark-stale'
    | 'move-pins'
    | 'restore'
    | 'resume'
    | 'seed'
    | 'select'
    | 'take-this';
  readonly title: string;
}

const restore: FindingMend = { kind: 'restore', title: 'Restore a Backup…' };
const select: FindingMend = { kind: 'select', title: 'Select Another Database…' };

const mends: Readonly<Partial<Record<Finding['code'], readonly FindingMend[]>>> = {
  'not-adopted': [{ kind: 'adopt', title: 'Adopt Database…' }],
  'copy-or-restored': [
    { kind: 'take-this', title: 'This Is the Real One…' },
    { kind: 'adopt-anew', title: 'Make It a Database of Its Own…' },
    restore,
    select,
  ],
  'different-id': [restore, select, { kind: 'take-this', title: 'It Is Meant to Be Here…' }],
  'role-changed': [restore, { kind: 'take-this', title: 'The Change Was Meant…' }],
  'pins-unreadable': [{ kind: 'move-pins', title: 'Move the File Away…' }],
  replaced: [{ kind: 'check', title: 'Check Identity' }, restore, select],
  unreadable: [restore, select],
  'not-autopack': [select],
  git: [{ kind: 'keep-out-of-git', title: 'Keep It Out of Git…' }],
  'drain-killed': [{ kind: 'resume', title: 'Resume the Drain…' }],
  'stale-phases': [{ kind: 'mark-stale', title: 'Mark Them as Failed…' }],
  'canary-left': [{ kind: 'delete-canaries', title: 'Delete Canary Runs…' }],
  empty: [{ kind: 'seed', title: 'Seed Telemetry Run…' }, restore, select],
};

/** How a finding can be put right, the usual way first; empty where nothing can be done from here. */
export function findingMends({ code }: Pick<Finding, 'code'>): readonly FindingMend[] {
  return mends[code] ?? [];
}
