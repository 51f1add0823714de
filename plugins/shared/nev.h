// The least that a plugin of Nev in C needs: names of imports and exports, and the stack that the host takes room from.
// For clang with --target=wasm32, or zig cc; no library takes part. See docs/nev-plugins.md.

#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

#define NEV_IMPORT(interface, name) __attribute__((import_module("nev:plugins/" interface), import_name(name)))
#define NEV_EXPORT(name) __attribute__((export_name(name)))

/** Text or bytes, and how many; a list, and how many items. What a function of the host gives lies on the stack. */
typedef struct {
  const void *at;
  u32 length;
} nev_text;

/** The two arguments that a text is. */
#define NEV_TEXT(literal) (literal), (u32)(sizeof(literal) - 1)

extern u8 __heap_base;
static u8 *nev_top = &__heap_base;
/** For tests: the stack then moves to new pages each time, as it does now and then in any plugin. */
static int nev_always_grows;

NEV_EXPORT("mem_stack_alloc") void *mem_stack_alloc(u32 size, u32 align) {
  u32 pages = __builtin_wasm_memory_size(0);
  u32 at = ((u32)nev_top + align - 1) & ~(align - 1);
  if (nev_always_grows && __builtin_wasm_memory_grow(0, 1) != (u32)-1) at = pages++ << 16;
  u32 end = at + size;
  if (end < at) __builtin_trap();
  if (end > pages << 16) {
    u32 missing = (end - (pages << 16) + 0xffff) >> 16;
    if (__builtin_wasm_memory_grow(0, missing) == (u32)-1) __builtin_trap();
  }
  nev_top = (u8 *)end;
  return (void *)at;
}

NEV_EXPORT("mem_stack_save") u64 mem_stack_save(void) { return (u32)nev_top; }

NEV_EXPORT("mem_stack_restore") void mem_stack_restore(u64 mark) { nev_top = (u8 *)(u32)mark; }

/** A result of text stays where it is until the next call. */
static nev_text *nev_result(const void *at, u32 length) {
  static nev_text result;
  result = (nev_text){at, length};
  return &result;
}
