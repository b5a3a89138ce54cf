/** Help of the argument that names environments. */
export function environmentsHelp(allByDefault: boolean): string {
  const none = allByDefault
    ? 'the environment of the current folder, or all'
    : 'the environment of the current folder';
  return `names under environments/, or paths (default: ${none})`;
}
