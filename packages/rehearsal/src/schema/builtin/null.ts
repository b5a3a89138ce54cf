import { block, provider } from './notation';

export const nullProvider = provider('null', '3.2.4', {
  resources: { null_resource: block({ id: 'C string', triggers: 'O map(string)' }) },
  dataSources: {
    null_data_source: block({
      has_computed_default: 'OC string',
      id: 'C string',
      inputs: 'O map(string)',
      outputs: 'C map(string)',
      random: 'C string',
    }),
  },
});
