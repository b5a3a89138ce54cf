import type { UsedTypes } from '../schema/model';
import { Hybrid } from './hybrid';
import type { Level } from './level';
import { nothingMirrored } from './errors';
import { findProviderBinary, mirrorFolder, requireProviderBinary } from './provider-mirror';

/** The real providers that take part in a rehearsal. */
export interface Hybrids {
  /** The levels that are possible: `hybrid` only where there is a binary. */
  readonly levels: Readonly<Record<string, Level>>;
  /** Sources that stayed at `rehearsal` for want of a binary. */
  readonly withoutBinary: readonly string[];
  /** By source address. */
  readonly providers: ReadonlyMap<string, Hybrid>;
  stop(): Promise<void>;
}

/**
 * Starts the binaries of the providers whose level is `hybrid`. One without a binary stays at `rehearsal`, or is an
 * error where it was asked for by its name, and where there is no binary at all.
 */
export async function openHybrids(
  levels: Readonly<Record<string, Level>>,
  used: readonly UsedTypes[],
  options: {
    /** Whether the level was set for this very provider. */
    readonly isNamed: (source: string) => boolean;
    /** Folder for the sockets. */
    readonly socketDir: string;
  },
): Promise<Hybrids> {
  const possible: Record<string, Level> = { ...levels };
  const withoutBinary: string[] = [];
  const providers = new Map<string, Hybrid>();
  const stop = async (): Promise<void> => {
    await Promise.all([...providers.values()].map((hybrid) => hybrid.stop()));
  };
  try {
    for (const types of used) {
      const { source } = types;
      if (levels[source] !== 'hybrid') continue;
      const binary = options.isNamed(source) ? requireProviderBinary(source) : findProviderBinary(source);
      if (binary === undefined) {
        possible[source] = 'rehearsal';
        withoutBinary.push(source);
      } else providers.set(source, await Hybrid.open(binary, types, options.socketDir));
    }
    if (withoutBinary.length > 0 && providers.size === 0)
      throw nothingMirrored(withoutBinary, mirrorFolder());
  } catch (error) {
    await stop();
    throw error;
  }
  return { levels: possible, withoutBinary, providers, stop };
}
