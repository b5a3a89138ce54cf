import { Command, Option } from 'commander';

/** Exit code where a source that the catalogue takes for alive is archived or gone. */
const GONE = 2;

/** `mlterra catalogue` */
export function catalogueCommand(): Command {
  return new Command('catalogue')
    .description('print which version of each tool is deployed, where it comes from and whether it is alive')
    .addOption(
      new Option(
        '--check',
        'ask the sources what is newer, archived or moved (exit code 2: archived or moved)',
      ),
    )
    .addOption(new Option('--json', 'print a machine-readable result'))
    .action(async (values: CatalogueValues) => {
      const { catalogue, catalogueCautions, catalogueTable, checkedText } =
        await import('@mlterra/catalogue');
      const print = (machines: unknown, people: string): void =>
        console.log(values.json ? JSON.stringify(machines, null, 2) : people);
      if (!values.check) {
        const cautions = catalogueCautions(catalogue);
        print(catalogue, [catalogueTable(catalogue), '', ...cautions].join('\n'));
        return;
      }
      const { checkCatalogue } = await import('@mlterra/catalogue/check');
      const rows = await checkCatalogue(catalogue);
      print({ releases: rows }, checkedText(rows));
      if (rows.some(({ unexpected }) => unexpected)) process.exitCode = GONE;
    });
}

interface CatalogueValues {
  readonly check?: boolean;
  readonly json?: boolean;
}
