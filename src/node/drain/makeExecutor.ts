import { autopackExecutor } from './autopackExecutor.ts';
import { exampleExecutor } from './exampleExecutor.ts';
import type { DescribedExecutor, ExecutorDescription } from './executorDescription.ts';

/** Makes the executor that was chosen and described elsewhere. */
export function makeExecutor(description: ExecutorDescription): DescribedExecutor {
  switch (description.name) {
    case 'autopack':
      return autopackExecutor(description.interpreter, description.apiUrl, description.environment);
    case 'example':
      return exampleExecutor(description.script);
  }
}

/** The executor with just these variables of Autopack set for its phases; one that uses none stays as it is. */
export function withVariables(
  executor: DescribedExecutor,
  environment: Readonly<Record<string, string>>,
): DescribedExecutor {
  const { description } = executor;
  return description.name === 'autopack' ? makeExecutor({ ...description, environment }) : executor;
}
