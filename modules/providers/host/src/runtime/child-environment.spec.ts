import { installerEnvironment, ownEnvironment, processEnvironment } from './child-environment';

const NETWORK = {
  PATH: '/usr/bin',
  LC_ALL: 'C.UTF-8',
  TZ: 'Europe/Berlin',
  https_proxy: 'http://proxy:3128',
  NO_PROXY: 'localhost',
  SSL_CERT_FILE: '/ca.pem',
  REQUESTS_CA_BUNDLE: '/ca.pem',
};

const INDEXES = {
  PIP_INDEX_URL: 'https://pip.example',
  PIP_EXTRA_INDEX_URL: 'https://more.example',
  PIP_CONFIG_FILE: '/pip.conf',
  PIP_CERT: '/ca.pem',
  UV_DEFAULT_INDEX: 'https://uv.example',
  UV_INDEX: 'https://more.example',
  UV_INDEX_CORP_USERNAME: 'me',
  UV_INDEX_CORP_PASSWORD: 'secret',
  UV_INSECURE_HOST: 'uv.example',
  UV_HTTP_TIMEOUT: '300',
  UV_CACHE_DIR: '/cache',
  XDG_CONFIG_HOME: '/config',
  NETRC: '/netrc',
  TMPDIR: '/scratch',
};

const OTHERS = {
  PIP_USER: '1',
  PIP_INDEX: 'x',
  UV_PYTHON: 'x',
  UV_INDEX_CORP: 'x',
  MY_PIP_INDEX_URL: 'x',
  PATHS: 'x',
  PYTHONPATH: 'x',
  PGOPTIONS: 'x',
  NODE_OPTIONS: 'x',
  LD_PRELOAD: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
};

it('of a supervised process has the network in it, and nothing of packages and shells', () => {
  expect(processEnvironment('/home', { ...NETWORK, ...INDEXES, ...OTHERS, HOME: '/root' })).toEqual({
    LANG: 'C.UTF-8',
    ...NETWORK,
    HOME: '/home',
  });
});

it('of installers has the settings of indexes in it too', () => {
  expect(installerEnvironment('/home', { ...NETWORK, ...INDEXES, ...OTHERS })).toEqual({
    LANG: 'C.UTF-8',
    ...NETWORK,
    ...INDEXES,
    HOME: '/home',
  });
});

it('of our own programs has in it who called and what the README names', () => {
  const own = { HOME: '/root', SUDO_USER: 'me', MLTERRA_DATA_DIR: '/data', MLTERRA_HOST_USER: 'me' };
  expect(ownEnvironment({ ...NETWORK, ...INDEXES, ...OTHERS, ...own })).toEqual({
    ...NETWORK,
    ...INDEXES,
    ...own,
  });
});
