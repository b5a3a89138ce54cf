import { block, provider } from './notation';

const digests = {
  content_base64sha256: 'C string',
  content_base64sha512: 'C string',
  content_md5: 'C string',
  content_sha1: 'C string',
  content_sha256: 'C string',
  content_sha512: 'C string',
  filename: 'R string',
  id: 'C string',
} as const;
const written = {
  ...digests,
  directory_permission: 'OC string',
  file_permission: 'OC string',
  source: 'O string',
} as const;

export const local = provider('local', '2.9.0', {
  resources: {
    local_file: block({
      ...written,
      content: 'O string',
      content_base64: 'O string',
      sensitive_content: 'OS string',
    }),
    local_sensitive_file: block({ ...written, content: 'OS string', content_base64: 'OS string' }),
  },
  dataSources: {
    local_command: block({
      allow_non_zero_exit_code: 'O bool',
      arguments: 'O list(string)',
      command: 'R string',
      exit_code: 'C number',
      stderr: 'C string',
      stdin: 'O string',
      stdout: 'C string',
      working_directory: 'O string',
    }),
    local_file: block({ ...digests, content: 'C string', content_base64: 'C string' }),
    local_sensitive_file: block({ ...digests, content: 'CS string', content_base64: 'CS string' }),
  },
});
