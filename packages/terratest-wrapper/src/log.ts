/** Whether lines of programs are printed: as a call says, else as MLTERRA_TERRATEST_LOG says. */
export function isLogged(asked: boolean | undefined): boolean {
  return asked ?? Boolean(process.env['MLTERRA_TERRATEST_LOG']);
}
