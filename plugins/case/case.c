// Changes the case of what is selected in Nev's editor, letters of ASCII only. case.wat is the same in WebAssembly text.

#include "../shared/nev.h"

typedef struct { s32 line, column; } cursor;
typedef struct { cursor first, last; } selection;
typedef struct { u64 is_some, value; } option_u64;

NEV_IMPORT("commands", "define-command")
void define_command(const char *name, u32 name_length, s32 active, const char *docs, u32 docs_length, const void *params,
                    u32 params_count, const char *returns, u32 returns_length, const char *context, u32 context_length,
                    u32 fun, u32 data);
NEV_IMPORT("text-editor", "active-text-editor") void active_text_editor(s32 options, option_u64 *result);
NEV_IMPORT("text-editor", "get-selections") void get_selections(u64 editor, nev_text *result);
NEV_IMPORT("text-editor", "content") s32 content(u64 editor);
NEV_IMPORT("text-editor", "edit")
void edit(u64 editor, const selection *selections, u32 count, const nev_text *contents, u32 contents_count, s32 inclusive,
          nev_text *result);
NEV_IMPORT("types", "[method]rope.slice-selection")
s32 rope_slice(s32 rope, s32 first_line, s32 first_column, s32 last_line, s32 last_column, s32 inclusive);
NEV_IMPORT("types", "[method]rope.text") void rope_text(s32 rope, nev_text *result);
NEV_IMPORT("types", "[resource-drop]rope") void drop_rope(s32 rope);

enum { UPPER = 1, LOWER, SWAP };

static void define(const char *name, u32 length, u32 fun) {
  define_command(name, length, 0, 0, 0, 0, 0, 0, 0, 0, 0, fun, 0);
}

NEV_EXPORT("init_plugin") void init_plugin(void) {
  define(NEV_TEXT("upper"), UPPER);
  define(NEV_TEXT("lower"), LOWER);
  define(NEV_TEXT("swap"), SWAP);
}

static u8 changed(u8 letter, u32 fun) {
  if (letter >= 'a' && letter <= 'z' && fun != LOWER) return letter - 32;
  if (letter >= 'A' && letter <= 'Z' && fun != UPPER) return letter + 32;
  return letter;
}

NEV_EXPORT("handle_command") nev_text *handle_command(u32 fun, u32 data, const char *arguments, u32 length) {
  (void)data, (void)arguments, (void)length;
  option_u64 editor;
  nev_text selected, edited;
  active_text_editor(0, &editor);
  if (!editor.is_some) return nev_result(0, 0);

  get_selections(editor.value, &selected);
  const selection *selections = selected.at;
  nev_text *contents = mem_stack_alloc(selected.length * sizeof(nev_text), 4);
  s32 rope = content(editor.value);
  for (u32 i = 0; i < selected.length; i++) {
    const selection *one = &selections[i];
    s32 part = rope_slice(rope, one->first.line, one->first.column, one->last.line, one->last.column, 0);
    rope_text(part, &contents[i]);
    drop_rope(part);
    // Text of the host lies on our stack: nobody else reads it any more.
    u8 *letters = (u8 *)contents[i].at;
    for (u32 j = 0; j < contents[i].length; j++) letters[j] = changed(letters[j], fun);
  }
  drop_rope(rope);

  edit(editor.value, selections, selected.length, contents, selected.length, 0, &edited);
  return nev_result(0, 0);
}
