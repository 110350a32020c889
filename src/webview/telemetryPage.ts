import type { SerializedError } from '../core/errors.ts';
import { t } from '../core/text/l10n.ts';
import type {
  TelemetryExportFormat,
  TelemetryHostMessage,
  TelemetryPageBody,
  TelemetrySection,
} from '../protocol/telemetryProtocol.ts';
import type { HostLink, VsCodeApi } from './hostLink.ts';
import {
  asked,
  calibrating,
  initialModel,
  received,
  versionMismatch,
  type PageModel,
} from './model/pageModel.ts';
import { restoreState, type PageState } from './model/pageState.ts';
import { PageView } from './pageView.ts';
import type { PageActions } from './elements/pageActions.ts';

/** Keeps what the host sent and what the person chose, shows both, and asks the host for more. */
export class TelemetryPage {
  readonly #api: VsCodeApi;
  readonly #link: HostLink;
  readonly #view: PageView;
  #model: PageModel = initialModel;
  #state: PageState;
  #scrolledBack = false;
  /** The section that the host had it show, until the person goes on from there. */
  #wanted: TelemetrySection | null = null;

  constructor(root: HTMLElement, api: VsCodeApi, link: HostLink) {
    this.#api = api;
    this.#link = link;
    this.#state = restoreState(api.getState());
    this.#view = new PageView(root, this.#state, this.#actions());
  }

  start(): void {
    this.#link.listen(
      (message) => this.#onMessage(message),
      () => this.#show(versionMismatch(this.#model)),
    );
    window.addEventListener('scroll', () => this.#keep({ scrollTop: window.scrollY }), { passive: true });
    for (const act of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
      window.addEventListener(act, () => (this.#wanted = null), { passive: true, capture: true });
    this.#analyse();
  }

  #actions(): PageActions {
    return {
      setOptions: (change) => {
        this.#keep({ options: { ...this.#state.options, ...change } });
        this.#analyse();
      },
      setFilter: (change) => {
        this.#keep({ filter: { ...this.#state.filter, ...change } });
        this.#analyse();
      },
      compareWith: (compared) => {
        this.#keep({ compared });
        this.#analyse();
      },
      setState: (change) => {
        this.#keep(change);
        this.#show(this.#model);
      },
      setTableOpen: (name, open) => {
        const others = this.#state.openTables.filter((other) => other !== name);
        this.#keep({ openTables: open ? [...others, name] : others });
      },
      analyseAgain: () => this.#analyse(),
      dismiss: () => this.#show({ ...this.#model, notice: null }),
      openPhase: (phase) => this.#act({ kind: 'openPhase', phase }),
      calibrate: (anyRole = false) => this.#calibrate(anyRole),
      writeProposal: (state) => this.#act({ kind: 'writeProposal', state }),
      applyProposal: (state) => this.#act({ kind: 'applyProposal', state }),
      chooseEstimator: () => this.#act({ kind: 'chooseEstimator' }),
      savePicture: (picture) => this.#act({ kind: 'savePicture', ...picture }),
      pictureFailed: (error) => this.#show({ ...this.#model, notice: pictureError(error) }),
      exportAs: (format) => this.#export(format),
      run: (action) => this.#act({ kind: 'runAction', action }),
    };
  }

  #analyse(): void {
    this.#show(asked(this.#model));
    const { options, filter, compared } = this.#state;
    this.#link.send({ kind: 'analyse', request: this.#model.request, options, filter, compared });
  }

  #calibrate(anyRole: boolean): void {
    this.#show(calibrating(this.#model));
    this.#link.send({ kind: 'calibrate', anyRole });
  }

  /** What is shown is of the filter that was answered last, which may be older than the one chosen. */
  #export(format: TelemetryExportFormat): void {
    const { content } = this.#model;
    if (content.kind !== 'report') return;
    const { filter, selected, analysis } = content.view;
    const shown = { samples: selected.samples, of: analysis.samples, state: content.state };
    this.#act({ kind: 'export', format, options: this.#state.options, filter, shown });
  }

  #act(body: TelemetryPageBody): void {
    this.#show({ ...this.#model, notice: null });
    this.#link.send(body);
  }

  #onMessage(message: TelemetryHostMessage): void {
    this.#show(received(this.#model, message));
    if (isSmall(this.#model)) this.#calibrate(false);
    if (message.kind === 'reveal') this.#wanted = message.section;
    if (this.#model.content.kind !== 'report') return;
    if (!this.#scrolledBack) {
      this.#scrolledBack = true;
      window.scrollTo({ top: this.#state.scrollTop, behavior: 'instant' });
    }
    if (this.#wanted === null) return;
    // Again with each answer: what comes above a section pushes it down.
    this.#view.reveal(this.#wanted);
    if (message.kind === 'reveal' || message.kind === 'report') this.#link.send({ kind: 'revealed' });
  }

  #keep(change: Partial<PageState>): void {
    // Before the page is back where it was, its own scrolling is no person's.
    if (change.scrollTop !== undefined && !this.#scrolledBack) return;
    this.#state = { ...this.#state, ...change };
    this.#api.setState(this.#state);
  }

  #show(model: PageModel): void {
    this.#model = model;
    this.#view.render(model, this.#state);
  }
}

function pictureError(error: unknown): SerializedError {
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: t`The picture could not be made: ${why}`,
    nextStep: t`Try to save it.`,
  };
}

/** Up to so many samples a proposal is worked out at once; of more it takes seconds, and a person asks for it. */
const fewSamples = 2000;

function isSmall({ content }: PageModel): boolean {
  if (content.kind !== 'report' || content.calibration !== null) return false;
  const { samples } = content.view.analysis;
  return samples > 0 && samples <= fewSamples;
}
