import { basename } from 'node:path';
import type { DatabaseFacts, DatabaseRole } from '../../core/model/databaseFacts.ts';
import { notAutopack } from '../database/notAutopack.ts';
import { drainableCount } from '../runs/drainable.ts';
import { stateCountsLabel } from '../runs/stateLabels.ts';
import { counted } from '../../core/text/quantities.ts';

/** What a check of the identity says in a sentence, and the command that goes on from there. */
export interface IdentityVerdict {
  readonly severity: 'good' | 'warning';
  readonly sentence: string;
  readonly nextStep: string;
  readonly action:
    | {
        readonly title: string;
        readonly command: 'selectDatabase' | 'createSeedDatabase' | 'seedRun' | 'drain' | 'analyzeTelemetry';
      }
    | undefined;
}

const roles: Readonly<Record<DatabaseRole, string>> = {
  seed: 'a telemetry seed database',
  legacy: 'a legacy backlog',
  unknown: 'a database of unknown role',
};

/** Sums up what a database is. */
export function identityVerdict(facts: DatabaseFacts): IdentityVerdict {
  const { counts, phaseStates, role, warnings } = facts;
  const name = basename(facts.path);
  const error = notAutopack(facts);
  if (error !== undefined) {
    return {
      severity: 'warning',
      sentence: error.message,
      nextStep: error.nextStep,
      action: { title: 'Select Database', command: 'selectDatabase' },
    };
  }
  const sentence = `${name} is ${roles[role]}: ${counted(counts.runs ?? 0, 'run')}, ${counted(counts.phases ?? 0, 'phase')} (${stateCountsLabel(phaseStates)}), ${counted(counts.tokenEstimationEvents ?? 0, 'telemetry event')}.${warnings.length === 0 ? '' : ` ${counted(warnings.length, 'thing is', 'things are')} worth knowing.`}`;
  const severity = warnings.length === 0 ? 'good' : 'warning';
  if ((counts.phases ?? 0) === 0) {
    return {
      severity,
      sentence,
      nextStep: 'Seed a telemetry run into it.',
      action: { title: 'Seed Telemetry Run', command: 'seedRun' },
    };
  }
  const waiting = drainableCount(phaseStates);
  return waiting > 0
    ? {
        severity,
        sentence,
        nextStep: `${counted(waiting, 'phase')} can be drained.`,
        action: { title: 'Drain…', command: 'drain' },
      }
    : {
        severity,
        sentence,
        nextStep: 'Look at its telemetry.',
        action: { title: 'Analyze Telemetry', command: 'analyzeTelemetry' },
      };
}
