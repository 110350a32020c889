import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { lazily } from '../../core/lazily.ts';

/** A writer that is loaded with its first use. */
export function writerOnUse(load: () => Promise<DatabaseWriterPort>): DatabaseWriterPort {
  const writer = lazily(load);
  return {
    perform: async (...work) => (await writer()).perform(...work),
    prepare: () => void writer().then((loaded) => loaded.prepare?.()),
    create: async (...work) => (await writer()).create(...work),
  };
}
