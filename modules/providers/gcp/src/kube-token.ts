import type { KubeToken } from '@mlterra/core';
import { MlterraError } from '@mlterra/core/errors';

/** What the API server of a GKE cluster wants of a token: access, and who it is. */
const SCOPES = [
  'https://www.googleapis.com/auth/cloud-platform',
  'https://www.googleapis.com/auth/userinfo.email',
];

/** A token for GKE clusters, from Application Default Credentials. */
export async function kubeToken(): Promise<KubeToken> {
  const { GoogleAuth } = await loadLibrary();
  try {
    const client = await new GoogleAuth({ scopes: SCOPES }).getClient();
    const { token } = await client.getAccessToken();
    if (!token) throw new Error('Google answered without a token');
    const { expiry_date: expires } = client.credentials;
    return expires == null ? { token } : { token, expires: new Date(expires) };
  } catch (error) {
    throw noCredentials(error);
  }
}

async function loadLibrary(): Promise<typeof import('google-auth-library')> {
  try {
    return await import('google-auth-library');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new MlterraError({
      code: 'gcp-auth-library-missing',
      message: 'Tokens for GKE need the package google-auth-library, which is not installed.',
      remedy: 'npm install --save-dev google-auth-library',
      cause: error,
    });
  }
}

function noCredentials(cause: unknown): MlterraError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n')[0]!;
  return new MlterraError({
    code: 'gcp-credentials',
    message: `Google gave no token: ${reason.replace(/\.$/, '')}.`,
    expected: 'Application Default Credentials',
    remedy:
      'gcloud auth application-default login, or name a file of credentials in GOOGLE_APPLICATION_CREDENTIALS',
    cause,
  });
}
