import type { LoggerPort } from '../core/ports.ts';
import { longRequests, type DatabaseReader, type ReaderRequestName } from '../protocol/readerProtocol.ts';
import { VirtualDatabases, type VirtualFilesPort } from '../reader/virtualFiles.ts';
import { WorkerClient } from '../reader/workerClient.ts';
import { WebThread, type WebThreadOptions } from './webThread.ts';

/** Where databases come from, and what reads them. */
export interface WebReaderOptions extends WebThreadOptions {
  readonly files: VirtualFilesPort;
  readonly logger: LoggerPort;
}

/**
 * A reader in two web workers, which start with the first question: short ones do not wait behind those that read much. No
 * more of them than that, for each holds the whole database where a browser lets no memory be shared.
 */
export function createWebReader({ files, logger, ...threads }: WebReaderOptions): DatabaseReader {
  const databases = new VirtualDatabases(files);
  const client = (): WorkerClient =>
    new WorkerClient({ logger, startThread: (start) => new WebThread(threads, start) });
  const [quick, long] = [client(), client()];
  // The facts count every row.
  const isLong = (name: ReaderRequestName): boolean => name === 'identity' || longRequests.has(name);
  return {
    async request(path, name, params, signal) {
      const content = await databases.read(path);
      return (isLong(name) ? long : quick).ask(path, name, params, signal, { content });
    },
    async dispose() {
      await Promise.all([quick, long].map((one) => one.dispose()));
    },
  };
}
