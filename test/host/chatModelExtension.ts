import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './projectPaths.ts';

/** The vendor and the models of the extension below. */
export const testModels = { vendor: 'test-models', small: 'test-small', large: 'test-large' } as const;

/** The variable that tells the extension where its answers come from. */
export const chatModelVariable = 'TEST_CHAT_MODEL_URL';

/**
 * The folder of an extension that provides two chat models through VS Code's own API, and a chat with the small one: the
 * command "Test Chat: Ask the Test Model" gives it the tools of Autopack, and calls those it asks for until it asks for
 * none. What the models answer is asked of the server that {@link chatModelVariable} names; a token is a word.
 */
export async function chatModelExtension(): Promise<string> {
  const folder = join(cacheFolder, 'build', 'chatModel');
  await mkdir(folder, { recursive: true });
  const { vendor } = testModels;
  const manifest = {
    ...{ name: 'test-chat-model', publisher: 'local', version: '1.0.0', main: './extension.js' },
    engines: { vscode: '^1.109.0' },
    activationEvents: [],
    contributes: {
      languageModelChatProviders: [{ vendor, displayName: 'Test Models' }],
      commands: [{ command: 'testChat.ask', title: 'Ask the Test Model', category: 'Test Chat' }],
    },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'extension.js'), source);
  return folder;
}

const source = `
const vscode = require('vscode');

const model = (id, name) => ({
  id, name, family: 'test', version: '1', maxInputTokens: 64000, maxOutputTokens: 8000, capabilities: {},
});
const textOf = ({ content }) =>
  content.map((part) => (Array.isArray(part.content) ? textOf(part) : (part.value ?? ''))).join('');
const words = (text) => text.split(/\\s+/).filter((word) => word !== '').length;

const call = async ({ callId, name, input }) => {
  const answer = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }).then(
    ({ content }) => content,
    (error) => [new vscode.LanguageModelTextPart(JSON.stringify({ refused: String(error) }))],
  );
  return new vscode.LanguageModelToolResultPart(callId, answer);
};

const chat = async () => {
  const [asked] = await vscode.lm.selectChatModels({ vendor: '${testModels.vendor}', id: '${testModels.small}' });
  const tools = vscode.lm.tools
    .filter(({ name }) => name.startsWith('autopack_'))
    .map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const messages = [vscode.LanguageModelChatMessage.User('Use the tools: ' + tools.map(({ name }) => name).join(' '))];
  for (;;) {
    const calls = [];
    for await (const part of (await asked.sendRequest(messages, { tools })).stream) {
      if (part instanceof vscode.LanguageModelToolCallPart) calls.push(part);
    }
    if (calls.length === 0) return;
    messages.push(vscode.LanguageModelChatMessage.Assistant(calls));
    messages.push(vscode.LanguageModelChatMessage.User(await Promise.all(calls.map(call))));
  }
};

exports.activate = (context) => {
  const provider = {
    provideLanguageModelChatInformation: async () => [
      model('${testModels.small}', 'Test Small'),
      model('${testModels.large}', 'Test Large'),
    ],
    provideTokenCount: async (_model, text) => words(typeof text === 'string' ? text : textOf(text)),
    async provideLanguageModelChatResponse({ id }, messages, options, progress, token) {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const asked = messages.map((message) => ({ role: message.role, text: textOf(message) }));
      const response = await fetch(process.env.${chatModelVariable}, {
        method: 'POST',
        body: JSON.stringify({ model: id, messages: asked, options: options.modelOptions ?? {} }),
        signal: abort.signal,
      });
      let rest = '';
      for await (const bytes of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + bytes).split('\\n');
        rest = lines.pop();
        for (const line of lines.filter((each) => each !== '')) {
          const { text, tool, error, plain } = JSON.parse(line);
          if (plain !== undefined) throw new Error(plain);
          if (error !== undefined) throw vscode.LanguageModelError[error]('The test says so.');
          if (tool === undefined) progress.report(new vscode.LanguageModelTextPart(text));
          else progress.report(new vscode.LanguageModelToolCallPart(String(Math.random()), tool.name, tool.input));
        }
      }
    },
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('${testModels.vendor}', provider));
  context.subscriptions.push(vscode.commands.registerCommand('testChat.ask', chat));
};
`;
