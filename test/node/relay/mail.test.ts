import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { matchesMailPattern, readMailAddress, readMailPattern } from '../../../demo/relay/mail-address.ts';
import { freePort, type RelayUnderTest, startRelay, until } from './relay-under-test.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

const mail = { to: ['ann@example.com'], subject: 'Standup', text: 'Who is blocked?' };

describe('smtp_send', () => {
  let relay: RelayUnderTest;
  let smtp: SmtpSink;
  before(async () => {
    smtp = await startSmtpSink();
    relay = await startRelay({ smtp: { url: smtp.url, connections: 2 }, limits: { recipients: 5 } });
  });
  after(async () => {
    await relay.end();
    await smtp.close();
  });
  afterEach(() => {
    smtp.behave = {};
  });

  it('sends text and HTML to all kinds of recipients, from the sender of the grant', async () => {
    const key = crypto.randomUUID();
    const { status, body } = await relay.call(
      'smtp_send',
      {
        to: ['Ann Lee <ann@example.com>', 'bob@EXAMPLE.com'],
        cc: ['ann@partner.example'],
        bcc: ['hidden@example.com'],
        subject: 'Grüße, – all',
        text: 'Plain\n.\nafter a lone dot',
        html: '<b>Bold</b>',
        headers: { 'X-Standup': 'daily', 'Reply-To': 'Team <team@example.com>', 'In-Reply-To': '<1@example.com>' },
      },
      { key },
    );
    assert.deepEqual([status, body], [200, { result: { status: 'ok' } }]);
    const got = smtp.received.at(-1);
    assert.equal(got?.messageId, `${key}@example.com`);
    assert.equal(got.from, 'standup@example.com');
    assert.deepEqual(got.to, ['ann@example.com', 'bob@example.com', 'ann@partner.example', 'hidden@example.com']);
    assert.match(got.source, /^From: Standup <standup@example.com>\r$/m);
    assert.match(got.source, /^To: Ann Lee <ann@example.com>, bob@example.com\r$/m);
    assert.match(got.source, /^X-Standup: daily\r$/m);
    assert.match(got.source, /^Reply-To: Team <team@example.com>\r$/m);
    assert.match(got.source, /^Subject: =\?UTF-8\?/m);
    assert.match(got.source, /<b>Bold<\/b>/);
    assert.match(got.source, /after a lone dot/);
    assert.ok(!got.source.includes('hidden@example.com'));
  });

  for (const [what, change, error] of [
    ['no recipient', { to: [] }, /^to is required$/],
    ['null for the recipients', { to: null }, /^to is required$/],
    ['too many recipients', { to: Array(6).fill('ann@example.com') }, /^more than 5 recipients$/],
    ['a word for an address', { to: ['ann'] }, /^not a mail address: "ann"$/],
    ['two addresses in one', { to: ['ann@example.com, eve@evil.example'] }, /^not a mail address/],
    ['a group', { to: ['Team: ann@example.com;'] }, /^not a mail address/],
    ['an address in a comment', { to: ['ann@example.com (eve@evil.example)'] }, /^not a mail address/],
    ['an address inside an address', { to: ['<eve@evil.example>ann@example.com'] }, /^not a mail address/],
    ['a number for a domain', { to: ['ann@2130706433'] }, /^not a mail address/],
    ['an IP literal', { to: ['ann@[127.0.0.1]'] }, /^not a mail address/],
  ] as const) {
    it(`answers an error to ${what}`, async () => {
      const count = smtp.received.length;
      const { status, body } = await relay.call('smtp_send', { ...mail, ...change });
      assert.equal(status, 200);
      assert.equal(body.result.status, 'error');
      assert.match(String(body.result.error), error);
      assert.equal(smtp.received.length, count);
    });
  }

  for (const [what, change] of [
    ['a recipient', { to: ['ann@example.com\r\nBcc: eve@evil.example'] }],
    ["a recipient's name", { to: ['Ann\r\nBcc: eve@evil.example <ann@example.com>'] }],
    ['a copy', { cc: ['ann@example.com\nX: y'] }],
    ['a blind copy', { bcc: ['ann@example.com\r'] }],
    ['the subject', { subject: 'Hi\r\nBcc: eve@evil.example' }],
    ['the subject, with LF only', { subject: 'Hi\nBcc: eve@evil.example' }],
    ['the subject, with CR only', { subject: 'Hi\rBcc: eve@evil.example' }],
    ['the subject, as a line separator', { subject: 'Hi\u2028Bcc: eve@evil.example' }],
    ['a header', { headers: { 'X-A': 'b\r\nBcc: eve@evil.example' } }],
    ["a header's name", { headers: { 'X-A: b\r\nBcc': 'eve@evil.example' } }],
    ['a reply address', { headers: { 'Reply-To': 'ann@example.com\r\nBcc: eve@evil.example' } }],
  ] as const) {
    it(`N12: sends nothing when a line break is in ${what}`, async () => {
      const count = smtp.received.length;
      const { status, body } = await relay.call('smtp_send', { ...mail, ...change });
      assert.deepEqual([status, body.result.status], [200, 'error']);
      assert.equal(smtp.received.length, count);
    });
  }

  const hidden = Buffer.from('Hi\r\nBcc: eve@evil.example').toString('base64');
  for (const [what, change] of [
    ['the subject, in base64', { subject: `=?utf-8?B?${hidden}?=` }],
    ['the subject, among other words', { subject: `Re: =?utf-8?Q?Gr=C3=BC?= =?UTF-8?q?=0d=0aBcc:_eve?=` }],
    ['the subject, in a word in a word', { subject: `=?x?=?utf-8?B?${hidden}?=` }],
    ["a recipient's name", { to: [`=?utf-8?B?${hidden}?= <ann@example.com>`] }],
    ["a recipient's name in quotes", { cc: [`"=?utf-8?Q?a=0Ab?=" <ann@example.com>`] }],
    ["a blind recipient's name", { bcc: [`=?utf-8?Q?=00?= <ann@example.com>`] }],
    ['a header', { headers: { 'X-A': `=?utf-8?B?${hidden}?=` } }],
    ['the name of who gets the answers', { headers: { 'Reply-To': `=?utf-8?B?${hidden}?= <ann@example.com>` } }],
  ] as const) {
    it(`N12: sends nothing when an encoded word hides a line break in ${what}`, async () => {
      const count = smtp.received.length;
      const { status, body } = await relay.call('smtp_send', { ...mail, ...change });
      assert.deepEqual([status, body.result.status], [200, 'error']);
      assert.match(String(body.result.error), /hides a line break|not a mail address/);
      assert.equal(smtp.received.length, count);
    });
  }

  it('sends encoded words that hide nothing', async () => {
    const subject = '=?utf-8?B?R3LDvMOfZQ==?= =?iso-8859-1?Q?Gr=FC=DFe_a?=';
    const { body } = await relay.call('smtp_send', { ...mail, subject });
    assert.deepEqual(body, { result: { status: 'ok' } });
    assert.ok(smtp.received.at(-1)?.source.includes('=?utf-8?B?R3LDvMOfZQ==?='));
  });

  for (const headers of [
    { 'Reply-To': 'ann@example.com', 'reply-to': 'eve@evil.example' },
    { 'reply-to': 'eve@evil.example', 'Reply-To': 'ann@example.com' },
    { 'REPLY-TO': 'ann@example.com', 'Reply-To': 'ann@example.com' },
    { 'X-A': '1', 'x-a': '2' },
    { 'List-Unsubscribe': '<mailto:a@example.com>', 'LIST-unsubscribe': '<mailto:eve@evil.example>' },
  ]) {
    it(`N12: sends nothing when a header is given twice: ${Object.keys(headers).join(', ')}`, async () => {
      const count = smtp.received.length;
      const { body } = await relay.call('smtp_send', { ...mail, headers });
      assert.match(String(body.result.error), /is given twice$/);
      assert.equal(smtp.received.length, count);
    });
  }

  for (const address of [
    'evil%evil.example@example.com',
    'evil.example!eve@example.com',
    'eve%evil.example%relay.example@example.com',
    '"eve@evil.example"@example.com',
    '"eve%evil.example"@example.com',
    '@example.com,@relay.example:eve@evil.example',
    '<@relay.example:eve@example.com>',
    '@relay.example:ann@example.com',
    'eve@evil.example(@example.com',
    '|/bin/sh@example.com',
    '/etc/passwd@example.com',
    '-oQ/tmp@example.com',
    'eve\u0040evil.example\u3002@example.com',
    'eve\uff05evil.example@example.com',
    'eve\u2474@example.com',
    'ann@exampl\u0435.com',
    'ann@example\u3002com',
    'a\u200bnn@example.com',
    'a\u202enn@example.com',
    'Ann \u202emoc.elpmaxe@nna <ann@example.com>',
    'bos\u212a@partner.example',
  ]) {
    it(`N11: sends nothing to ${JSON.stringify(address)}, whom "*@example.com" does not cover`, async () => {
      for (const change of [{ to: [address] }, { bcc: [address] }, { headers: { 'Reply-To': address } }]) {
        const count = smtp.handedOver.length;
        const { status, body } = await relay.call('smtp_send', { ...mail, ...change });
        assert.ok(status === 403 || body.result.status === 'error', JSON.stringify(body));
        assert.equal(smtp.handedOver.length, count);
      }
    });
  }

  for (const name of [
    'From',
    'Sender',
    'To',
    'cc',
    'BCC',
    'Subject',
    'Date',
    'Message-ID',
    'Return-Path',
    'Received',
    'MIME-Version',
    'Content-Type',
    'Content-Transfer-Encoding',
    'DKIM-Signature',
    'Authentication-Results',
    'Resent-To',
    'Disposition-Notification-To',
    'X-',
    'X Y',
    '',
  ]) {
    it(`N12: sends nothing when a plugin sets the header "${name}"`, async () => {
      const count = smtp.received.length;
      const { body } = await relay.call('smtp_send', { ...mail, headers: { [name]: 'eve@evil.example' } });
      assert.equal(body.result.status, 'error');
      assert.equal(smtp.received.length, count);
    });
  }

  for (const [what, change] of [
    ['a stranger', { to: ['eve@evil.example'] }],
    ['a stranger in copy', { cc: ['eve@evil.example'] }],
    ['a stranger in blind copy', { bcc: ['eve@evil.example'] }],
    ['a stranger as reply address', { headers: { 'Reply-To': 'eve@evil.example' } }],
    ['a domain that ends like a granted one', { to: ['eve@evilexample.com'] }],
    ['a part of a granted domain', { to: ['eve@sub.example.com'] }],
    ['a granted person elsewhere', { to: ['ann@partner.example.evil.example'] }],
    ['another person beside a granted one', { to: ['eve@partner.example'] }],
  ] as const) {
    it(`N11: answers 403 to ${what}`, async () => {
      const count = smtp.received.length;
      const { status, body } = await relay.call('smtp_send', { ...mail, ...change });
      assert.deepEqual([status, body.code], [403, 'forbidden']);
      assert.equal(smtp.received.length, count);
    });
  }

  it('N12: takes a path or URL in a text as text', async () => {
    const text = '{"path":"/etc/passwd"}';
    await relay.call('smtp_send', { ...mail, text });
    assert.ok(smtp.received.at(-1)?.source.includes(text));
    const { status } = await relay.call('smtp_send', { ...mail, html: { path: '/etc/passwd' } });
    assert.equal(status, 400);
  });

  it("passes the server's reasons on", async () => {
    smtp.behave = { refuseMail: true };
    const mailRefused = await relay.call('smtp_send', mail);
    smtp.behave = { refuseRecipient: 'ann@example.com' };
    const allRefused = await relay.call('smtp_send', mail);
    const oneRefused = await relay.call('smtp_send', { ...mail, to: ['ann@example.com', 'bob@example.com'] });
    assert.match(String(mailRefused.body.result.error), /^the mail server refused the mail: 554 Not today/);
    assert.match(String(allRefused.body.result.error), /^the mail server refused the mail: 550 No such person/);
    assert.match(
      String(oneRefused.body.result.error),
      /^sent to 1 recipients, but the mail server refused ann@example.com: 550 No such person/,
    );
    assert.deepEqual(smtp.received.at(-1)?.to, ['bob@example.com']);
  });

  it('answers 504 when the deadline passes while the server has the mail, and keeps how it ended', async () => {
    smtp.behave = { holdMs: 400 };
    const key = crypto.randomUUID();
    const late = await relay.call('smtp_send', mail, { key, deadlineMs: 150 });
    const meanwhile = await relay.call('smtp_send', mail, { key });
    assert.deepEqual([late.status, late.body.code], [504, 'deadline']);
    assert.equal(meanwhile.body.code, 'in_progress');
    let again = meanwhile;
    while (again.body.code === 'in_progress') again = await relay.call('smtp_send', mail, { key });
    assert.deepEqual(again.body, { result: { status: 'ok' } });
    assert.equal(smtp.received.filter(({ messageId }) => messageId.startsWith(key)).length, 1);
  });

  it('drops a mail whose deadline passes while it waits for its turn', async () => {
    smtp.behave = { holdMs: 400 };
    const count = smtp.handedOver.length;
    const before = [relay.call('smtp_send', mail), relay.call('smtp_send', mail)];
    await until(() => smtp.handedOver.length === count + 2);
    const key = crypto.randomUUID();
    const late = await relay.call('smtp_send', mail, { key, deadlineMs: 100 });
    await Promise.all(before);
    smtp.behave = {};
    assert.equal(late.body.code, 'deadline');
    assert.equal(smtp.handedOver.filter((source) => source.includes(key)).length, 0);
    assert.deepEqual((await relay.call('smtp_send', mail, { key })).body.result, { status: 'ok' });
  });
});

describe('smtp_send without a server', () => {
  it('keeps mails as files, blind copies included', async () => {
    const relay = await startRelay();
    const key = crypto.randomUUID();
    const { body } = await relay.call('smtp_send', { ...mail, bcc: ['hidden@example.com'] }, { key });
    assert.deepEqual(body.result, { status: 'ok' });
    const folder = join(relay.folder, 'outbox');
    assert.deepEqual(readdirSync(folder), [`${key}@example.com.eml`]);
    const source = readFileSync(join(folder, `${key}@example.com.eml`), 'utf8');
    assert.match(source, /^To: ann@example.com\r?$/m);
    assert.match(source, /^Bcc: hidden@example.com\r?$/m);
    assert.match(source, /Who is blocked\?/);
    await relay.end();
  });

  it('says that the server cannot be reached, without its address', async () => {
    const port = await freePort();
    const relay = await startRelay({ smtp: { url: `smtp://user:secret@127.0.0.1:${port}` } });
    const { status, body } = await relay.call('smtp_send', mail);
    assert.equal(status, 200);
    assert.deepEqual(body.result, { status: 'error', error: 'the mail server could not be reached (ECONNREFUSED)' });
    await relay.end();
  });
});

describe('mail addresses', () => {
  for (const [text, address] of [
    ['ann@example.com', 'ann@example.com'],
    [' Ann@EXAMPLE.com ', 'Ann@example.com'],
    ['Ann <ann@example.com>', 'ann@example.com'],
    ['"Lee, Ann" <ann+tag@example.com>', 'ann+tag@example.com'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann', undefined],
    ['@example.com', undefined],
    ['ann@', undefined],
    ['ann@@example.com', undefined],
    ['a b@example.com', undefined],
    ['.ann@example.com', undefined],
    ['ann..lee@example.com', undefined],
    ['ann@example..com', undefined],
    ['ann@-example.com', undefined],
    ['ann@example.com.', undefined],
    ['ann@exa%6dple.com', undefined],
    ['ann@0x7f.1', undefined],
    ['"ann"@example.com', undefined],
    ['<ann@example.com> <eve@evil.example>', undefined],
    [`${'a'.repeat(65)}@example.com`, undefined],
    ['ann@example.com\0', undefined],
    ['ann%x@example.com', undefined],
    ['x!ann@example.com', undefined],
    ['-ann@example.com', undefined],
    ['\uff41nn@example.com', undefined],
    ['J\u00f6rg+tag@example.com', 'J\u00f6rg+tag@example.com'],
    ["o'neil_a-b@example.com", "o'neil_a-b@example.com"],
  ] as const) {
    it(`reads ${JSON.stringify(text)} as ${address ?? 'no address'}`, () => {
      assert.equal(readMailAddress(text)?.address, address);
    });
  }

  it('are compared without regard to case, in ASCII only', () => {
    const covers = (pattern: string, text: string) => {
      const address = readMailAddress(text);
      return address !== undefined && matchesMailPattern(readMailPattern(pattern) ?? '', address);
    };
    assert.ok(covers('Bosk@example.com', 'BOSK@EXAMPLE.com'));
    assert.ok(!covers('bosk@example.com', 'bos\u212a@example.com'));
    assert.ok(covers('*@b\u00fccher.example', 'ann@B\u00dcCHER.example'));
  });

  it('knows three forms of pattern', () => {
    assert.deepEqual(['*', '*@Example.com', 'Ann@example.com'].map(readMailPattern), [
      '*',
      '*@example.com',
      'ann@example.com',
    ]);
    for (const wrong of ['', '*@', '*@*', '*.example.com', 'a*@example.com', 'Ann <ann@example.com>', '**']) {
      assert.equal(readMailPattern(wrong), undefined, wrong);
    }
  });
});
