/** Where a machine tells whether its containers are well: 200 if so, else 503. */
export const HEALTH_PORT = 8099;
export const HEALTH_PATH = '/';
