import type { ByteImage } from '../../db/databasePorts.ts';
import type { QueryContext } from '../../db/scan/queryContext.ts';
import { leafPages, pageScanner } from '../../db/scan/scanPages.ts';
import { scanTable } from '../../db/scan/scanTable.ts';
import {
  endSharedScan,
  readSharedPages,
  type SharedCounter,
  type SharedScan,
  type ScanThreads,
} from '../../db/scan/scanThreads.ts';
import { malformed, tableLayout, type TableLayout } from '../../db/scan/tableLayout.ts';
import { CancelledError } from '../../errors.ts';
import {
  allocateEvents,
  EventCollector,
  eventTable,
  type EventColumns,
  type EventFields,
  type EventPart,
  type EventTable,
} from './eventPart.ts';

/** What a thread needs to know to read events, and where they go: in memory that threads share, by their row ids. */
export interface EventScanTask {
  readonly fields: EventFields;
  readonly layout: TableLayout;
  readonly columns: EventColumns;
  readonly readers: Uint8Array;
  /** The row id whose event goes to the first place. */
  readonly firstRow: number;
  /** How many threads take part. */
  readonly taking: SharedCounter;
}

/** A part, and the number under which its events are marked. */
export interface SharedPart {
  readonly reader: number;
  readonly part: EventPart;
}

/** The threads of a query, which are started for these tasks. */
export type EventThreads = ScanThreads<EventScanTask, SharedPart>;

/**
 * Begins to read all events, on several threads where that is worth it, and returns what reads the rest of them; threads
 * are at work in between. A value that is not what its column should hold is counted as a warning.
 */
export function readEvents(context: QueryContext, withDetails: boolean): () => EventTable {
  const hasReasons = context.schema.hasColumn(eventTable, 'stop_reason');
  const fields = { withDetails, hasReasons };
  const shared = shareScan(context, fields);
  const threads = context.threads as EventThreads | undefined;
  if (shared === null || threads === undefined) return () => readAlone(context, fields);
  const helpers = threads.help(shared);
  return () => {
    let own: SharedPart;
    let others: readonly SharedPart[] | null;
    try {
      own = readSharedEvents(threads.open(), shared, () => context.image?.read(0, 1));
    } finally {
      endSharedScan(shared);
      others = helpers.finish();
    }
    // A thread that failed leaves the telling of what is wrong to a scan that is complete.
    if (others === null) return readAlone(context, fields);
    threads.noteRead(shared.pages);
    const parts = [own, ...others].sort((a, b) => a.reader - b.reader).map(({ part }) => part);
    noteWarnings(context, parts);
    const { columns, readers } = shared.task;
    return { columns, places: readers.length, readers, parts };
  };
}

/** What one thread reads of a scan: whatever the others leave it. `checkCancelled` is called now and then. */
export function readSharedEvents(
  image: ByteImage,
  scan: SharedScan<EventScanTask>,
  checkCancelled: () => void = () => undefined,
): SharedPart {
  const { fields, layout, columns, readers, firstRow, taking } = scan.task;
  const reader = Atomics.add(taking, 0, 1) + 1;
  const collector = new EventCollector(fields, columns);
  const read = pageScanner(image, layout, collector.scanned, (row, rowId) => {
    const place = rowId - firstRow;
    if (!(place >= 0 && place < readers.length)) throw malformed(`row ${rowId} is beyond the last`);
    // As a whole number of 32 bits it is an index without a conversion for each column.
    const at = place >>> 0;
    collector.put(row, at);
    readers[at] = reader;
  });
  readSharedPages(scan, checkCancelled, read);
  return { reader, part: collector.part() };
}

/** Shorter than any row that holds an event, with what a page needs for it. In bytes. */
const shortestRow = 16;
/** Rows hold two ids, a time and more: where fewer bytes of the file fall to each row id, most of the rows are gone. */
const shortestSharedRow = 64;

/** `null` where the events are few, or lie too far apart to have a place for each row id. */
function shareScan(context: QueryContext, fields: EventFields): SharedScan<EventScanTask> | null {
  const { image, threads } = context;
  if (image === undefined || threads === undefined || image.byteLength < threads.fewestPages * 512)
    return null;
  const layout = tableLayout(context.db, eventTable, new EventCollector(fields).scanned);
  if (layout === null) return null;
  // The pages of the tree lie far apart: read alone they take less than through a cache of larger blocks.
  const found = leafPages(threads.openScattered?.() ?? image, layout.rootPage);
  threads.noteRead(found.read);
  const pages = found.leaves;
  if (pages.length < threads.fewestPages) return null;
  const { first, room } = rowIds(context);
  if (!(first >= 0 && first + room < 2 ** 53 && room > 0 && room <= image.byteLength / shortestSharedRow))
    return null;
  const share = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  const task = {
    ...{ fields, layout, firstRow: first },
    columns: allocateEvents(room, share),
    readers: new Uint8Array(share(room)),
    taking: new Int32Array(share(4)),
  };
  return { task, pages, next: new Int32Array(share(4)), byteLength: image.byteLength };
}

/** The first row id, and how many there are up to the last: the count of the rows where none was deleted. */
function rowIds({ db }: QueryContext): { readonly first: number; readonly room: number } {
  const [ids] = db.all(
    `SELECT (SELECT min(rowid) FROM ${eventTable}) AS first, (SELECT max(rowid) FROM ${eventTable}) AS last`,
  );
  const first = Number(ids?.first ?? NaN);
  return { first, room: Number(ids?.last ?? NaN) - first + 1 };
}

/** How many row ids there are; 0 where that cannot be told: the scan then says what is wrong, and where. */
function rowIdsOrNone(context: QueryContext): number {
  try {
    return rowIds(context).room || 0;
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    return 0;
  }
}

function readAlone(context: QueryContext, fields: EventFields): EventTable {
  const { db, image } = context;
  const canScan =
    image !== undefined && tableLayout(db, eventTable, new EventCollector(fields).scanned) !== null;
  // Columns that need not grow are not in memory twice; never more than the file can hold, one for a row that is added.
  const most = canScan ? image.byteLength / shortestRow : 0;
  const room = canScan ? Math.floor(Math.min(rowIdsOrNone(context), most)) : 0;
  const collector = new EventCollector(fields, allocateEvents(Math.max(room, 0) + 1));
  scanTable(context, eventTable, collector.scanned, (row) => collector.append(row));
  const table = collector.table();
  noteWarnings(context, table.parts);
  return table;
}

function noteWarnings({ warnings }: QueryContext, parts: readonly EventPart[]): void {
  for (const part of parts) for (const { what, count } of part.warnings) warnings.add(what, count);
}
