import type { FailureClass } from '../drain/failureClass.ts';

const advice: Readonly<Record<FailureClass, string>> = {
  none: 'The phases do not say why: one of them must be drained, and its log read, before any more.',
  collection:
    'It fails before the model is reached: repair the imports, for draining changes nothing until then.',
  deliverable: 'Compare the deliverables of the phases with what their scope lets them write.',
  patch: 'Bring the workspace to the state that the patches are made for.',
  other: 'Read the log of the example, and repair what it complains about.',
  timeout: 'Allow a longer phase timeout, or split the phases.',
};

/** What to do about failures of a class before they are drained again, in one or two sentences. */
export function adviseOnFailures(failureClass: FailureClass): string {
  return advice[failureClass];
}
