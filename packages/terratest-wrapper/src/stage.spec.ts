import { stage } from './stage';
import { startJest } from './testing/child-jest';
import { folderWith } from './testing/module-folder';
import { describeTerratest } from './testing/needs-terratest';

describe('stage', () => {
  it('refuses a name that no shell can set a variable for', async () => {
    await expect(stage('my stage', () => 1)).rejects.toThrow(
      /"my stage" is not a name for a stage.*SKIP_<stage>/s,
    );
  });
});

describeTerratest('stages that are skipped', () => {
  it('keep what was made, use it again, and remove it in the end', async () => {
    const folder = folderWith({
      'main.tf':
        'variable "name" {\n  type = string\n}\nresource "terraform_data" "one" {\n  input = var.name\n}\noutput "id" {\n  value = terraform_data.one.id\n}\n',
      'staged.test.ts': `
        import * as terratest from '@mlterra/terratest-wrapper';
        test('stages', async () => {
          terratest.cleanup(() => terratest.stage('destroy', async () => {
            await terratest.destroy(terratest.loadTerraformOptions(__dirname));
            terratest.cleanupTestData(__dirname);
          }));
          await terratest.stage('apply', async () => {
            const options = { terraformDir: __dirname, vars: { name: 'kept' } };
            terratest.saveTerraformOptions(__dirname, options);
            await terratest.initAndApply(options);
          });
          const options = terratest.loadTerraformOptions(__dirname);
          process.stderr.write('id=' + await terratest.output(options, 'id') + ' of ' + options.vars!.name + '\\n');
        });`,
    });
    const run = async (env: NodeJS.ProcessEnv) => {
      const { end, printed } = await startJest(folder, env).ended;
      return { end, id: /id=(\S+) of kept/.exec(printed)?.[1], printed };
    };
    const first = await run({ SKIP_destroy: '1' });
    expect(first).toMatchObject({ end: 0, id: expect.any(String) });
    const second = await run({ SKIP_apply: '1' });
    expect(second).toMatchObject({ end: 0, id: first.id });
    expect(second.printed).toContain('SKIP_apply is set: stage apply is skipped.');
    expect((await run({ SKIP_apply: '1' })).printed).toMatch(/There is no saved TerraformOptions/);
  });
});
