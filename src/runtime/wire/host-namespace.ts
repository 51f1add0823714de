// Where guests find functions of the host, unless a capability says otherwise: the module name that every PDK of the ABI which
// `extism/` in `workers/` implements writes into its imports. A constant of the wire, and the default of `defineCapability`.

export const USER_NAMESPACE = 'extism:host/user';
