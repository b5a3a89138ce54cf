/**
 * Takes back the colours that Nx asks its tasks for, whatever the output is: a file gets none. Those that a person
 * asks for by another value than Nx's `true` stay. To be called before what prints is loaded.
 */
export function coloursAsOutput(
  env: NodeJS.ProcessEnv = process.env,
  output: { readonly isTTY?: boolean } = process.stdout,
): void {
  if (env['FORCE_COLOR'] === 'true' && output.isTTY !== true) delete env['FORCE_COLOR'];
}
