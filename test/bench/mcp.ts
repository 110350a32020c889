// node test/bench/mcp.ts [database]: how soon `mcp` answers the first identity on a new connection. Needs dist (npm run build).
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { generateDatabase, sizes } from './generateDatabase.ts';
import { median } from './measurement.ts';

const rounds = 9;
const root = join(import.meta.dirname, '../..');
const bench = join(root, '.vscode-test/bench');
const path = process.argv[2] ?? join(bench, 'L.db');
if (!existsSync(path)) {
  mkdirSync(bench, { recursive: true });
  console.error(`Generating ${path} (1.5 GB).`);
  generateDatabase(path, sizes.L);
}

/** From the start of the program to the answer, in ms; of that, from the call on. */
async function firstAnswer(): Promise<{ readonly inAll: number; readonly fromCall: number }> {
  const started = performance.now();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(root, 'dist/cli.js'), 'mcp', '--database', path, '--workspace', bench],
    env: { DATABASE_URL: '' },
  });
  const client = new Client({ name: 'bench', version: '1' });
  try {
    await client.connect(transport);
    const called = performance.now();
    const result = CallToolResultSchema.parse(await client.callTool({ name: 'autopack_identity' }));
    if (result.isError === true) throw new Error(JSON.stringify(result.content));
    const ended = performance.now();
    return { inAll: ended - started, fromCall: ended - called };
  } finally {
    await client.close();
  }
}

const times = [];
for (let round = 0; round < rounds; round++) times.push(await firstAnswer());
console.log('| the first identity over MCP | median ms | worst ms |');
console.log('| --- | ---: | ---: |');
for (const [what, key] of [
  ['from the call to its answer', 'fromCall'],
  ['from the start of the program on, with its client', 'inAll'],
] as const) {
  const values = times.map((each) => each[key]);
  console.log(`| ${what} | ${median(values).toFixed(0)} | ${Math.max(...values).toFixed(0)} |`);
}
