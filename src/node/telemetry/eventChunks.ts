import type { EventFormat } from '../../core/telemetry/export/eventFormat.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';

/** Which events, and how they are written. */
export interface EventExport {
  readonly reader: DatabaseReader;
  /** Of the database; absolute. */
  readonly path: string;
  readonly format: EventFormat;
  /** Told after each page how many events were written so far, and whether the database changed since the one before. */
  readonly onPage?: (events: number, changed: boolean) => void;
}

/** Events asked for at a time: enough to be quick, few enough to need no memory to speak of. */
const pageSize = 5000;

/** Every event of a database in a format, a page at a time. Throws what the reader throws. */
export async function* eventChunks(
  { reader, path, format, onPage }: EventExport,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  yield format.head;
  let [written, after, more] = [0, 0, true];
  let state: string | null = null;
  while (more) {
    const { value, version } = await reader.ask(path, 'telemetryEvents', { after, limit: pageSize }, signal);
    const before = written;
    yield value.map((event, index) => format.event(event, before + index)).join('');
    written += value.length;
    after = value.at(-1)?.eventId ?? after;
    more = value.length === pageSize;
    onPage?.(written, state !== null && state !== version.token);
    state = version.token;
  }
  yield format.tail;
}
