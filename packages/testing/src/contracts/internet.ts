/** Address ranges that are the whole internet, as clouds write them. */
const INTERNET = new Set(['0.0.0.0/0', '::/0', '*', 'Internet', 'any', '0.0.0.0']);

export function isInternet(range: string): boolean {
  return INTERNET.has(range);
}

/** Whether a member of a grant stands for anyone, logged in or not. */
export function isAnyone(member: string): boolean {
  return /^(allUsers|allAuthenticatedUsers|\*|principalSet:\/\/goog\/public:all)$/.test(member);
}
