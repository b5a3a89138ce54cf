/** The address of a server without the user and the password that it may hold: what is left may be shown and kept. */
export function withoutUserInfo(address: string): string {
  return address.replace(/^([a-z]+:\/\/)[^/]*@/, '$1');
}
