import { workerData } from 'node:worker_threads';
import { readSharedEvents } from '../../core/queries/readEvents.ts';
import { DescriptorImage } from './descriptorImage.ts';
import { helperStates, type HelperData, type HelperReply } from './scanHelpers.ts';

// The entry of a thread that reads events beside the reader's thread, until no page is left.
const { scan, descriptor, state, port } = workerData as HelperData;
const { starting, reading, done } = helperStates;
if (Atomics.compareExchange(state, 0, starting, reading) === starting) {
  send(read());
  Atomics.store(state, 0, done);
  Atomics.notify(state, 0);
}

function read(): HelperReply {
  try {
    return { part: readSharedEvents(new DescriptorImage(descriptor, scan.byteLength), scan) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** The columns are handed over without a copy. */
function send(reply: HelperReply): void {
  const columns = 'part' in reply ? Object.values(reply.part as object) : [];
  const buffers = columns.flatMap((column) =>
    ArrayBuffer.isView(column) && column.buffer instanceof ArrayBuffer ? [column.buffer] : [],
  );
  port.postMessage(reply, buffers);
}
