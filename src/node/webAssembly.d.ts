// Node has WebAssembly; its type package leaves it to the DOM's, which this project does not load outside the webview.
declare namespace WebAssembly {
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Exports;
  }
  type Imports = Record<string, Record<string, unknown>>;
  type Exports = Record<string, unknown>;
  function compile(bytes: Uint8Array): Promise<Module>;
}
