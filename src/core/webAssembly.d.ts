// Hosts have WebAssembly; its types are in those of the DOM, which this project loads in the webview alone.
declare namespace WebAssembly {
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Exports;
  }
  type Imports = Record<string, Record<string, unknown>>;
  type Exports = Record<string, unknown>;
  function compile(bytes: Uint8Array): Promise<Module>;
}
