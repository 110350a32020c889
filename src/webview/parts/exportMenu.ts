import type { TelemetryExportFormat } from '../../protocol/telemetryProtocol.ts';
import { html } from '../dom.ts';
import { DropDown } from '../filters/dropDown.ts';
import type { PageActions } from './pageActions.ts';

/** The formats in the words of their buttons, with what each is for. */
const formats: readonly (readonly [TelemetryExportFormat, string, string])[] = [
  ['md', 'Markdown', 'the report'],
  ['html', 'HTML', 'the report with its chart'],
  ['csv', 'CSV', 'every sample, for a spreadsheet'],
  ['ndjson', 'NDJSON', 'every sample, one a line'],
  ['otlp', 'OpenTelemetry', 'every sample, as OTLP JSON'],
];

/** Exports the telemetry of the database. */
export class ExportMenu {
  readonly #dropDown = new DropDown('Export');

  constructor(actions: PageActions) {
    this.#dropDown.node.classList.add('export');
    this.#dropDown.panel.append(
      ...formats.map(([format, name, what]) => {
        const choose = (): void => {
          this.#dropDown.close();
          actions.exportAs(format);
        };
        const words = html('span', { class: 'hint' }, what);
        return html('button', { type: 'button', class: 'item', onclick: choose }, name, words);
      }),
    );
  }

  get node(): HTMLElement {
    return this.#dropDown.node;
  }
}
