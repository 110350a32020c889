import type { DrainRequest } from '../core/drain/drainOptions.ts';
import type { DrainSummary } from '../core/drain/drainSummary.ts';
import { SampleCollection } from '../core/drain/sampleCollection.ts';
import { seedDatabase } from '../core/seed/seedDatabase.ts';
import { counted } from '../core/text/quantities.ts';
import type { CommandContext } from './commandContext.ts';
import { drainDatabase, type DrainHow } from './drainCommand.ts';
import { authorise } from './guardOptions.ts';
import { requireSeedConsent } from './seedCommand.ts';

/** Why no more samples are collected, and the drains it took. */
export interface Collection {
  readonly drains: readonly DrainSummary[];
  readonly reason: string;
}

/** Seeds and drains on after the first drain of a request, for as long as {@link SampleCollection} says. */
export async function collectSamples(
  path: string,
  request: DrainRequest,
  first: DrainSummary,
  how: DrainHow,
  say: (text: string) => void,
  context: CommandContext,
): Promise<Collection> {
  const { reader, writer, clock, signal } = context;
  const collection = new SampleCollection(request, first);
  for (;;) {
    const { value } = await reader.request(path, 'coverage', null, signal);
    const { have, need } = value.coverage.phases;
    say(`    ${counted(have, 'phase')} with a clean sample of ${need}`);
    const step = collection.next({ ...value, now: clock.now() });
    if (step.kind === 'end') return { drains: collection.drains, reason: step.reason };
    const expected = await authorise(path, 'seed', how, context);
    const { plan } = step;
    await requireSeedConsent(path, expected, plan, how, context);
    const seeded = await seedDatabase(writer, path, { now: clock.now(), plan, expected }, signal);
    say(`    Seeded ${counted(seeded.phases, 'more phase')}: ${seeded.runId}`);
    collection.add(await drainDatabase(path, collection.requestFor(seeded), how, context));
  }
}
