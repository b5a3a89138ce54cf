import type { ProviderSchema } from '../model';
import { local } from './local';
import { nullProvider } from './null';
import { random } from './random';
import { time } from './time';
import { tls } from './tls';

const BUILT_IN = new Map([local, nullProvider, random, time, tls].map((schema) => [schema.source, schema]));

/** Schema of a small provider that every environment may use without its binding; wins over an installed one. */
export function builtIn(source: string): ProviderSchema | undefined {
  return BUILT_IN.get(source);
}
