import * as z from 'zod';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { protectionLevels } from '../../core/model/protectionLevel.ts';
import type { LoggerPort } from '../../core/ports.ts';
import { journalAuthor } from '../writer/journalAuthor.ts';
import { furtherRowsText, WriterClient } from '../writer/writerClient.ts';

/** The argument with which a process of ours that drains is a worker of another's drain. */
export const workerArgument = '--worker';

/** The database that was agreed to, as such a process is told. */
export const agreedDatabase = z.object({
  id: z.string(),
  role: z.enum(['seed', 'legacy']),
  level: z.enum(protectionLevels),
  fileId: z.string(),
  allowTriggers: z.boolean().optional(),
}) satisfies z.ZodType<WriteExpectation>;

/** Variables of an editor or a debugger around us that would change how a child runs. */
const ours = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS'];

/** The environment of a process of ours that drains; `apiKey` is that of the API server which its executions reuse. */
export function hostEnvironment(apiKey?: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !ours.includes(name));
  // In the desktop editor the running program is Electron, which this variable makes a plain Node.
  return {
    ...Object.fromEntries(inherited),
    ELECTRON_RUN_AS_NODE: '1',
    // Autopack prefers the file; set to nothing, it cannot come back from a `.env` either.
    ...(apiKey === undefined ? {} : { AUTOPACK_API_KEY: apiKey, AUTOPACK_API_KEY_FILE: '' }),
  };
}

/** What such a process writes with: its changes are a drain's, and noted in the journal of its workspace folder (absolute). */
export function drainWriter(writerUrl: string, workspaceFolder: string, logger: LoggerPort): WriterClient {
  return new WriterClient({
    processUrl: new URL(writerUrl),
    onFurtherRows: (rows, path) => logger.warn(furtherRowsText(rows, path)),
    journal: {
      author: journalAuthor('drain'),
      folderOf: () => workspaceFolder,
      onProblem: (message) => logger.warn(message),
    },
  });
}
