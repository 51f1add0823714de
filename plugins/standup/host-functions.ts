// What a Windshift host offers, as a guest sees it: the offset of a JSON block in, the offset of another one out, and 0
// where the request could not be read. Beside it the one function of WASI that this plugin needs.

/** `{ key }` in, `{ status: "ok" | "not_found" | "error", value?, error? }` out. */
@external("extism:host/user", "kv_get")
export declare function kv_get(request: u64): u64;

/** `{ key, value }` in, `{ status: "ok" | "error", error? }` out. */
@external("extism:host/user", "kv_set")
export declare function kv_set(request: u64): u64;

/** `{ key }` in, `{ status: "ok" | "error", error? }` out; a key that is not there is fine. */
@external("extism:host/user", "kv_delete")
export declare function kv_delete(request: u64): u64;

/** `{ to, subject, text }` and more in, `{ status: "ok" | "error", error? }` out. */
@external("extism:host/user", "smtp_send")
export declare function smtp_send(request: u64): u64;

/** Nanoseconds since 1970 are written to `time`. @returns 0 unless it failed */
@external("wasi_snapshot_preview1", "clock_time_get")
export declare function clock_time_get(clock: i32, precision: i64, time: usize): i32;
