// Capability `kv` of Cloche, as a guest sees it. Texts, bytes and JSON are offsets of Extism blocks, 0 for none.

/** @returns the value, 0 when there is none */
@external("extism:host/user", "kv_get")
export declare function kv_get(key: u64): u64;

/** @returns 0 when it was stored, 1 when the plugin's quota is full */
@external("extism:host/user", "kv_set")
export declare function kv_set(key: u64, value: u64): u64;

/** @returns 1 when the key existed */
@external("extism:host/user", "kv_delete")
export declare function kv_delete(key: u64): u64;

/** @returns a JSON array of the keys with this prefix, sorted */
@external("extism:host/user", "kv_list")
export declare function kv_list(prefix: u64): u64;
