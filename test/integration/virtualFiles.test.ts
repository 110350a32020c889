import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds } from '../../src/editor/ids.ts';
import { waitUntil } from '../e2e/support/waitUntil.ts';
import { commit, seedDatabaseInWorkspace } from './support/databases.ts';
import { Dialogs } from './support/dialogs.ts';
import { extensionUnderTest } from './support/extensionUnderTest.ts';
import { treeContent } from './support/treeContent.ts';

/** A file system of one file, which only the editor can reach. */
class OneFile implements vscode.FileSystemProvider {
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changes.event;
  readonly uri = vscode.Uri.parse('onefile://host/folder/seed.db');
  #bytes: Uint8Array = new Uint8Array();
  #mtime = 1;

  put(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#mtime += 1;
    this.#changes.fire([{ type: vscode.FileChangeType.Changed, uri: this.uri }]);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    if (uri.path === '/folder') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: vscode.FileType.File, ctime: 0, mtime: this.#mtime, size: this.readFile(uri).length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    if (uri.path !== this.uri.path) throw vscode.FileSystemError.FileNotFound(uri);
    return this.#bytes;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [['seed.db', vscode.FileType.File]];
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  readonly writeFile = this.createDirectory.bind(this);
  readonly delete = this.createDirectory.bind(this);
  readonly rename = this.createDirectory.bind(this);
}

describe('a database in a virtual file system', () => {
  const files = new OneFile();
  let api: TestAccess;
  let local: string;
  let registered: vscode.Disposable;
  let dialogs: Dialogs;

  before(async () => {
    api = await extensionUnderTest();
    local = await seedDatabaseInWorkspace('virtual.db');
    files.put(await readFile(local));
    registered = vscode.workspace.registerFileSystemProvider('onefile', files, { isReadonly: true });
    dialogs = new Dialogs();
  });

  after(async () => {
    dialogs.dispose();
    await api.selected.select(local);
    registered.dispose();
    await rm(local);
  });

  it('can be browsed', async () => {
    await vscode.commands.executeCommand(commandIds.selectFile, files.uri);
    const { state } = api.selected;
    assert.equal(state.kind, 'ready', JSON.stringify(state));
    assert.equal(state.path, 'onefile://host/folder/seed.db');
    const [run] = await treeContent(api.tree);
    assert.equal(run?.children.length, 10);
  });

  it('is followed', async () => {
    commit(local, "UPDATE phases SET state = 'COMPLETE'");
    files.put(await readFile(local));
    await waitUntil(
      'the change is seen',
      async () => (await treeContent(api.tree))[0]?.description ?? '',
      (text) => text.startsWith('10 complete'),
      5000,
    );
  });

  it('is not written', async () => {
    for (const command of [commandIds.drain, commandIds.seedRun, commandIds.adoptDatabase]) {
      dialogs.asked.length = 0;
      await vscode.commands.executeCommand(command);
      assert.match(dialogs.asked[0]?.message ?? '', /needs a local file/);
    }
  });
});
