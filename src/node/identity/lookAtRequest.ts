import { execFile } from 'node:child_process';
import * as z from 'zod';
import { agentVariables } from '../../core/identity/agentSigns.ts';
import { deserializeError } from '../../core/errors.ts';
import type { ProtectedOperation } from '../../core/identity/protection.ts';
import { protectionLevels } from '../../core/model/protectionLevel.ts';
import { printedError } from '../../protocol/serializedError.ts';
import type { ApprovalRequest } from './approvalRequests.ts';

const operations = [
  ...['seed', 'drain', 'mark-stale', 'requeue', 'delete-run', 'canary', 'adopt', 'restore', 'move-aside'],
] as const;

const answer = z.union([
  z.object({
    question: z.string(),
    level: z.enum(protectionLevels),
    operation: z.enum(operations) satisfies z.ZodType<ProtectedOperation>,
    databaseId: z.string().nullable(),
    path: z.string(),
    fileId: z.string(),
    rows: z.number(),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  printedError,
]);

/** What a command that waits would do, as the command line works it out; see `planApproval`. */
export type RequestedWrite = Exclude<z.output<typeof answer>, { error: unknown }>;

/** How long a command may take to say what it would do, in ms, and how much it may say. */
const longestMs = 120_000;
const longestText = 1 << 24;

/**
 * Has the command line (absolute path of its program) say what a request would do, and write nothing. `folder` is where the
 * request waits, absolute. Throws what the command throws.
 */
export async function lookAtRequest(
  cliPath: string,
  folder: string,
  { id }: Pick<ApprovalRequest, 'id'>,
): Promise<RequestedWrite> {
  const args = [cliPath, 'approve', '--dry-run', '--json', '--workspace', folder, id];
  const signs = new Set([...agentVariables, 'DATABASE_URL']);
  const inherited = Object.entries(process.env).filter(([name]) => !signs.has(name));
  // In the desktop editor the running program is Electron, which this variable makes a plain Node.
  const env = { ...Object.fromEntries(inherited), ELECTRON_RUN_AS_NODE: '1' };
  const text = await new Promise<string>((resolve, reject) => {
    const options = { cwd: folder, env, timeout: longestMs, maxBuffer: longestText, windowsHide: true };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (stdout.trim() !== '') resolve(stdout);
      else reject(new Error(`The command could not be looked at: ${stderr}`, { cause: error }));
    });
  });
  const parsed = answer.parse(JSON.parse(text));
  if (!('error' in parsed)) return parsed;
  throw deserializeError(parsed.error);
}
