import { block, listBlock, provider } from './notation';
import type { BlockSchema } from '../model';

const subject = listBlock({
  common_name: 'O string',
  country: 'O string',
  email_address: 'O string',
  locality: 'O string',
  organization: 'O string',
  organizational_unit: 'O string',
  postal_code: 'O string',
  province: 'O string',
  serial_number: 'O string',
  street_address: 'O list(string)',
});
const names = {
  dns_names: 'O list(string)',
  ip_addresses: 'O list(string)',
  uris: 'O list(string)',
} as const;
const certificate = {
  allowed_uses: 'R list(string)',
  cert_pem: 'C string',
  early_renewal_hours: 'OC number',
  id: 'C string',
  is_ca_certificate: 'OC bool',
  ready_for_renewal: 'C bool',
  set_subject_key_id: 'OC bool',
  validity_end_time: 'C string',
  validity_period_hours: 'R number',
  validity_start_time: 'C string',
} as const;
const publicKey = {
  id: 'C string',
  public_key_fingerprint_md5: 'C string',
  public_key_fingerprint_sha256: 'C string',
  public_key_openssh: 'C string',
  public_key_pem: 'C string',
} as const;

const readCertificate: BlockSchema = {
  attributes: {
    ...block({ content: 'O string', id: 'C string', url: 'O string', verify_chain: 'O bool' }).attributes,
    certificates: {
      type: [
        'list',
        [
          'object',
          {
            cert_pem: 'string',
            is_ca: 'bool',
            issuer: 'string',
            not_after: 'string',
            not_before: 'string',
            public_key_algorithm: 'string',
            serial_number: 'string',
            sha1_fingerprint: 'string',
            signature_algorithm: 'string',
            subject: 'string',
            version: 'number',
          },
        ],
      ],
      required: false,
      optional: false,
      computed: true,
    },
  },
  blocks: {},
};

export const tls = provider('tls', '4.1.0', {
  versions: { tls_private_key: 1 },
  config: block(
    {},
    {
      proxy: listBlock({
        from_env: 'O bool',
        password: 'OS string',
        url: 'O string',
        username: 'O string',
      }),
    },
  ),
  resources: {
    tls_cert_request: block(
      {
        ...names,
        cert_request_pem: 'C string',
        id: 'C string',
        key_algorithm: 'C string',
        private_key_pem: 'RS string',
      },
      { subject },
    ),
    tls_locally_signed_cert: block({
      ...certificate,
      ca_cert_pem: 'R string',
      ca_key_algorithm: 'C string',
      ca_private_key_pem: 'RS string',
      cert_request_pem: 'R string',
    }),
    tls_private_key: block({
      ...publicKey,
      algorithm: 'R string',
      ecdsa_curve: 'OC string',
      private_key_openssh: 'CS string',
      private_key_pem: 'CS string',
      private_key_pem_pkcs8: 'CS string',
      rsa_bits: 'OC number',
    }),
    tls_self_signed_cert: block(
      {
        ...certificate,
        ...names,
        key_algorithm: 'C string',
        private_key_pem: 'RS string',
        set_authority_key_id: 'OC bool',
      },
      { subject },
    ),
  },
  dataSources: {
    tls_certificate: readCertificate,
    tls_public_key: block({
      ...publicKey,
      algorithm: 'C string',
      private_key_openssh: 'OS string',
      private_key_pem: 'OS string',
    }),
  },
});
