import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { adopted } from '../../support/adopted.ts';
import { runCommandLine, transcript } from '../../support/commandLine.ts';
import { makeBacklog } from '../../support/data/generatedDatabases.ts';
import { assertGolden } from '../../support/golden.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const program = join(import.meta.dirname, '../../../dist/cli.js');

describe('command line, mcp, by the client of the SDK', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const clients: Client[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  /** A client of a server that was started with these arguments; what is no protocol on stdout is an error, and so is a word on stderr. */
  async function connect(...args: readonly string[]): Promise<{ client: Client; said: string[] }> {
    assert.ok(existsSync(program), 'build first');
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [program, 'mcp', ...args],
      cwd: folder(),
      env: { DATABASE_URL: '' },
      stderr: 'pipe',
    });
    const said: string[] = [];
    transport.stderr?.on('data', (text: Buffer) => said.push(String(text)));
    const client = new Client({ name: 'test', version: '1' });
    client.onerror = (error) => said.push(error.message);
    clients.push(client);
    await client.connect(transport);
    return { client, said };
  }

  async function ask(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
    const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: args }));
    const [content] = result.content;
    assert.ok(content?.type === 'text');
    const json = JSON.stringify(JSON.parse(content.text), null, 2);
    const stdout = `${result.isError === true ? 'error ' : ''}${json}`;
    const words = ['mcp', name, JSON.stringify(args)];
    return transcript(words, { exitCode: null, stdout, stderr: '' }, folder()).replace(
      /\n--- exit code null/,
      '',
    );
  }

  it('lists the tools, and answers a call of each', async () => {
    const path = join(folder(), 'backlog.db');
    makeBacklog(path);
    await adopted(path, 'legacy', 'ask');
    await runCommandLine(['drain', '--yes', '--database', path, '--batch-size', '2'], { cwd: folder() });
    const { client, said } = await connect('--database', path);
    const tools = (await client.listTools()).tools.filter(({ annotations }) => annotations?.readOnlyHint);
    assert.equal(tools.length, 6);
    for (const { name, annotations, description = '', inputSchema } of tools) {
      assert.deepEqual(
        [annotations?.readOnlyHint, annotations?.destructiveHint, annotations?.openWorldHint],
        [true, false, false],
        name,
      );
      assert.match(description, /Reads only\.$/, name);
      assert.equal(inputSchema.type, 'object', name);
    }
    const parts = [
      await ask(client, 'autopack_phases', { limit: 2 }),
      await ask(client, 'autopack_failures', { limit: 2 }),
      await ask(client, 'autopack_telemetry'),
      await ask(client, 'autopack_drain_plan', { batchSize: 2 }),
      await ask(client, 'autopack_drain_status', { limit: 1 }),
      await ask(client, 'autopack_phases', { runId: 'gone' }),
      await ask(client, 'autopack_phases', { offset: -1 }),
    ];
    await assert.rejects(ask(client, 'autopack_select'), /There is no such tool/);
    let identity = '';
    for (let tries = 0; tries < 100; tries += 1) {
      identity = await ask(client, 'autopack_identity');
      if (!identity.includes('still counting')) break;
      await wait(100);
    }
    assertGolden(join(import.meta.dirname, 'mcp.txt'), [identity, ...parts].join('\n'));
    assert.deepEqual(said, []);
  });

  it('says how a human selects a database where none is named, and ends with its client', async () => {
    const { client, said } = await connect();
    for (const { name } of (await client.listTools()).tools) {
      const answer = await ask(client, name);
      assert.match(answer, /"database": null/, name);
      assert.match(answer, /A human starts this server with --database/, name);
    }
    const started = performance.now();
    await client.close();
    assert.ok(performance.now() - started < 1900, 'the server ended by itself, not by a signal');
    assert.deepEqual(said, []);
  });

  it('reports progress, and stops at once when it is cancelled', async () => {
    const path = join(folder(), 'progress.db');
    makeBacklog(path);
    const { client, said } = await connect('--database', path);
    const heard: (string | undefined)[] = [];
    await client.callTool({ name: 'autopack_telemetry', arguments: {} }, CallToolResultSchema, {
      onprogress: ({ message }) => heard.push(message),
    });
    assert.deepEqual(heard.slice(0, 1), ['Analyzing telemetry']);
    assert.ok(heard.includes('Checking coverage'));
    const cancelling = new AbortController();
    const call = client.callTool({ name: 'autopack_telemetry', arguments: {} }, CallToolResultSchema, {
      signal: cancelling.signal,
    });
    cancelling.abort();
    await assert.rejects(call, McpError);
    // The server goes on answering.
    assert.match(await ask(client, 'autopack_phases', { limit: 1 }), /"runsInAll"/);
    assert.deepEqual(said, []);
  });
});
