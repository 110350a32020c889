import { DatabaseSync } from 'node:sqlite';
import { UserFacingError } from '../../src/core/errors.ts';
import { createDatabaseReader } from '../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../src/node/system/systemPorts.ts';
import { agentTools } from '../../src/node/agentTools/agentTools.ts';
import type { AgentTool, ToolWorld } from '../../src/node/agentTools/agentTool.ts';
import { ServerChecks } from '../../src/node/agentTools/serverChecks.ts';
import { ContentCounts } from '../../src/node/agentTools/contentCounts.ts';
import type { DatabaseReader } from '../../src/protocol/readerProtocol.ts';
import { silentLogger, workerUrl } from './databaseReader.ts';

/** An answer of a tool, parsed. */
export interface ParsedAnswer extends Record<string, unknown> {
  readonly database: {
    readonly path: string;
    readonly id: string | null;
    readonly role: string;
    readonly protection: string | null;
  } | null;
  readonly error?: { readonly code: string; readonly message: string; readonly nextStep: string };
  readonly leftOut?: readonly string[];
}

/** A world for tools on one database, without a network or an executor. */
export class AgentToolWorld {
  readonly reader: DatabaseReader = createDatabaseReader({ workerUrl, logger: silentLogger });
  readonly world: ToolWorld;

  /** `path` is absolute, or `null` where nothing is selected; the folder is absolute. */
  constructor(path: string | null, folder: string, changes: Partial<ToolWorld> = {}) {
    this.world = {
      reader: this.reader,
      counts: new ContentCounts(this.reader),
      clock: systemClock,
      databasePath: () => path,
      howToSelect: 'A human selects one.',
      workspaceFolders: () => [folder],
      guardFolder: () => folder,
      namedElsewhere: () => ({ seesSettings: false }),
      apiUrls: () => [],
      apiKeyFor: () => Promise.resolve(undefined),
      servers: new ServerChecks(),
      writes: null,
      environment: {},
      executorFor: () => Promise.reject(new UserFacingError('no-executor', 'There is none.', 'Get one.')),
      ...changes,
    };
  }

  /** Calls a tool by its name; `text` is the answer as an agent gets it. */
  async call(
    name: string,
    input: unknown = {},
    tools: readonly AgentTool[] = agentTools,
  ): Promise<{ text: string; answer: ParsedAnswer; isError: boolean }> {
    const tool = tools.find((each) => each.name === name);
    if (tool === undefined) throw new Error(`There is no tool ${name}.`);
    const signal = new AbortController().signal;
    const { text, isError } = await tool.call(input, {
      world: this.world,
      signal,
      progress: () => undefined,
    });
    return { text, answer: JSON.parse(text) as ParsedAnswer, isError };
  }

  dispose(): Promise<void> {
    return this.reader.dispose();
  }
}

/** Puts a text of others wherever a database holds text that tools tell; `reason` is made long. */
export function plantTexts(path: string, text: string): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    database
      .prepare(
        `UPDATE phases SET name = ?1, task_category = ?1 || (id % 40), complexity = ?1 || (id % 30),
           state = CASE id % 3 WHEN 0 THEN 'FAILED' WHEN 1 THEN 'QUEUED' ELSE ?1 || (id % 50) END,
           last_failure_reason = replace(hex(zeroblob(200)), '00', ?1) || id`,
      )
      .run(text);
    database.prepare(`UPDATE runs SET failure_reason = ?1, state = ?1 || (rowid % 50)`).run(text);
    database
      .prepare(
        `UPDATE token_estimation_v2_events SET category = ?1 || (rowid % 60), complexity = ?1 || (rowid % 9)`,
      )
      .run(text);
  } finally {
    database.close();
  }
}
