import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { loadOnce } from '../../core/lazily.ts';

/** A writer that is loaded with its first use. */
export function writerOnUse(load: () => Promise<DatabaseWriterPort>): DatabaseWriterPort {
  const writer = loadOnce(load);
  return {
    perform: async (...work) => (await writer()).perform(...work),
    prepare() {
      // What keeps it from being loaded is told by the write that it is loaded for.
      void writer().then(
        (loaded) => loaded.prepare?.(),
        () => undefined,
      );
    },
    create: async (...work) => (await writer()).create(...work),
  };
}
