import { App } from 'cdktf';
import { Construct } from 'constructs';
import { addComposeExport, composeExportOf, type ComposeExporter } from './compose-export';

const exporter: ComposeExporter = (known) => ({ document: {}, files: [], variables: known, entries: [] });

describe('composeExportOf', () => {
  it('returns the exporter of the platform it was added to, and of no other', () => {
    const app = new App({ outdir: 'never-written' });
    const [one, other] = [new Construct(app, 'one'), new Construct(app, 'other')];
    addComposeExport(one, exporter);
    expect(composeExportOf(one)).toBe(exporter);
    expect(composeExportOf(other)).toBeUndefined();
  });

  it('finds an exporter that another copy of this package added', () => {
    const platform = new Construct(new App({ outdir: 'never-written' }), 'platform');
    jest.isolateModules(() => {
      const copy = jest.requireActual<typeof import('./compose-export')>('./compose-export');
      copy.addComposeExport(platform, exporter);
    });
    expect(composeExportOf(platform)).toBe(exporter);
  });
});
