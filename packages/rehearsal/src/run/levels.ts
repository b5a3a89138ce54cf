import type { Level } from '../level/level';
import { levelForUnused, levelUnknown, realNotAllowed } from './errors';

/** One level for all providers, or one for each. */
export type LevelChoice =
  | Level
  | {
      /** Of the providers that are not named. @default 'rehearsal' */
      readonly default?: Level;
      /** By name (`google`) or full source address. */
      readonly providers?: Readonly<Record<string, Level>>;
    };

/**
 * The level of each provider that is used, by source address.
 * @throws MlterraError when one is set for a provider that is not used
 */
export function chooseLevels(
  choice: LevelChoice | undefined,
  sources: readonly string[],
): Readonly<Record<string, Level>> {
  const { default: general = 'rehearsal', providers = {} } =
    typeof choice === 'object' ? choice : { default: choice };
  const named = new Map<string, Level>();
  for (const [provider, level] of Object.entries(providers)) {
    const source = sources.find((one) => one === provider || nameOf(one) === provider);
    if (source === undefined) throw levelForUnused(provider, sources.map(nameOf));
    named.set(source, level);
  }
  return Object.fromEntries(sources.map((source) => [source, named.get(source) ?? general]));
}

/** Providers that make nothing outside of the state; `local` writes files. */
const HARMLESS: ReadonlySet<string> = new Set(
  ['null', 'random', 'time', 'tls'].map((name) => `registry.terraform.io/hashicorp/${name}`),
);

/**
 * Refuses the level `real` where it would make something.
 * @throws MlterraError
 */
export function refuseReal(levels: Readonly<Record<string, Level>>): void {
  const real = Object.keys(levels).filter((source) => levels[source] === 'real' && !HARMLESS.has(source));
  if (real.length > 0) throw realNotAllowed(real.map(nameOf));
}

/** Whether a level was set for this very provider. */
export function isNamed(choice: LevelChoice | undefined, source: string): boolean {
  const { providers = {} } = typeof choice === 'object' ? choice : {};
  return Object.keys(providers).some((provider) => provider === source || provider === nameOf(source));
}

/** Last part of a source address, e.g. `google`. */
export function nameOf(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1);
}

/**
 * Reads levels from the command line: `hybrid` for all providers, `docker=hybrid` for one; the last word counts.
 * @throws MlterraError
 */
export function parseLevels(given: readonly string[]): LevelChoice {
  let general: Level = 'rehearsal';
  const providers: Record<string, Level> = {};
  for (const text of given) {
    const at = text.lastIndexOf('=');
    const level = LEVELS.find((one) => one === text.slice(at + 1));
    if (level === undefined || at === 0) throw levelUnknown(text);
    if (at < 0) general = level;
    else providers[text.slice(0, at)] = level;
  }
  return { default: general, providers };
}

const LEVELS: readonly Level[] = ['rehearsal', 'hybrid', 'real'];
