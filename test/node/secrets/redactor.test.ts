import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ClocheError } from '../../../src/errors.ts';
import { Redactor } from '../../../src/secrets/redactor.ts';

const VALUE = 'sk-0123456789';
const HANDLE = '{{secret:token}}';

function redactor(): Redactor {
  const made = new Redactor();
  made.know('p', 'token', VALUE);
  return made;
}
const redacted = <T>(value: T, plugin = 'p'): T => redactor().redact(plugin, value);
const bytes = (text: string) => new TextEncoder().encode(text);

describe('redacting', () => {
  it('puts the handle in the place of the secret, wherever and how often it stands', () => {
    assert.equal(redacted(`a ${VALUE}${VALUE} b`), `a ${HANDLE}${HANDLE} b`);
    assert.equal(redacted(VALUE), HANDLE);
    assert.equal(redacted('nothing'), 'nothing');
  });

  it('does the same in bytes, and leaves those alone that have none', () => {
    const same = bytes(`sk-0sk-012345678 ${'x'.repeat(100)}`);
    assert.equal(redacted(same), same);
    assert.deepEqual(redacted(bytes(`sk-0${VALUE}ü${VALUE}`)), bytes(`sk-0${HANDLE}ü${HANDLE}`));
  });

  it('is about the secrets of one plugin', () => {
    assert.equal(redacted(VALUE, 'q'), VALUE);
  });

  it('takes a value for what it is, not for an expression or a replacement', () => {
    const made = new Redactor();
    made.know('p', 'a', '$&.*(x)$1');
    assert.equal(made.redact('p', '[$&.*(x)$1]'), '[{{secret:a}}]');
  });

  it('hides the longer of two where one holds the other', () => {
    for (const names of [
      ['a', 'ab'],
      ['ab', 'a'],
    ]) {
      const made = new Redactor();
      for (const name of names) made.know('p', name, name === 'a' ? '12345678' : '12345678-9');
      assert.equal(made.redact('p', '12345678-9 12345678'), '{{secret:ab}} {{secret:a}}');
    }
  });

  it('knows all that a schema may have, however long they are, and forgets what was read longest ago', () => {
    const made = new Redactor();
    made.know('p', 'long', `${VALUE}${'x'.repeat(1_000)}`);
    for (let at = 1; at < 200; at++) made.know('p', `s${at}`, `secret-${at}-of-many`);
    assert.equal(made.redact('p', `${VALUE}${'x'.repeat(1_000)}`), '{{secret:long}}');
    for (let at = 0; at < 256; at++) made.know('p', 'later', `later-${at}-of-many`);
    assert.equal(made.redact('p', 'later-0-of-many'), '{{secret:later}}');
    assert.equal(made.redact('p', 'secret-1-of-many'), 'secret-1-of-many');
  });

  it('hides it as JSON writes it, which is how most answers give back what they got', () => {
    const made = new Redactor();
    const value = String.raw`a"b\c/012345`;
    made.know('p', 'token', value);
    const echo = JSON.stringify({ headers: { authorization: `Bearer ${value}` } });
    assert.equal(made.redact('p', echo), `{"headers":{"authorization":"Bearer ${HANDLE}"}}`);
    assert.deepEqual(made.redact('p', bytes(echo)), bytes(`{"headers":{"authorization":"Bearer ${HANDLE}"}}`));
  });

  it('still knows a value that was replaced', () => {
    const made = redactor();
    made.know('p', 'token', 'another one');
    assert.equal(made.redact('p', `${VALUE} another one`), `${HANDLE} ${HANDLE}`);
  });

  it('hides it in all texts of an error, which stays the same error', () => {
    const cause = new Error(`below: ${VALUE}`);
    const error = new ClocheError('PLUGIN_ERROR', `it said ${VALUE}`, {
      detail: VALUE,
      needs: { http: { allow: [`https://${VALUE}/`] } },
      cause,
    });
    assert.equal(redacted(error), error);
    for (const text of [
      error.message,
      error.stack,
      error.detail,
      JSON.stringify(error.needs),
      cause.message,
      cause.stack,
    ]) {
      assert.ok(text?.includes(HANDLE) && !text.includes(VALUE), text);
    }
  });

  it('hides it in data, keys too', () => {
    assert.deepEqual(redacted({ [VALUE]: [VALUE, 1, null, { a: VALUE }] }), {
      [HANDLE]: [HANDLE, 1, null, { a: HANDLE }],
    });
  });

  const nested = (depth: number, inner: unknown): unknown =>
    depth === 0 ? inner : depth % 2 === 0 ? [nested(depth - 1, inner)] : { a: nested(depth - 1, inner) };

  it('looks into data that lies deep, and gives no data further that nobody has looked into', () => {
    assert.deepEqual(redacted(nested(60, VALUE)), nested(60, HANDLE));
    for (const depth of [70, 1_000]) {
      const text = JSON.stringify(redacted(nested(depth, VALUE)));
      assert.ok(!text.includes(VALUE) && text.includes('too deep'), text);
    }
    let cause: unknown = VALUE;
    for (let depth = 0; depth < 70; depth++) cause = new Error('x', { cause });
    for (let at = redacted(cause); at instanceof Error; at = at.cause) assert.notEqual(at.cause, VALUE);
  });

  it('comes to an end with data that holds itself, and keeps its shape', () => {
    const ring: Record<string, unknown> = { text: VALUE, ['__proto__']: 1 };
    ring.self = ring;
    ring.twice = [ring, ring];
    const hidden = redacted(ring);
    assert.equal(hidden.text, HANDLE);
    assert.equal(hidden.self, hidden);
    assert.deepEqual(hidden.twice, [hidden, hidden]);
  });

  it('leaves no occurrence, in text or in bytes', () => {
    const part = fc.constantFrom(VALUE, 'sk-', '0123', 'sk-01234567', 'ä', HANDLE, '');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        assert.ok(!redacted(text).includes(VALUE));
        assert.equal(new TextDecoder().decode(redacted(bytes(text))), redacted(text));
      }),
    );
  });
});
