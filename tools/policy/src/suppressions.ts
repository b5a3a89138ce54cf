import type { Finding } from './checkov';

/** A finding that is accepted, with the reason. */
export interface Suppression {
  /** e.g. `CKV_GCP_13` */
  readonly check: string;
  /** Terraform address or `<Kind>/<name>` it is accepted for; `*` stands for any part of one. */
  readonly resource: string;
  readonly reason: string;
}

export interface Judgement {
  /** Findings nobody accepted. */
  readonly open: readonly Finding[];
  /** Suppressions that accept nothing any more. */
  readonly unused: readonly Suppression[];
}

/** Sorts findings into accepted and open ones. */
export function judge(findings: readonly Finding[], suppressions: readonly Suppression[]): Judgement {
  for (const { check, resource, reason } of suppressions) {
    if (reason.trim().length < 10) {
      throw new Error(`The suppression of ${check} for ${resource} gives no reason.`);
    }
  }
  const used = new Set<Suppression>();
  const open = findings.filter((finding) => {
    const accepting = suppressions.filter(
      ({ check, resource }) => check === finding.check && matches(resource, finding.resource),
    );
    accepting.forEach((suppression) => used.add(suppression));
    return accepting.length === 0;
  });
  return { open, unused: suppressions.filter((suppression) => !used.has(suppression)) };
}

function matches(pattern: string, resource: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}
