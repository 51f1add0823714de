// Capability `kv` of Cloche, as a guest sees it. Texts, bytes and JSON are offsets of Extism blocks, 0 for none.

/** @returns the value, 0 when there is none */
@external("extism:host/user", "kv_get")
export declare function kv_get(key: u64): u64;

/**
 * Gives a key the state `value` if it has the state `expected`. A state is 0 for an absent key, or a byte 1 and the value.
 * @returns a byte 0 when it was done, 1 when the plugin's quota is full, 2 when the key had another state, which follows
 */
@external("extism:host/user", "kv_update")
export declare function kv_update(key: u64, expected: u64, value: u64): u64;

/** @returns 1 when the key existed */
@external("extism:host/user", "kv_delete")
export declare function kv_delete(key: u64): u64;

/** @returns a JSON array of the keys with this prefix, sorted */
@external("extism:host/user", "kv_list")
export declare function kv_list(prefix: u64): u64;
