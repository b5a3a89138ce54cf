import type {
  AttributeSchema,
  BlockSchema,
  BlockTypeSchema,
  CtyType,
  ProviderSchema,
} from '../../schema/model';

const flags = { required: false, optional: false, computed: false };

export function required(type: CtyType): AttributeSchema {
  return { ...flags, type, required: true };
}

export function optional(type: CtyType): AttributeSchema {
  return { ...flags, type, optional: true };
}

export function computed(type: CtyType): AttributeSchema {
  return { ...flags, type, computed: true };
}

export function optionalComputed(type: CtyType): AttributeSchema {
  return { ...flags, type, optional: true, computed: true };
}

export function blocks(
  nesting: BlockTypeSchema['nesting'],
  block: BlockSchema,
  minItems = 0,
  maxItems = 0,
): BlockTypeSchema {
  return { nesting, block, minItems, maxItems };
}

export function block(
  attributes: BlockSchema['attributes'],
  nested: BlockSchema['blocks'] = {},
): BlockSchema {
  return { attributes, blocks: nested };
}

/** A provider of no vendor, with one of each kind of thing a schema may have. */
export const acme: ProviderSchema = {
  source: 'registry.terraform.io/example/acme',
  version: '1.0.0',
  origin: 'a test',
  config: block({ region: optional('string'), token: optional('string') }),
  resources: {
    acme_network: {
      version: 0,
      block: block({
        id: computed('string'),
        name: required('string'),
        cidr: optionalComputed('string'),
        size: optional('number'),
        labels: optional(['map', 'string']),
        effective_labels: computed(['map', 'string']),
        secret_wo: optional('string'),
        anything: optional('dynamic'),
      }),
    },
    acme_cluster: {
      version: 0,
      block: block(
        {
          id: computed('string'),
          name: required('string'),
          network: optional('string'),
          endpoint: computed('string'),
          zones: optionalComputed(['list', 'string']),
        },
        {
          // Added by the provider when it is not configured.
          access: blocks(
            'list',
            block({ user: optional('string'), cluster_ca_certificate: computed('string') }),
            0,
            1,
          ),
          pool: blocks(
            'set',
            block({ name: required('string'), size: optionalComputed('number'), uid: computed('string') }),
          ),
          timeouts: blocks('single', block({ create: optional('string') })),
        },
      ),
    },
    acme_place: {
      version: 0,
      block: block({ id: computed('string'), name: required('string'), region: optionalComputed('string') }),
    },
    acme_release: {
      version: 0,
      block: block({
        id: computed('string'),
        name: required('string'),
        values: {
          ...flags,
          optional: true,
          nested: {
            nesting: 'list',
            attributes: {
              name: required('string'),
              value: optional('string'),
              revision: computed('number'),
            },
          },
        },
        metadata: {
          ...flags,
          computed: true,
          nested: {
            nesting: 'single',
            attributes: { revision: computed('number'), notes: computed('string') },
          },
        },
      }),
    },
  },
  dataSources: {
    acme_images: {
      version: 0,
      block: block({
        id: computed('string'),
        filter: optional('string'),
        addresses: computed(['list', 'string']),
      }),
    },
  },
};
