// What the PDK does not declare of Extism's own host functions.

/** @returns the status of the last request, 0 when there was none */
@external("extism:host/env", "http_status_code")
export declare function http_status_code(): i32;
