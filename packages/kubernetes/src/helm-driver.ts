import { helmDriverForeign } from './errors';

/** Where Helm's provider keeps the records of releases, unless a variable says otherwise. */
const DRIVER = 'secret';

/**
 * With another driver Helm knows none of its releases, and would install all of them once more.
 * @throws MlterraError where the variable of the caller names another one
 */
export function checkHelmDriver(variables: NodeJS.ProcessEnv = process.env): void {
  const { HELM_DRIVER: given } = variables;
  if (given && given !== DRIVER) throw helmDriverForeign(given, DRIVER);
}
