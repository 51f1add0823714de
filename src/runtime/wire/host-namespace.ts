// Where guests find functions of the host, unless a capability says otherwise: the module name that the PDKs of the first ABI
// write into their imports. A constant of the wire, so that `defineCapability` has a default in every dialect.

export const USER_NAMESPACE = 'extism:host/user';

/** Namespaces of our own glue, and names that every object of JavaScript has: what links by plain objects would find those. */
export function isReservedNamespace(name: string): boolean {
  return name.startsWith('cloche:') || Object.hasOwn(Object.prototype, name);
}
