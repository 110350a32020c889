import { availableParallelism } from 'node:os';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { endSharedScan, type ScanHelpers, type SharedScan } from '../../core/db/scan/scanThreads.ts';
import type { StartThreads } from '../../core/db/snapshot/snapshotConnection.ts';
import type { EventScanTask, SharedPart } from '../../core/queries/readEvents.ts';
import { DescriptorImage } from './descriptorImage.ts';

/** What a thread is at, in shared memory. A thread that has not begun when the scan is over is not waited for. */
export const helperStates = { starting: 0, reading: 1, done: 2, unwanted: 3 } as const;

/** What a scanning thread is started with. */
export interface HelperData {
  readonly scan: SharedScan<EventScanTask>;
  readonly descriptor: number;
  readonly state: Int32Array<SharedArrayBuffer>;
  /** Where the reply goes. */
  readonly port: MessagePort;
}

/** What it sends when it is done. */
export type HelperReply = { readonly part: SharedPart } | { readonly error: string };

/** More threads than this wait for the disk or for memory. */
const mostHelpers = 3;
/** A thread that reads and does not end within this is lost: nothing it does takes nearly as long. In ms. */
const patienceMs = 60_000;

interface Helper {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly state: Int32Array<SharedArrayBuffer>;
}

/** A table of 64 MiB takes as long to read as a thread to start. */
const fewestPages = 16_384;

/** Threads with this script that read events from open files. */
export function scanThreads(workerUrl: URL, fewest = fewestPages): StartThreads {
  return (descriptor, byteLength) => ({
    fewestPages: fewest,
    open: () => new DescriptorImage(descriptor, byteLength),
    openScattered: () => new DescriptorImage(descriptor, byteLength, 0),
    help: (scan) => startScanHelpers(workerUrl, descriptor, scan),
  });
}

/** Starts threads that read events from an open file, one for each core but the caller's, at least one. */
function startScanHelpers(
  workerUrl: URL,
  descriptor: number,
  scan: SharedScan<EventScanTask>,
): ScanHelpers<SharedPart> {
  const count = Math.max(1, Math.min(mostHelpers, availableParallelism() - 1));
  const helpers = Array.from({ length: count }, () => startHelper(workerUrl, descriptor, scan));
  return {
    finish() {
      endSharedScan(scan);
      const parts = helpers.map(waitFor);
      return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
    },
  };
}

function startHelper(workerUrl: URL, descriptor: number, scan: SharedScan<EventScanTask>): Helper {
  const { port1: port, port2 } = new MessageChannel();
  const state = new Int32Array(new SharedArrayBuffer(4));
  const workerData: HelperData = { scan, descriptor, state, port: port2 };
  const worker = new Worker(workerUrl, {
    name: 'autopack database scan',
    workerData,
    transferList: [port2],
    trackUnmanagedFds: false,
  });
  // One that cannot start takes no part: its pages are read by others.
  worker.on('error', () => undefined);
  return { worker, port, state };
}

/** What a thread has read, nothing of one that never began, `null` of one that failed. */
function waitFor({ worker, port, state }: Helper): readonly SharedPart[] | null {
  const { starting, reading, done, unwanted } = helperStates;
  try {
    if (Atomics.compareExchange(state, 0, starting, unwanted) === starting) return [];
    if (Atomics.wait(state, 0, reading, patienceMs) === 'timed-out' || Atomics.load(state, 0) !== done)
      return null;
    const reply = receiveMessageOnPort(port)?.message as HelperReply | undefined;
    return reply !== undefined && 'part' in reply ? [reply.part] : null;
  } finally {
    port.close();
    void worker.terminate();
  }
}
