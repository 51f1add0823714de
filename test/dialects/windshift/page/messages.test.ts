import { assert } from 'chai';
import { page } from '../../../../src/dialects/windshift/page/page.ts';
import type { PageMessage } from '../../../../src/manifest/page-messages.ts';

const read = (message: object): PageMessage | undefined => page.read(message);

function readAs<T extends PageMessage['type']>(
  type: T,
  posted: string,
  fields: object = {},
): Extract<PageMessage, { type: T }> {
  const message = read({ type: posted, ...fields });
  if (message?.type !== type) throw new Error(`Expected a ${type}, got ${message?.type}`);
  return message as Extract<PageMessage, { type: T }>;
}

const modal = (fields: object = {}) => readAs('modal', 'plugin:showModal', fields);
const confirm = (fields: object = {}) => readAs('confirm', 'plugin:showConfirm', fields);
const toast = (fields: object = {}) => readAs('toast', 'plugin:showToast', fields);
const rows = (content: unknown) => {
  const read = modal({ content }).content;
  if (read.kind !== 'rows') throw new Error('Expected rows');
  return read.rows.map(({ label, value }) => [label, value]);
};

/** What counts as an empty or a wrong value of a text. */
const NO_TEXT = [undefined, null, '', 0, false, true, {}, ['x'], '   '];

describe('WS29, WS30: messages of a plugin page', () => {
  describe('plugin:ready and plugin:getTheme', () => {
    it('have no fields, and none is kept', () => {
      assert.deepEqual(read({ type: 'plugin:ready', extra: 1 }), { type: 'ready' });
      assert.deepEqual(read({ type: 'plugin:getTheme', extra: 1 }), { type: 'theme' });
    });
  });

  describe('plugin:resize', () => {
    it('has a height', () => {
      assert.deepEqual(read({ type: 'plugin:resize', height: 712.5 }), { type: 'resize', height: 712.5 });
    });

    for (const height of ['700', null, undefined, Number.NaN, Number.POSITIVE_INFINITY, {}, [700]]) {
      it(`is ignored with the height ${JSON.stringify(height)}`, () => {
        assert.isUndefined(read({ type: 'plugin:resize', height }));
      });
    }
  });

  describe('plugin:showModal', () => {
    it('has the defaults of the contract', () => {
      const { id, ...rest } = modal();
      assert.match(String(id), /^modal-\d{13}$/);
      const content = { kind: 'rows', rows: [], left: 0 };
      assert.deepEqual(rest, { type: 'modal', title: 'Modal', content, width: 768 } as typeof rest);
    });

    it('takes what it is given', () => {
      const message = modal({ id: 'm-1', title: 'Result', content: 'Fine', maxWidth: 'max-w-sm' });
      const expected = { type: 'modal', id: 'm-1', title: 'Result', width: 384 } as const;
      assert.deepEqual(message, { ...expected, content: { kind: 'text', text: 'Fine' } });
    });

    for (const title of NO_TEXT) {
      it(`has the default title for ${JSON.stringify(title)}`, () => assert.equal(modal({ title }).title, 'Modal'));
    }

    for (const maxWidth of ['max-w-screen', '100vw', 'constructor', 9_999, null]) {
      it(`has the default width for ${JSON.stringify(maxWidth)}`, () => assert.equal(modal({ maxWidth }).width, 768));
    }

    it('makes rows of an object: words of keys in capitals, values as text, objects as indented JSON', () => {
      const content = { first_name: 'Ada', lastSeen: 12, is_on: true, open_tasks: { high: [1, 2] } };
      assert.deepEqual(rows(content), [
        ['First Name', 'Ada'],
        ['LastSeen', '12'],
        ['Is On', 'true'],
        ['Open Tasks', '{\n  "high": [\n    1,\n    2\n  ]\n}'],
      ]);
    });

    it('has no data where a value is falsy', () => {
      const falsy = { a: '', b: 0, c: false, d: null };
      assert.deepEqual(
        rows(falsy).map(([, value]) => value),
        [undefined, undefined, undefined, undefined],
      );
    });

    it('makes rows of a list, by position', () => {
      assert.deepEqual(rows(['x', 'y']), [
        ['0', 'x'],
        ['1', 'y'],
      ]);
    });

    it('shows 200 rows of a flood and counts the rest', () => {
      const { content } = modal({
        content: Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`k${at}`, at])),
      });
      assert.equal(content.kind === 'rows' && content.rows.length, 200);
      assert.equal(content.kind === 'rows' && content.left, 4_800);
    });

    it('cuts what is longer than a dialog is good for', () => {
      const { title, content } = modal({ title: 'x'.repeat(10_000), content: 'y'.repeat(1_000_000) });
      assert.isAtMost(title.length, 200);
      assert.isAtMost(content.kind === 'text' ? content.text.length : 0, 10_001);
    });
  });

  describe('plugin:showConfirm', () => {
    it('has the defaults of the contract', () => {
      const { id, ...rest } = confirm();
      assert.match(String(id), /^confirm-\d{13}$/);
      assert.deepEqual(rest, {
        type: 'confirm',
        title: 'Confirm',
        message: 'Are you sure?',
        confirmText: 'Confirm',
        cancelText: 'Cancel',
        variant: 'primary',
      });
    });

    it('takes what it is given', () => {
      const given = {
        id: 'confirm-1',
        title: 'Delete board',
        message: 'All of it?\nReally?',
        confirmText: 'Delete',
        cancelText: 'Keep',
        variant: 'danger' as const,
      };
      assert.deepEqual(confirm(given), { type: 'confirm', ...given });
    });

    for (const empty of NO_TEXT) {
      it(`has the defaults for ${JSON.stringify(empty)} everywhere`, () => {
        const message = confirm({
          title: empty,
          message: empty,
          confirmText: empty,
          cancelText: empty,
          variant: empty,
        });
        assert.deepInclude(message, { title: 'Confirm', message: 'Are you sure?', confirmText: 'Confirm' });
        assert.deepInclude(message, { cancelText: 'Cancel', variant: 'primary' });
      });
    }
  });

  describe('ids', () => {
    it('go back as they came, numbers too', () => {
      assert.equal(confirm({ id: 7 }).id, 7);
      assert.equal(confirm({ id: ' a\u202eb ' }).id, ' a\u202eb ');
    });

    for (const id of ['', 0, null, {}, [], 'x'.repeat(1_001)]) {
      it(`are made up for ${JSON.stringify(id).slice(0, 20)}`, () => assert.match(String(modal({ id }).id), /^modal-/));
    }
  });

  describe('plugin:showToast', () => {
    it('has the defaults of the contract', () => {
      assert.deepEqual(toast(), { type: 'toast', message: '', variant: 'info', durationMs: 3_000 });
    });

    for (const variant of ['info', 'success', 'error', 'warning'] as const) {
      it(`can be ${variant}`, () => assert.equal(toast({ variant }).variant, variant));
    }

    for (const variant of ['danger', 'constructor', '', 1, null]) {
      it(`is info for ${JSON.stringify(variant)}`, () => assert.equal(toast({ variant }).variant, 'info'));
    }

    for (const [duration, durationMs] of [
      [0, 3_000],
      [-5, 3_000],
      ['9000', 3_000],
      [1, 1_000],
      [4_500, 4_500],
      [1e9, 10_000],
    ]) {
      it(`stays ${durationMs} ms for ${JSON.stringify(duration)}`, () => {
        assert.equal(toast({ duration }).durationMs, durationMs);
      });
    }
  });

  describe('plugin:showUserPicker', () => {
    it('may name the present user', () => {
      const type = 'plugin:showUserPicker';
      assert.deepEqual(read({ type, currentUserId: 12 }), { type: 'pick-user', currentUserId: 12 });
      assert.deepEqual(read({ type, currentUserId: 'u-1' }), { type: 'pick-user', currentUserId: 'u-1' });
      assert.deepEqual(read({ type, currentUserId: {} }), { type: 'pick-user', currentUserId: undefined });
    });
  });

  describe('anything else', () => {
    it('of an unknown type is left to the host app', () => {
      const message = { type: 'acme:open', item: 1 };
      assert.deepEqual(read(message), { type: 'other', message });
      assert.deepEqual(read({ type: 'host:modalResult' })?.type, 'other');
    });

    for (const data of [undefined, null, 'plugin:ready', 7, [], {}, { type: 7 }, { type: ['plugin:ready'] }]) {
      it(`such as ${JSON.stringify(data)} is not a message`, () => assert.isUndefined(page.read(data)));
    }
  });

  it('U11: makes what hides or reorders text visible, and keeps markup as text', () => {
    const { title, message } = confirm({ title: 'a\u202egnp.exe\u0000', message: '<b>x</b>\u200b\r\nnext\u2066' });
    assert.equal(title, 'a\\u202egnp.exe\\u0000');
    assert.equal(message, '<b>x</b>\\u200b\nnext\\u2066');
  });
});
