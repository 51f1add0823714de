// The types of an ABI that has more than numbers and blocks: what a host function takes and gives, as its worker needs to know it.
// Plain data, since it crosses with the function. The words are those of WIT: https://component-model.bytecodealliance.org/design/wit.html

/**
 * `bytes` is `list<u8>`. `own` hands a resource over, `borrow` lends it; one that is called `rope` is immutable text and travels as
 * that. `anchors` is `tuple<anchor, anchor>`, in the 28 bytes that editors have given it; `pixels` is a pointer whose length follows
 * from width, height and format beside it, and crosses as the bytes there, none where they are not all there.
 */
export type AbiType =
  | 'bool'
  | 'u8'
  | 'u16'
  | 's32'
  | 'u32'
  | 's64'
  | 'u64'
  | 'f32'
  | 'f64'
  | 'char'
  | 'string'
  | 'bytes'
  | 'anchors'
  | 'pixels'
  | { readonly list: AbiType }
  | { readonly option: AbiType }
  | { readonly ok: AbiType; readonly err: readonly string[] }
  | { readonly tuple: readonly AbiType[] }
  | { readonly record: Readonly<Record<string, AbiType>> }
  | { readonly enum: readonly string[] }
  | { readonly flags: readonly string[] }
  | { readonly own: string }
  | { readonly borrow: string };

export interface AbiFunction {
  readonly params: readonly AbiType[];
  readonly result?: AbiType | undefined;
}

export interface Anchor {
  readonly replica: number;
  readonly value: number;
  readonly offset: number;
  readonly bias: number;
}

interface ValueOfWord {
  bool: boolean;
  u8: number;
  u16: number;
  s32: number;
  u32: number;
  s64: bigint;
  u64: bigint;
  f32: number;
  f64: number;
  char: string;
  string: string;
  bytes: Uint8Array;
  anchors: readonly [Anchor, Anchor];
  pixels: Uint8Array;
}

/** What an app is given of a resource, and gives; of any other one a number of its own. */
interface ValueOfResource {
  rope: string;
  'read-channel': ReadableStream<Uint8Array>;
  'write-channel': WritableStream<Uint8Array>;
}

/** What a value of the type is in JavaScript. */
export type AbiValue<T> = T extends keyof ValueOfWord
  ? ValueOfWord[T]
  : T extends { readonly list: infer E }
    ? readonly AbiValue<E>[]
    : T extends { readonly option: infer E }
      ? AbiValue<E> | undefined
      : T extends { readonly ok: infer O; readonly err: readonly (infer E)[] }
        ? { readonly ok: AbiValue<O> } | { readonly err: E }
        : T extends { readonly tuple: infer L }
          ? { readonly [I in keyof L]: AbiValue<L[I]> }
          : T extends { readonly record: infer F }
            ? { readonly [K in keyof F]: AbiValue<F[K]> }
            : T extends { readonly enum: readonly (infer E)[] }
              ? E
              : T extends { readonly flags: readonly (infer E)[] }
                ? readonly E[]
                : T extends { readonly own: infer N } | { readonly borrow: infer N }
                  ? N extends keyof ValueOfResource
                    ? ValueOfResource[N]
                    : number
                  : never;

export type AbiArguments<P> = P extends readonly unknown[] ? { -readonly [I in keyof P]: AbiValue<P[I]> } : never;
