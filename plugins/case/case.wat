;; Changes the case of what is selected in Nev's editor, letters of ASCII only. case.c is the same in C; docs/nev-plugins.md explains both.

(module
  (import "nev:plugins/commands" "define-command" (func $define_command
    (param i32 i32) (param i32) (param i32 i32) (param i32 i32) (param i32 i32) (param i32 i32) (param i32 i32)))
  (import "nev:plugins/text-editor" "active-text-editor" (func $active_text_editor (param i32 i32)))
  (import "nev:plugins/text-editor" "get-selections" (func $get_selections (param i64 i32)))
  (import "nev:plugins/text-editor" "content" (func $content (param i64) (result i32)))
  (import "nev:plugins/text-editor" "edit" (func $edit (param i64 i32 i32 i32 i32 i32 i32)))
  (import "nev:plugins/types" "[method]rope.slice-selection" (func $slice (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "nev:plugins/types" "[method]rope.text" (func $text (param i32 i32)))
  (import "nev:plugins/types" "[resource-drop]rope" (func $drop_rope (param i32)))

  (memory (export "memory") 2)
  (data (i32.const 0) "upperlowerswap")

  ;; Results of the host are written here: at 32 what is active, at 48 a list or text, at 56 what a command gives back.

  ;; The stack that the host takes room from lies behind the first page. What is on it stays until the host restores its mark.
  (global $top (mut i32) (i32.const 65536))

  (func $alloc (export "mem_stack_alloc") (param $size i32) (param $align i32) (result i32)
    (local $at i32)
    (local $missing i32)
    (local.set $at (i32.and
      (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $top (i32.add (local.get $at) (local.get $size)))
    (local.set $missing (i32.sub (global.get $top) (i32.shl (memory.size) (i32.const 16))))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.lt_s (memory.grow (i32.shr_u (i32.add (local.get $missing) (i32.const 65535)) (i32.const 16))) (i32.const 0))
          (then (unreachable)))))
    (local.get $at))

  (func (export "mem_stack_save") (result i64) (i64.extend_i32_u (global.get $top)))

  (func (export "mem_stack_restore") (param $mark i64) (global.set $top (i32.wrap_i64 (local.get $mark))))

  (func $define (param $name i32) (param $length i32) (param $fun i32)
    (call $define_command
      (local.get $name) (local.get $length)
      (i32.const 0) ;; without the context
      (i32.const 0) (i32.const 0) ;; docs: those of the manifest
      (i32.const 0) (i32.const 0) ;; no parameters
      (i32.const 0) (i32.const 0) ;; gives nothing
      (i32.const 0) (i32.const 0)
      (local.get $fun) (i32.const 0)))

  (func (export "init_plugin")
    (call $define (i32.const 0) (i32.const 5) (i32.const 1))
    (call $define (i32.const 5) (i32.const 5) (i32.const 2))
    (call $define (i32.const 10) (i32.const 4) (i32.const 3)))

  ;; 1 makes letters large, 2 small, 3 the other.
  (func $changed (param $letter i32) (param $fun i32) (result i32)
    (if (i32.and
          (i32.lt_u (i32.sub (local.get $letter) (i32.const 97)) (i32.const 26))
          (i32.ne (local.get $fun) (i32.const 2)))
      (then (return (i32.sub (local.get $letter) (i32.const 32)))))
    (if (i32.and
          (i32.lt_u (i32.sub (local.get $letter) (i32.const 65)) (i32.const 26))
          (i32.ne (local.get $fun) (i32.const 1)))
      (then (return (i32.add (local.get $letter) (i32.const 32)))))
    (local.get $letter))

  ;; Text of the host lies on our stack: nobody else reads it any more, so it is changed where it is.
  (func $change (param $at i32) (param $length i32) (param $fun i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (local.get $end)))
        (i32.store8 (local.get $at) (call $changed (i32.load8_u (local.get $at)) (local.get $fun)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))

  (func (export "handle_command") (param $fun i32) (param $data i32) (param $args i32) (param $length i32) (result i32)
    (local $editor i64)
    (local $rope i32)
    (local $part i32)
    (local $selections i32)
    (local $count i32)
    (local $contents i32)
    (local $selection i32)
    (local $i i32)
    (i64.store (i32.const 56) (i64.const 0))
    (call $active_text_editor (i32.const 0) (i32.const 32))
    (if (i64.eqz (i64.load (i32.const 32))) (then (return (i32.const 56))))
    (local.set $editor (i64.load (i32.const 40)))

    (call $get_selections (local.get $editor) (i32.const 48))
    (local.set $selections (i32.load (i32.const 48)))
    (local.set $count (i32.load (i32.const 52)))
    (local.set $contents (call $alloc (i32.shl (local.get $count) (i32.const 3)) (i32.const 4)))
    (local.set $rope (call $content (local.get $editor)))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $i) (local.get $count)))
        (local.set $selection (i32.add (local.get $selections) (i32.shl (local.get $i) (i32.const 4))))
        (local.set $part (call $slice (local.get $rope)
          (i32.load (local.get $selection)) (i32.load offset=4 (local.get $selection))
          (i32.load offset=8 (local.get $selection)) (i32.load offset=12 (local.get $selection))
          (i32.const 0)))
        (call $text (local.get $part) (i32.const 48))
        (call $drop_rope (local.get $part))
        (call $change (i32.load (i32.const 48)) (i32.load (i32.const 52)) (local.get $fun))
        (i64.store align=4
          (i32.add (local.get $contents) (i32.shl (local.get $i) (i32.const 3)))
          (i64.load align=4 (i32.const 48)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (call $drop_rope (local.get $rope))

    (call $edit (local.get $editor)
      (local.get $selections) (local.get $count)
      (local.get $contents) (local.get $count)
      (i32.const 0) (i32.const 48))
    (i32.const 56)))
