/** The only address that anything on a host binds to. */
export const LOOPBACK = '127.0.0.1';
