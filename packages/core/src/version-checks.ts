import type { IValidation, Node } from 'constructs';
import type { App } from 'cdktf';
import { ValidateBinaryVersion } from 'cdktf/lib/validations/validate-binary-version';

/**
 * Takes away CDKTF's checks that run `terraform version` by a shell, one for every `terraform_data` and every import block:
 * the engine itself asks the binary that it uses, which may have another name or place, once, and wants a newer version.
 */
export function withoutVersionChecks(app: App): App {
  for (const { node } of app.node.findAll()) {
    const checked = node as unknown as Checked;
    checked._validations = checked._validations?.filter((check) => !(check instanceof ValidateBinaryVersion));
  }
  return app;
}

/** What `Node.addValidation` fills. */
type Checked = Pick<Node, 'id'> & { _validations?: readonly IValidation[] };
