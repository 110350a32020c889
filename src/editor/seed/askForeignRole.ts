import { basename } from 'node:path';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { mixingText } from '../../core/seed/seedPlan.ts';
import { telemetryCollectionV4 } from '../../core/seed/telemetryCollectionV4.ts';
import type { Offer } from '../offers/offers.ts';

/** What a person wants who was about to seed a backlog. */
export type ForeignRoleAnswer = 'seed' | 'create' | undefined;

/** Asks whether a run is to go into a database that is no telemetry seed; a new one is the default. */
export async function askForeignRole(
  { path, counts }: Pick<DatabaseFacts, 'path' | 'counts'>,
  runId: string,
  offer: Offer,
): Promise<ForeignRoleAnswer> {
  const create = 'Create a Seed Database';
  const anyway = 'Seed Anyway';
  const question = `${basename(path)} is a legacy backlog, not a telemetry seed database. Seed the run ${runId} into it?`;
  const detail = [`${mixingText(counts, telemetryCollectionV4)} Create a telemetry seed database instead.`];
  const pressed = await offer.ask({
    severity: 'warning',
    message: question,
    detail,
    buttons: [create, anyway],
    harmless: [create],
  });
  if (pressed === undefined) return undefined;
  return pressed === anyway ? 'seed' : 'create';
}
