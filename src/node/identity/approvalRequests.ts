import * as z from 'zod';
import { epochMs } from '../../core/model/timestamp.ts';
import { JsonFile } from '../system/jsonFile.ts';
import { hygieneFolderOf, makeHygieneFolder } from '../system/hygieneFolder.ts';

/** A command that was refused until a human approves it. Anybody may have written it: it is shown, and worked out anew. */
const approvalRequest = z.object({
  id: z.string().regex(/^[0-9a-f]{6}$/),
  at: epochMs,
  /** Of the command line, without the program's own name; they name the database. */
  args: z.array(z.string().max(4000)).max(200),
  /** In which it was run; absolute. */
  cwd: z.string(),
  /** Absolute. */
  databasePath: z.string(),
  /** What ran it, where that could be told. */
  by: z.string().nullable(),
});

/** See {@link approvalRequest}. */
export type ApprovalRequest = Readonly<z.output<typeof approvalRequest>>;

const requestList = z.object({ version: z.literal(1), requests: z.array(approvalRequest) });

/** How many are kept, and for how long (ms): what nobody approved by then is asked for again. */
const mostRequests = 20;
const keptMs = 24 * 3_600_000;

/** The commands that wait for an approval, in one small file of the folder in which they were run. */
export class ApprovalRequests {
  readonly #workspaceFolder: string;
  readonly #file: JsonFile<z.output<typeof requestList>>;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
    this.#file = new JsonFile(hygieneFolderOf(workspaceFolder), 'approval-requests.json', {
      schema: requestList,
      longest: 1 << 20,
    });
  }

  /** Those that wait, the newest first; `now` is ms since the epoch. A file that cannot be read holds none. */
  async waiting(now: number): Promise<readonly ApprovalRequest[]> {
    const requests = (await this.#file.readIfValid())?.requests ?? [];
    return requests
      .filter(({ at }) => at <= now && now - at < keptMs)
      .sort((a, b) => b.at - a.at)
      .slice(0, mostRequests);
  }

  /**
   * Adds one, in the place of the same command, and resolves to the id under which it waits: that of before, for an agent
   * tries again while its human reads the first refusal.
   */
  async add(request: ApprovalRequest): Promise<string> {
    const waiting = await this.waiting(request.at);
    const isSame = ({ cwd, args }: ApprovalRequest): boolean =>
      JSON.stringify([cwd, args]) === JSON.stringify([request.cwd, request.args]);
    const id = waiting.find(isSame)?.id ?? request.id;
    const others = waiting.filter((each) => !isSame(each));
    await makeHygieneFolder(this.#workspaceFolder);
    await this.#file.write({ version: 1, requests: [{ ...request, id }, ...others].slice(0, mostRequests) });
    return id;
  }

  /** Takes one away, which was approved or is not wanted. */
  async remove(id: string, now: number): Promise<void> {
    const all = await this.waiting(now);
    const others = all.filter((request) => request.id !== id);
    if (others.length < all.length) await this.#file.write({ version: 1, requests: [...others] });
  }
}
