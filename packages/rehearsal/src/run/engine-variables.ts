/** Variables a program needs to run at all, and those of Terraform that configurations read. */
const PASSED =
  /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|COMSPEC|PATHEXT|USERPROFILE|TF_VAR_.*|MLTERRA_.*)$/i;

/**
 * Changes to the environment of every Terraform of a rehearsal: it uses the providers that are served, and gets no
 * credential, no proxy and no setting of its own command line.
 */
export function rehearsedVariables(reattach: string, cliConfig: string): NodeJS.ProcessEnv {
  const others = Object.keys(process.env).filter((name) => !PASSED.test(name));
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    ...engineSettings(reattach),
    TF_CLI_CONFIG_FILE: cliConfig,
  };
}

/** The same where a real provider takes part, which may need anything that is set. */
export function realVariables(reattach: string, cliConfig: string | undefined): NodeJS.ProcessEnv {
  return {
    ...engineSettings(reattach),
    ...(cliConfig === undefined ? {} : { TF_CLI_CONFIG_FILE: cliConfig }),
  };
}

function engineSettings(reattach: string): NodeJS.ProcessEnv {
  return {
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    TF_REATTACH_PROVIDERS: reattach,
  };
}
