import { workerData } from 'node:worker_threads';
import { readSharedEvents } from '../../core/queries/readEvents.ts';
import { DescriptorImage } from './descriptorImage.ts';
import { helperStates, type HelperData, type HelperReply } from './scanHelpers.ts';

// The entry of a thread that reads events beside the reader's thread, until no page is left.
const { scan, descriptor, state, port } = workerData as HelperData;
const { starting, reading, done } = helperStates;
if (Atomics.compareExchange(state, 0, starting, reading) === starting) {
  port.postMessage(read());
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
