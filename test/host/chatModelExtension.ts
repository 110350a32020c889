import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './projectPaths.ts';

/** The vendor and the models of the extension below. */
export const testModels = { vendor: 'test-models', small: 'test-small', large: 'test-large' } as const;

/** The variable that tells the extension where its answers come from. */
export const chatModelVariable = 'TEST_CHAT_MODEL_URL';

/**
 * The folder of an extension that provides two chat models through VS Code's own API. What they answer is asked of the
 * server that {@link chatModelVariable} names; a token is a word.
 */
export async function chatModelExtension(): Promise<string> {
  const folder = join(cacheFolder, 'build', 'chatModel');
  await mkdir(folder, { recursive: true });
  const { vendor } = testModels;
  const manifest = {
    ...{ name: 'test-chat-model', publisher: 'local', version: '1.0.0', main: './extension.js' },
    engines: { vscode: '^1.109.0' },
    activationEvents: [],
    contributes: { languageModelChatProviders: [{ vendor, displayName: 'Test Models' }] },
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
const textOf = (message) => message.content.map((part) => part.value ?? '').join('');
const words = (text) => text.split(/\\s+/).filter((word) => word !== '').length;

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
          const { text, error, plain } = JSON.parse(line);
          if (plain !== undefined) throw new Error(plain);
          if (error !== undefined) throw vscode.LanguageModelError[error]('The test says so.');
          progress.report(new vscode.LanguageModelTextPart(text));
        }
      }
    },
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('${testModels.vendor}', provider));
};
`;
