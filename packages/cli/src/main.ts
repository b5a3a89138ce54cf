import { createProgram } from './program';
import { reportError } from './report-error';

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = 1;
    reportError(error, process.argv.includes('--verbose') || process.argv.includes('-v'));
  });
