import type { TelemetryEvent } from '../core/model/telemetryEvent.ts';
import type { EventPage, EventSelection } from '../core/telemetry/page/telemetryEvents.ts';
import type { EventFormat } from '../core/telemetry/report/eventFormats.ts';
import type { DatabaseReader } from '../protocol/readerProtocol.ts';

/** Which events, and how they are written. */
export interface EventExport {
  readonly reader: DatabaseReader;
  /** Of the database; absolute. */
  readonly path: string;
  readonly format: EventFormat;
  /** Only these; without it, every event. */
  readonly selection?: EventSelection;
  /** Called after each page with how many events were written so far, and whether the database changed since the one before. */
  readonly onPage?: (events: number, changed: boolean) => void;
}

/** Events asked for at a time: enough to be quick, few enough to need no memory to speak of. */
const pageSize = 5000;

/** The events of a database in a format, a page at a time. Throws what the reader throws. */
export async function* eventChunks(
  request: EventExport,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const { format, onPage } = request;
  let written = 0;
  let state: string | null = null;
  let head = format.head;
  for await (const { events, token } of eventPages(request, signal)) {
    const before = written;
    // With the first events, for nothing is to be written where nothing can be read.
    yield head + events.map((event, index) => format.event(event, before + index)).join('');
    head = '';
    written += events.length;
    onPage?.(written, state !== null && state !== token);
    state = token;
  }
  yield head + format.tail;
}

interface Page {
  readonly events: readonly TelemetryEvent[];
  /** Of the state it was read from. */
  readonly token: string;
}

async function* eventPages(
  { reader, path, selection }: EventExport,
  signal?: AbortSignal,
): AsyncGenerator<Page, void, undefined> {
  const read = async (page: EventPage): Promise<Page> => {
    const { value, version } = await reader.request(path, 'telemetryEvents', page, signal);
    return { events: value, token: version.token };
  };
  if (selection !== undefined) {
    const { ids } = selection;
    for (let at = 0; at < ids.length; at += pageSize)
      yield await read({ ids: [...ids.subarray(at, at + pageSize)] });
    return;
  }
  let [after, more] = [0, true];
  while (more) {
    const page = await read({ after, limit: pageSize });
    yield page;
    after = page.events.at(-1)?.eventId ?? after;
    more = page.events.length === pageSize;
  }
}
