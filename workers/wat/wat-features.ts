/**
 * Every proposal that wabt can assemble. Fixtures are hostile on purpose, so a module that
 * engines refuse must still be writable as text.
 */
export const watFeatures = {
  annotations: true,
  bulk_memory: true,
  code_metadata: true,
  exceptions: true,
  extended_const: true,
  function_references: true,
  gc: true,
  memory64: true,
  multi_memory: true,
  multi_value: true,
  mutable_globals: true,
  reference_types: true,
  relaxed_simd: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  tail_call: true,
  threads: true,
} as const;
