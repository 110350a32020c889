import type { SourceTarget } from '../core/identity/databaseSource.ts';
import { isDrifting, originText, type SourceDrift } from '../core/identity/drift.ts';

/** A source of a database for programs: who names it, what that comes to, and how it compares. */
export function sourceJson({ source, state, message }: SourceDrift): object {
  return {
    source: originText(source.origin),
    kind: source.origin.kind,
    target: targetJson(source.target),
    state,
    message,
  };
}

/** Times are for people and programs alike. */
function targetJson(target: SourceTarget): object {
  if (target.kind !== 'server' || target.canary === undefined) return target;
  return { ...target, canary: new Date(target.canary.askedAt).toISOString() };
}

/** Only the sources that stand against the selected database. */
export function driftJson(sources: readonly SourceDrift[]): object[] {
  return sources.filter(isDrifting).map(sourceJson);
}
