import type { PlatformKind, Profile } from '@mlterra/core';

/** What facts are judged by. */
export interface CheckContext {
  readonly profile: Profile;
  readonly platformKind: PlatformKind;
  /** Whether a cloud decides who may do what. */
  readonly accessManagement: boolean;
  /** Checks that mean nothing here, by identifier, with the reason. @default - none */
  readonly exempt?: Readonly<Record<string, string>>;
}

/** One rule, and how it is seen to hold. */
export interface Check<F> {
  /** Stable identifier, unique in its suite, e.g. `image-pinned`. */
  readonly id: string;
  /** What must hold, as one sentence. */
  readonly rule: string;
  /** Whether the rule means anything here. @default - it always does */
  readonly applies?: (facts: F, context: CheckContext) => boolean;
  /** What breaks the rule, a line each: what it is about, what was found, what is expected. */
  readonly find: (facts: F, context: CheckContext) => readonly string[];
}

/** A broken rule. */
export interface Finding {
  /** Identifier of the check. */
  readonly check: string;
  readonly message: string;
}

export interface CheckReport {
  /** Identifiers of the checks that ran, in their order. */
  readonly ran: readonly string[];
  readonly findings: readonly Finding[];
}

/** Runs those of the checks that apply. */
export function runChecks<F>(checks: readonly Check<F>[], facts: F, context: CheckContext): CheckReport {
  const { exempt = {} } = context;
  const applying = checks.filter(
    ({ id, applies }) => !Object.hasOwn(exempt, id) && (applies?.(facts, context) ?? true),
  );
  return {
    ran: applying.map(({ id }) => id),
    findings: applying.flatMap(({ id, find }) =>
      find(facts, context).map((message): Finding => ({ check: id, message })),
    ),
  };
}

/** A fact that must have one value; one that could not be found does not hold. */
export function mustBe<T>(
  address: string,
  what: string,
  found: T | undefined,
  expected: T,
): readonly string[] {
  return found === expected ? [] : [wrong(address, what, found, String(expected))];
}

/** A line that says what is wrong. */
export function wrong(address: string, what: string, found: unknown, expected: string): string {
  return `${address}: ${what} is ${shown(found)}, expected ${expected}`;
}

function shown(found: unknown): string {
  if (found === undefined) return 'not known';
  return typeof found === 'string' ? `"${found}"` : JSON.stringify(found);
}
