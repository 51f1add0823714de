// An instance of the kernel with a host that writes down what leaves wasm.

import kernelBytes from '../../../workers/extism/kernel/kernel.wat';

/** Everything that guests may import, as JavaScript sees it, and what the worker uses besides. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly log_level: { value: number };
  alloc(n: bigint): bigint;
  free(p: bigint): void;
  length(p: bigint): bigint;
  length_unsafe(p: bigint): bigint;
  load_u8(p: bigint): number;
  load_u64(p: bigint): bigint;
  store_u8(p: bigint, byte: number): void;
  store_u64(p: bigint, word: bigint): void;
  input_offset(): bigint;
  input_length(): bigint;
  input_load_u8(i: bigint): number;
  input_load_u64(i: bigint): bigint;
  input_set(p: bigint, n: bigint): void;
  output_set(p: bigint, n: bigint): void;
  output_offset(): bigint;
  output_length(): bigint;
  error_set(p: bigint): void;
  error_get(): bigint;
  memory_bytes(): bigint;
  reset(): void;
  config_get(key: bigint): bigint;
  var_get(key: bigint): bigint;
  var_set(key: bigint, value: bigint): void;
  http_request(request: bigint, body: bigint): bigint;
  http_status_code(): number;
  http_headers(): bigint;
  log_trace(p: bigint): void;
  log_debug(p: bigint): void;
  log_info(p: bigint): void;
  log_warn(p: bigint): void;
  log_error(p: bigint): void;
  get_log_level(): number;
  alloc_i32(n: number): number;
  free_i32(p: number): void;
  length_i32(p: number): number;
  input_set_i32(p: number, n: number): void;
  output_ptr(): number;
  output_len(): number;
  error_ptr(): number;
  error_len(): number;
  used(): number;
  peak(): number;
  refused(): number;
  lost(): number;
  require_block(p: bigint): void;
  begin(): void;
}

/** What the host was told, with the bytes as they were then. */
export type HostCall = readonly [name: string, ...details: unknown[]];

export interface KernelHost {
  readonly k: KernelExports;
  readonly instance: WebAssembly.Instance;
  readonly calls: HostCall[];
  /** What `config_get`, `var_get`, `http_request` and `http_headers` answer, made anew each time. */
  answer: string;
  text(p: bigint | number, length?: bigint | number): string;
  /** A new block with this text. */
  put(text: string): bigint;
}

/** @param pages the cap of the kernel's memory */
export async function kernelHost(pages = 256): Promise<KernelHost> {
  const calls: HostCall[] = [];
  const answered = () => Number(host.answer === '' ? 0n : host.put(host.answer));
  const { instance } = await WebAssembly.instantiate(kernelBytes, {
    'cloche:host': {
      memory: new WebAssembly.Memory({ initial: 1, maximum: pages }),
      config_get(p: number, n: number) {
        calls.push(['config_get', host.text(p, n)]);
        return answered();
      },
      var_get(p: number, n: number) {
        calls.push(['var_get', host.text(p, n)]);
        return answered();
      },
      var_set(key: number, keyLength: number, value: number, length: number, isDelete: number) {
        calls.push(['var_set', host.text(key, keyLength), host.text(value, length), isDelete]);
      },
      http_request(json: number, jsonLength: number, body: number, length: number) {
        calls.push(['http_request', host.text(json, jsonLength), host.text(body, length)]);
        return answered();
      },
      http_status_code: () => 204,
      http_headers: answered,
      log(level: number, p: number, n: number) {
        calls.push(['log', level, host.text(p, n)]);
      },
      bad_handle(what: number, offset: bigint) {
        throw new RangeError(`bad handle ${what} ${BigInt.asUintN(64, offset)}`);
      },
    },
  });
  const k = instance.exports as unknown as KernelExports;
  const host: KernelHost = {
    k,
    instance,
    calls,
    answer: '',
    text: (p, length = k.length(BigInt(p))) =>
      new TextDecoder().decode(new Uint8Array(k.memory.buffer, Number(p), Number(length))),
    put(text) {
      const bytes = new TextEncoder().encode(text);
      const p = k.alloc_i32(bytes.length);
      new Uint8Array(k.memory.buffer, p, bytes.length).set(bytes);
      return BigInt(p);
    },
  };
  return host;
}
