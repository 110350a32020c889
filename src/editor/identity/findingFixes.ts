import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { Finding } from '../../core/identity/findings.ts';
import { fixText, type Fix } from '../../core/identity/fix.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';

/** A way to put a finding right from here: what is done, and the words on its button, row or link. */
export interface FindingFix {
  readonly kind:
    | 'adopt'
    | 'adopt-anew'
    | 'check'
    | 'confirm-source'
    | 'delete-canaries'
    | 'keep-out-of-git'
    | 'mark-stale'
    | 'move-pins'
    | 'open-environment'
    | 'restore'
    | 'resume'
    | 'seed'
    | 'select'
    | 'select-original'
    | 'take-this';
  readonly title: string;
}

const restore = (): FindingFix => ({ kind: 'restore', title: t`Restore a Backup…` });
const select = (): FindingFix => ({ kind: 'select', title: t`Select Another Database…` });

/** Always the last: it is never what Enter does. */
const trust = (): FindingFix => ({ kind: 'take-this', title: t`Trust This File…` });

const fixes = (): Readonly<Partial<Record<Finding['code'], readonly FindingFix[]>>> => ({
  'not-adopted': [{ kind: 'adopt', title: t`Adopt Database…` }],
  'copy-or-restored': [
    select(),
    restore(),
    { kind: 'adopt-anew', title: t`Make It a Database of Its Own…` },
    trust(),
  ],
  'older-state': [restore(), select(), trust()],
  'other-history': [
    restore(),
    select(),
    { kind: 'adopt-anew', title: t`Make It a Database of Its Own…` },
    trust(),
  ],
  'different-id': [select(), restore(), trust()],
  'role-changed': [select(), restore(), trust()],
  'pins-unreadable': [{ kind: 'move-pins', title: t`Move the File Away…` }],
  'source-changed': [{ kind: 'confirm-source', title: t`Confirm the Change…` }],
  replaced: [{ kind: 'check', title: t`Check Identity` }, restore(), select()],
  unreadable: [restore(), select()],
  'not-autopack': [select()],
  git: [{ kind: 'keep-out-of-git', title: t`Keep It Out of Git…` }],
  'no-migrations': [{ kind: 'open-environment', title: t`Open Setting "Drain: Environment"…` }],
  'drain-killed': [{ kind: 'resume', title: t`Resume the Drain…` }],
  'stale-phases': [{ kind: 'mark-stale', title: t`Mark Them as Failed…` }],
  'canary-left': [{ kind: 'delete-canaries', title: t`Delete Canary Runs…` }],
  empty: [{ kind: 'seed', title: t`Seed Telemetry Run…` }, restore(), select()],
});

/**
 * How a finding can be fixed, the usual way first, which for a file that may not be the one that is meant is the safe
 * one: `original` is what it was copied from, absolute, where that is known; `path` is that of the database. Empty where
 * nothing can be done from here.
 */
export function findingFixes(
  { code }: Pick<Finding, 'code'>,
  original: string | null = null,
  path: string | null = null,
): readonly FindingFix[] {
  const usual = path !== null && isPostgresPath(path) ? fixesOfServer(code) : (fixes()[code] ?? []);
  return original === null
    ? usual
    : [{ kind: 'select-original', title: t`Select ${databaseName(original)}` }, ...usual];
}

/** A server's backups are not ours to restore. */
function fixesOfServer(code: Finding['code']): readonly FindingFix[] {
  return (fixes()[code] ?? [])
    .filter(({ kind }) => kind !== 'restore')
    .map((fix) => (fix.kind === 'take-this' ? { ...fix, title: t`Trust This Database…` } : fix));
}

/** A fix as the editor offers it: it has a place of its own for keys, and other programs get them by variables. */
export function fixLabel(fix: Fix): string {
  return fix.kind === 'set-api-key' ? t`Set the API key of ${fix.url}.` : fixText(fix);
}
