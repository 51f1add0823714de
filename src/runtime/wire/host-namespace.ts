// Where guests find functions of the host, unless a capability says otherwise: the module name that the PDKs of the first ABI
// write into their imports. A constant of the wire, so that `defineCapability` has a default in every dialect.

export const USER_NAMESPACE = 'extism:host/user';
