/**
 * A request with nothing of the user in it: no cookies, no word of where they are, and no cache that tells what they have
 * seen. It follows no redirect, which would carry its headers to wherever that leads.
 */
export const PRIVATE_REQUEST = {
  mode: 'cors',
  credentials: 'omit',
  referrer: '',
  referrerPolicy: 'no-referrer',
  cache: 'no-store',
  redirect: 'error',
  keepalive: false,
} as const satisfies RequestInit;
