import { TemporaryWorkspace } from '../testing/temporary-workspace';
import type { AggregateCreateNodesError, CreateNodesContext, CreateNodesResultArray } from '@nx/devkit';
import { createNodes } from './create-nodes';

let workspace: TemporaryWorkspace;

beforeEach(() => {
  workspace = new TemporaryWorkspace();
  workspace.write(
    'environments/lab/environment.ts',
    definition('stages: { dev: {}, prod: {} }, shared() {}'),
  );
});
afterEach(() => workspace.remove());

function definition(properties: string): string {
  return `export default defineEnvironment({ ${properties} });`;
}

async function infer(files: readonly string[], nxJson: object = {}): Promise<CreateNodesResultArray> {
  const context: CreateNodesContext = { workspaceRoot: workspace.root, nxJsonConfiguration: nxJson };
  return createNodes[1](files, undefined, context);
}

async function targetsOf(name: string, files: readonly string[], nxJson?: object) {
  const root = `environments/${name}`;
  const result = (await infer(files, nxJson)).find(([file]) => file.startsWith(`${root}/`))![1];
  return result.projects![root]!.targets!;
}

describe('the inferred project', () => {
  it('has the targets of an environment', async () => {
    const [[file, result] = []] = await infer(['environments/lab/environment.ts'], {
      namedInputs: { production: [] },
    });
    expect(file).toBe('environments/lab/environment.ts');
    expect(result).toMatchInlineSnapshot(`
      {
        "projects": {
          "environments/lab": {
            "metadata": {
              "technologies": [
                "terraform",
              ],
            },
            "name": "lab",
            "projectType": "application",
            "root": "environments/lab",
            "targets": {
              "apply": {
                "cache": false,
                "configurations": {
                  "dev": {
                    "stage": "dev",
                  },
                  "prod": {
                    "stage": "prod",
                  },
                  "shared": {
                    "stage": "shared",
                  },
                },
                "dependsOn": [
                  "^build",
                ],
                "executor": "@mlterra/nx:apply",
                "inputs": [
                  "production",
                  "^production",
                  {
                    "env": "MLTERRA_ENGINE",
                  },
                  {
                    "env": "MLTERRA_PARALLELISM",
                  },
                  {
                    "env": "TF_CLI_CONFIG_FILE",
                  },
                ],
                "metadata": {
                  "description": "Applies the stacks that changed: shared and unprotected stages, or the stage named by -c. Ends with the services and where their credentials are.",
                  "help": {
                    "command": "npx nx apply --help",
                    "example": {
                      "options": {
                        "all": true,
                      },
                    },
                  },
                  "technologies": [
                    "terraform",
                  ],
                },
              },
              "destroy": {
                "cache": false,
                "configurations": {
                  "dev": {
                    "stage": "dev",
                  },
                  "prod": {
                    "stage": "prod",
                  },
                  "shared": {
                    "stage": "shared",
                  },
                },
                "dependsOn": [
                  "^build",
                ],
                "executor": "@mlterra/nx:destroy",
                "inputs": [
                  "production",
                  "^production",
                  {
                    "env": "MLTERRA_ENGINE",
                  },
                  {
                    "env": "MLTERRA_PARALLELISM",
                  },
                  {
                    "env": "TF_CLI_CONFIG_FILE",
                  },
                ],
                "metadata": {
                  "description": "Destroys the stacks in reverse order, after asking. Protected stages are refused.",
                  "help": {
                    "command": "npx nx destroy --help",
                    "example": {
                      "options": {
                        "yes": true,
                      },
                    },
                  },
                  "technologies": [
                    "terraform",
                  ],
                },
              },
              "drift": {
                "cache": false,
                "configurations": {
                  "dev": {
                    "stage": "dev",
                  },
                  "prod": {
                    "stage": "prod",
                  },
                  "shared": {
                    "stage": "shared",
                  },
                },
                "dependsOn": [
                  "^build",
                ],
                "executor": "@mlterra/nx:drift",
                "inputs": [
                  "production",
                  "^production",
                  {
                    "env": "MLTERRA_ENGINE",
                  },
                  {
                    "env": "MLTERRA_PARALLELISM",
                  },
                  {
                    "env": "TF_CLI_CONFIG_FILE",
                  },
                ],
                "metadata": {
                  "description": "Compares what runs with what was applied. Changes nothing.",
                  "help": {
                    "command": "npx nx drift --help",
                    "example": {
                      "options": {
                        "json": true,
                      },
                    },
                  },
                  "technologies": [
                    "terraform",
                  ],
                },
              },
              "output": {
                "cache": false,
                "configurations": {
                  "dev": {
                    "stage": "dev",
                  },
                  "prod": {
                    "stage": "prod",
                  },
                  "shared": {
                    "stage": "shared",
                  },
                },
                "dependsOn": [
                  "^build",
                ],
                "executor": "@mlterra/nx:output",
                "inputs": [
                  "production",
                  "^production",
                  {
                    "env": "MLTERRA_ENGINE",
                  },
                  {
                    "env": "MLTERRA_PARALLELISM",
                  },
                  {
                    "env": "TF_CLI_CONFIG_FILE",
                  },
                ],
                "metadata": {
                  "description": "Prints the outputs and the services: name, URL, where the credentials are.",
                  "help": {
                    "command": "npx nx output --help",
                    "example": {
                      "options": {
                        "json": true,
                      },
                    },
                  },
                  "technologies": [
                    "terraform",
                  ],
                },
              },
              "plan": {
                "cache": false,
                "configurations": {
                  "dev": {
                    "stage": "dev",
                  },
                  "prod": {
                    "stage": "prod",
                  },
                  "shared": {
                    "stage": "shared",
                  },
                },
                "dependsOn": [
                  "^build",
                ],
                "executor": "@mlterra/nx:plan",
                "inputs": [
                  "production",
                  "^production",
                  {
                    "env": "MLTERRA_ENGINE",
                  },
                  {
                    "env": "MLTERRA_PARALLELISM",
                  },
                  {
                    "env": "TF_CLI_CONFIG_FILE",
                  },
                ],
                "metadata": {
                  "description": "Shows what an apply would change, stack by stack. Changes nothing.",
                  "help": {
                    "command": "npx nx plan --help",
                    "example": {
                      "options": {
                        "explain": true,
                      },
                    },
                  },
                  "technologies": [
                    "terraform",
                  ],
                },
              },
              "rehearse": {
                "cache": false,
                "configurations": {
                  "dev": {
                    "stage": "dev",
                  },
                  "prod": {
                    "stage": "prod",
                  },
                  "shared": {
                    "stage": "shared",
                  },
                },
                "dependsOn": [
                  "^build",
                ],
                "executor": "@mlterra/nx:rehearse",
                "inputs": [
                  "production",
                  "^production",
                  {
                    "env": "MLTERRA_ENGINE",
                  },
                  {
                    "env": "MLTERRA_PARALLELISM",
                  },
                  {
                    "env": "TF_CLI_CONFIG_FILE",
                  },
                ],
                "metadata": {
                  "description": "Plans, applies, changes and destroys every stack against providers that are played: no cloud, no credential, no network.",
                  "help": {
                    "command": "npx nx rehearse --help",
                    "example": {
                      "options": {
                        "fault": [
                          "fail-create:google_container_cluster:1",
                        ],
                      },
                    },
                  },
                  "technologies": [
                    "terraform",
                  ],
                },
              },
              "synth": {
                "cache": true,
                "configurations": {
                  "dev": {
                    "stage": "dev",
                  },
                  "prod": {
                    "stage": "prod",
                  },
                  "shared": {
                    "stage": "shared",
                  },
                },
                "dependsOn": [
                  "^build",
                ],
                "executor": "@mlterra/nx:synth",
                "inputs": [
                  "production",
                  "^production",
                ],
                "metadata": {
                  "description": "Writes the Terraform configuration of every stack to cdktf.out. Changes nothing else.",
                  "help": {
                    "command": "npx nx synth --help",
                    "example": {
                      "options": {
                        "stage": "dev",
                      },
                    },
                  },
                  "technologies": [
                    "terraform",
                  ],
                },
                "outputs": [
                  "{projectRoot}/cdktf.out",
                ],
              },
            },
          },
        },
      }
    `);
  });

  it('has an end-to-end test where there is a configuration for it', async () => {
    workspace.write('environments/lab/jest.e2e.config.js', '');
    const targets = await targetsOf('lab', ['environments/lab/environment.ts']);
    expect(targets['e2e']).toMatchInlineSnapshot(`
      {
        "cache": false,
        "configurations": {
          "dev": {
            "stage": "dev",
          },
          "prod": {
            "stage": "prod",
          },
          "shared": {
            "stage": "shared",
          },
        },
        "dependsOn": [
          "^build",
        ],
        "executor": "@mlterra/nx:e2e",
        "inputs": [
          "default",
          "^default",
        ],
        "metadata": {
          "description": "Runs the end-to-end test of the environment (jest.e2e.config.js).",
          "help": {
            "command": "npx nx e2e --help",
            "example": {
              "options": {
                "stage": "dev",
              },
            },
          },
          "technologies": [
            "terraform",
          ],
        },
        "parallelism": false,
      }
    `);
  });

  it('takes the default inputs where the workspace has no others', async () => {
    const { plan } = await targetsOf('lab', ['environments/lab/environment.ts']);
    expect(plan!.inputs!.slice(0, 2)).toEqual(['default', '^default']);
  });

  it('follows the content of the file', async () => {
    const files = ['environments/lab/environment.ts'];
    expect(Object.keys((await targetsOf('lab', files))['apply']!.configurations!)).toEqual([
      'dev',
      'prod',
      'shared',
    ]);
    expect(await infer(files)).toEqual(await infer(files));
    workspace.write('environments/lab/environment.ts', definition('stages: { canary: {} }'));
    expect(Object.keys((await targetsOf('lab', files))['apply']!.configurations!)).toEqual(['canary']);
  });
});

describe('the stages of several environments', () => {
  it('are configurations of each of them', async () => {
    workspace.write('environments/two/environment.ts', definition('stages: { dev: {}, gpu: {} }'));
    const files = ['environments/lab/environment.ts', 'environments/two/environment.ts'];
    for (const name of ['lab', 'two']) {
      const targets = await targetsOf(name, files);
      for (const target of Object.values(targets)) {
        expect(target.configurations).toEqual({
          dev: { stage: 'dev' },
          gpu: { stage: 'gpu' },
          prod: { stage: 'prod' },
          shared: { stage: 'shared' },
        });
      }
    }
  });

  it('that cannot be read leave the other environments as they are', async () => {
    workspace.write('environments/two/environment.ts', definition('stages: {\n ...more }'));
    const files = ['environments/lab/environment.ts', 'environments/two/environment.ts'];
    const error = await infer(files).catch((thrown: AggregateCreateNodesError) => thrown);
    expect(error).toMatchObject({
      name: 'AggregateCreateNodesError',
      errors: [
        [
          'environments/two/environment.ts',
          {
            message: expect.stringMatching(
              /^environments\/two\/environment\.ts:2:2: the stages cannot be read/,
            ),
          },
        ],
      ],
      partialResults: [['environments/lab/environment.ts', expect.anything()]],
    });
  });
});
