import { terraformCliConfig } from '../terraform-cli-config';

/** With which Terraform installs every provider of the test bed from here; none, and why, where they cannot be built. */
export async function terraformVariables(
  note: (text: string) => void,
): Promise<Readonly<Record<string, string>>> {
  try {
    return {
      TF_CLI_CONFIG_FILE: await terraformCliConfig('docker', 'helm', 'local', 'random', 'tls'),
    };
  } catch (error) {
    note(`Terraform has to find its providers elsewhere: ${(error as Error).message}`);
    return {};
  }
}
