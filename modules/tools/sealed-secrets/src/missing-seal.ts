import { renderLiteral } from '@mlterra/core';
import { DataResource, Lazy } from 'cdktf';
import { Construct } from 'constructs';

/** Fails the plan of its stack, before anything of it is changed. */
export class MissingSeal extends Construct {
  /** @param message what is missing and what to do, known at the end */
  public constructor(scope: Construct, id: string, message: () => string) {
    super(scope, id);
    new DataResource(this, 'Resource', {
      input: { file: 'missing' },
      lifecycle: {
        postcondition: [
          {
            // Terraform wants a condition to be about something.
            condition: '${self.input.file != "missing"}',
            errorMessage: Lazy.stringValue({
              produce: () => renderLiteral(`${scope.node.path}: ${message()}`),
            }),
          },
        ],
      },
    });
  }
}
