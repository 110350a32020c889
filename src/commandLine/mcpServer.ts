import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type Tool,
  type ToolAnnotations,
} from '@modelcontextprotocol/sdk/types.js';
import type { AgentTool, ToolResult, ToolWorld } from '../node/agentTools/agentTool.ts';
import type { WritingTool } from '../node/agentTools/writingTool.ts';

/** What is served. */
export interface McpService {
  readonly version: string;
  readonly tools: readonly AgentTool[];
  readonly world: ToolWorld;
  /** Ends the service. */
  readonly signal: AbortSignal;
}

/** How often a client hears that a tool is still at work, in ms: it may give up on one that says nothing. */
const heartbeatMs = 1000;

const instructions =
  "Tools for Autopack's SQLite databases. Every answer names the database it is about: compare it with the one you mean. Only a human selects a database. Tools that write do so only once a human has approved that very write; the answer says how.";

/** Serves tools over MCP on stdin and stdout until the client closes stdin, then answers what was asked before. */
export async function serveMcp({ version, tools, world, signal }: McpService): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- McpServer takes schemas of zod alone, and checks input itself.
  const server = new Server(
    { name: 'autopack-hygiene', title: 'Autopack Hygiene', version },
    { capabilities: { tools: {} }, instructions },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(describeTool) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, unknownTool(tools));
    const token = params._meta?.progressToken;
    let [steps, said] = [0, 'Reading'];
    const notify = (): void => {
      if (token === undefined || extra.signal.aborted) return;
      steps += 1;
      const progress = { progressToken: token, progress: steps, message: said };
      // A client that is gone needs no progress.
      extra.sendNotification({ method: 'notifications/progress', params: progress }).catch(() => undefined);
    };
    const progress = (what: string): void => {
      said = what;
      notify();
    };
    const heartbeat = setInterval(notify, heartbeatMs);
    const call = tool.call(params.arguments, { world, signal: extra.signal, progress });
    underWay.add(call);
    try {
      return toContent(await call);
    } finally {
      clearInterval(heartbeat);
      underWay.delete(call);
    }
  });
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => resolve());
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await ended;
  // What came with the end of the input is taken up first.
  await new Promise(setImmediate);
  if (!signal.aborted) {
    const interrupted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await Promise.race([Promise.allSettled(underWay), interrupted]);
    await new Promise(setImmediate);
  }
  await server.close();
}

function describeTool(tool: AgentTool | WritingTool): Tool {
  const { name, title, description, inputSchema } = tool;
  return {
    name,
    title,
    description,
    inputSchema: { ...inputSchema, type: 'object' },
    annotations: { ...hintsOf(tool), title },
  };
}

function hintsOf(tool: AgentTool | WritingTool): ToolAnnotations {
  if (!('propose' in tool)) {
    return { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
  }
  const { isDestructive: destructiveHint, isIdempotent: idempotentHint, isOpenWorld: openWorldHint } = tool;
  return { readOnlyHint: false, destructiveHint, idempotentHint, openWorldHint };
}

function toContent({ text, isError }: ToolResult): {
  content: { type: 'text'; text: string }[];
  isError: boolean;
} {
  return { content: [{ type: 'text', text }], isError };
}

function unknownTool(tools: readonly AgentTool[]): string {
  return `There is no such tool. There are: ${tools.map(({ name }) => name).join(', ')}.`;
}
