import type { Rehearsed } from '@mlterra/testing/contracts';

/** Whether `email` is an account made in the stage, with roles in the project out of `allowed` only. */
export function isOwnAccount(stage: Rehearsed, email: unknown, allowed: readonly string[]): boolean {
  const roles = stage
    .resources('google_project_iam_member')
    .filter(({ values }) => values.member === `serviceAccount:${String(email)}`)
    .map(({ values }) => String(values.role));
  return (
    stage.resources('google_service_account').some(({ values }) => values.email === email) &&
    roles.length > 0 &&
    roles.every((role) => allowed.includes(role))
  );
}
