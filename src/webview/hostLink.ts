import {
  telemetryProtocolVersion,
  type TelemetryHostMessage,
  type TelemetryPageBody,
} from '../protocol/telemetryProtocol.ts';

/** What the editor gives a webview's script, once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** The page's end of the conversation with its host. */
export class HostLink {
  readonly #api: VsCodeApi;

  constructor(api: VsCodeApi) {
    this.#api = api;
  }

  send(body: TelemetryPageBody): void {
    this.#api.postMessage({ version: telemetryProtocolVersion, ...body });
  }

  /** Listens to the host; `onVersionMismatch` is called for a message of another version: page and extension are of two builds. */
  listen(onMessage: (message: TelemetryHostMessage) => void, onVersionMismatch: () => void): void {
    window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!isMessage(data)) return;
      if (isOfOurVersion(data)) onMessage(data);
      else onVersionMismatch();
    });
  }
}

function isMessage(data: unknown): data is { readonly version: unknown; readonly kind: unknown } {
  return typeof data === 'object' && data !== null && 'version' in data && 'kind' in data;
}

/** A host of our version is of our build: its fields need no second look. */
function isOfOurVersion(message: { readonly version: unknown }): message is TelemetryHostMessage {
  return message.version === telemetryProtocolVersion;
}
