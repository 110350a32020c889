import type { DecodeWarning } from '../db/decodeWarnings.ts';
import { leafPages } from '../db/scan/leafPages.ts';
import { pageScanner } from '../db/scan/scanPages.ts';
import { endSharedScan, readSharedPages, type SharedScan } from '../db/scan/scanThreads.ts';
import { scanTable } from '../db/scan/scanTable.ts';
import { tableLayout } from '../db/scan/tableLayout.ts';
import type { TableLayout } from '../db/scan/tableLayout.ts';
import type { ByteImage } from '../db/sqlJs/byteImage.ts';
import { EventCollector, type EventFields, type EventPart, eventTable } from './eventPart.ts';
import type { QueryContext } from './queryContext.ts';

/** What a thread needs to know to read events. */
export interface EventScanTask {
  readonly fields: EventFields;
  readonly layout: TableLayout;
}

/**
 * Begins to read all events, on several threads where that is worth it, and returns what reads the rest of them; threads
 * are at work in between. The parts hold each event once; a value that is not what its column should hold is counted as
 * a warning.
 */
export function readEvents(context: QueryContext, withDetails: boolean): () => readonly EventPart[] {
  const hasReasons = context.schema.hasColumn(eventTable, 'stop_reason');
  const { columns } = new EventCollector({ withDetails, hasReasons, room: 0 });
  const layout = context.image === undefined ? null : tableLayout(context.db, eventTable, columns);
  const fields = { withDetails, hasReasons, room: layout === null ? 0 : likelyCount(context) };
  const shared = layout === null ? null : shareScan(context, { fields, layout });
  const { threads } = context;
  if (shared === null || threads === undefined) return () => [readAlone(context, fields)];
  const helpers = threads.help(shared);
  return () => {
    let own: EventPart;
    let others: readonly EventPart[] | null;
    try {
      own = readSharedEvents(threads.open(), shared, () => context.image?.read(0, 1));
    } finally {
      endSharedScan(shared);
      others = helpers.finish();
    }
    // A thread that failed leaves the telling of what is wrong to a scan that is complete.
    if (others === null) return [readAlone(context, fields)];
    threads.noteRead(shared.pages);
    const parts = [own, ...others].filter(({ count }) => count > 0);
    for (const part of parts) for (const warning of part.warnings) addWarning(context, warning);
    return parts;
  };
}

/** What one thread reads of a scan: whatever the others leave it. `checkCancelled` is called now and then. */
export function readSharedEvents(
  image: ByteImage,
  scan: SharedScan<EventScanTask>,
  checkCancelled?: () => void,
): EventPart {
  const { fields, layout } = scan.task;
  const collector = new EventCollector(fields);
  const read = pageScanner(image, layout, collector.columns, (row) => collector.add(row));
  const onChunk = (chunk: number): void => {
    checkCancelled?.();
    collector.beginChunk(chunk);
  };
  readSharedPages(scan, onChunk, read);
  return collector.finish();
}

/** Shorter than any row that holds an event, with what a page needs for it. In bytes. */
const shortestRow = 16;

/** The span of the row ids, which is the count where none was deleted; never more than the file can hold. */
function likelyCount({ db, image }: QueryContext): number {
  const [row] = db.all(
    `SELECT (SELECT max(rowid) FROM ${eventTable}) - (SELECT min(rowid) FROM ${eventTable}) AS span`,
  );
  const span = typeof row?.span === 'number' ? row.span + 1 : 0;
  const most = image === undefined ? 1 << 20 : Math.floor(image.byteLength / shortestRow);
  return Math.max(0, Math.min(span, most));
}

function shareScan({ image, threads }: QueryContext, task: EventScanTask): SharedScan<EventScanTask> | null {
  if (image === undefined || threads === undefined || image.byteLength < threads.fewestPages * 512)
    return null;
  const found = leafPages(image, task.layout.rootPage);
  if (found.length < threads.fewestPages) return null;
  const pages = new Uint32Array(new SharedArrayBuffer(4 * found.length));
  pages.set(found);
  const next = new Int32Array(new SharedArrayBuffer(4));
  return { task, pages, next, byteLength: image.byteLength };
}

function readAlone(context: QueryContext, fields: EventFields): EventPart {
  const collector = new EventCollector(fields);
  scanTable(context, eventTable, collector.columns, (row) => collector.add(row));
  const part = collector.finish();
  for (const warning of part.warnings) addWarning(context, warning);
  return part;
}

function addWarning({ warnings }: QueryContext, { what, count }: DecodeWarning): void {
  warnings.add(what, count);
}
