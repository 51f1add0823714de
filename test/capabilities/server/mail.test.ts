import { assert } from 'chai';
import { mail } from '../../../src/capabilities/server/mail.ts';
import { addressIn, covers, patternIn } from '../../../src/capabilities/server/mail-address.ts';
import { ClocheError } from '../../../src/errors.ts';
import { throwsCode } from '../../helpers/expect-code.ts';
import { textsOf } from '../../helpers/sentences.ts';
import { answering, hear, hearAll, served, whenFailed } from '../hear.ts';

const MAIL = { to: ['ann@example.com'], subject: 'Hello', text: 'Hi' };
const OK = { status: 'ok' };

const error = (text: string) => `{"status":"error","error":"${text}"}`;

describe('mail', () => {
  describe('before any service', () => {
    for (const request of ['', 'x', '[]', '{"to":"ann@example.com"}', '{"to":[1]}', '{"headers":{"X-A":1}}']) {
      it(`hears offset 0 for ${JSON.stringify(request)}`, async () => {
        assert.isNull(await hear(mail(served(OK)), 'smtp_send', request));
      });
    }

    it('hears offset 0 for what is not a block of memory', async () => {
      assert.isNull(await whenFailed(mail(), 'smtp_send', new ClocheError('ARGUMENT_UNREADABLE', 'argument 1')));
    });

    it('hears "smtp sender not configured" without a relay, whatever the mail', async () => {
      for (const request of [MAIL, {}, { ...MAIL, subject: 'a\nb' }]) {
        const heard = await hearAll(mail(), 'smtp_send', request);
        assert.deepEqual([heard.text, heard.outcome], [error('smtp sender not configured'), 'NEEDS_SERVER']);
      }
    });

    it('hears "no plugin context" while it is only asked about itself', async () => {
      assert.equal(await hear(mail(), 'smtp_send', MAIL, { describing: true }), error('no plugin context'));
    });
  });

  it('sends the fields of the contract: two always, the others when they say something', async () => {
    const { relay, sent, urls } = answering(OK);
    const full = {
      to: ['Ann <ann@example.com>', '"Doe, Jo" <jo@example.com>'],
      cc: ['cc@example.com'],
      bcc: ['bcc@example.com'],
      subject: 'Grüße & <Kisses>',
      text: 'a\r\nb\u2028c',
      html: '<p>a</p>',
      headers: { 'X-B': '2', 'Reply-To': 'ann@example.com' },
    };
    assert.equal(await hear(mail({ relay }), 'smtp_send', { ...full, from: 'eve@example.com' }), '{"status":"ok"}');
    await hear(mail({ relay }), 'smtp_send', '{"cc":[],"text":"","headers":null}');
    assert.deepEqual(
      sent.map((request) => request.arguments),
      [full, { to: [], subject: '' }],
    );
    assert.deepEqual(urls, ['https://relay.example/v1/smtp_send', 'https://relay.example/v1/smtp_send']);
  });

  it("passes the sender's own error on", async () => {
    const answer = { status: 'error', error: '550 no such mailbox' };
    assert.equal(await hear(mail(served(answer)), 'smtp_send', MAIL), error('550 no such mailbox'));
  });

  describe('N12: header injection', () => {
    const injections: [what: string, request: object, heard: RegExp][] = [
      ['a line break in the subject', { subject: 'a\r\nBcc: eve@example.com' }, /subject has a line break/],
      ['a bare CR in the subject', { subject: 'a\rb' }, /subject has a line break/],
      ['a NUL in the subject', { subject: 'a\u0000b' }, /subject has a line break/],
      ['a line separator in the subject', { subject: 'a\u2028b' }, /subject has a line break/],
      ['a line break in a recipient', { to: ['ann@example.com\r\nBcc: eve@example.com'] }, /not a mail address/],
      ['a line break in a display name', { to: ['Ann\n <ann@example.com>'] }, /not a mail address/],
      ['two recipients in one', { to: ['ann@example.com, eve@example.com'] }, /not a mail address/],
      ['a recipient in a display name', { to: ['eve@example.com <ann@example.com>'] }, /not a mail address/],
      ['two pairs of brackets', { to: ['<ann@example.com> <eve@example.com>'] }, /not a mail address/],
      ['a group', { to: ['list: ann@example.com;'] }, /not a mail address/],
      ['a comment', { to: ['ann(eve@example.com)@example.com'] }, /not a mail address/],
      ['an option of a mailer', { cc: ['-oQ/tmp'] }, /not a mail address/],
      ['no address', { bcc: [''] }, /not a mail address/],
      ['a header that adds recipients', { headers: { bcc: 'eve@example.com' } }, /header bcc may not be set/],
      ['a header that resends', { headers: { 'Resent-To': 'eve@example.com' } }, /header Resent-To may not be set/],
      ['a header that names a sender', { headers: { From: 'eve@example.com' } }, /header From may not be set/],
      ['a header that changes the body', { headers: { 'Content-Type': 'text/html' } }, /may not be set/],
      ['a line break in a header', { headers: { 'X-A': 'a\nBcc: eve@example.com' } }, /header X-A has a line break/],
      ['a line break in the name of a header', { headers: { 'X-A: a\r\nBcc': 'x' } }, /not a header name/],
      ['a colon in the name of a header', { headers: { 'Bcc:': 'x' } }, /not a header name/],
      [
        'an encoded line break in the subject',
        { subject: '=?utf-8?B?SGkNCkJjYzogZXZl?=' },
        /subject hides a line break/,
      ],
      ['a quoted line break in the subject', { subject: 'a =?x?=?UTF-8?q?=0D=0Ab?=' }, /subject hides a line break/],
      ['an encoded word in UTF-7', { subject: '=?utf-7?Q?+AA0ACg-?=' }, /subject hides a line break/],
      [
        'an encoded line break in a name',
        { to: ['=?utf-8?Q?a=0Ab?= <ann@example.com>'] },
        /recipient hides|not a mail/,
      ],
      [
        'an encoded line break in a header',
        { headers: { 'X-A': '=?utf-8?B?DQo=?=' } },
        /header X-A hides a line break/,
      ],
      [
        'a second address for answers',
        { headers: { 'Reply-To': 'a@b.example', 'reply-to': 'x@y.example' } },
        /given twice/,
      ],
      [
        'two addresses for answers in one',
        { headers: { 'Reply-To': 'a@b.example, x@y.example' } },
        /not a mail address/,
      ],
      ['a way to another server', { to: ['evil%evil.example@example.com'] }, /not a mail address/],
      ['a way to another server, in bangs', { cc: ['evil.example!eve@example.com'] }, /not a mail address/],
      ['a way to a program', { cc: ['|sh@example.com'] }, /not a mail address/],
      ['a route', { bcc: ['@a.example,@b.example:ann@example.com'] }, /not a mail address/],
      ['an invisible letter', { to: ['an\u200bn@example.com'] }, /not a mail address/],
      ['a letter that folds to another', { to: ['\uff41nn@example.com'] }, /not a mail address/],
      ['a header without a name', { headers: { '': 'x' } }, /not a header name/],
    ];
    for (const [what, change, heard] of injections) {
      it(`N12: refuses ${what}, without asking the relay`, async () => {
        const { relay, sent } = answering(OK);
        const { text, outcome } = await hearAll(mail({ relay }), 'smtp_send', { ...MAIL, ...change });
        const said = JSON.parse(text ?? '') as { status: string; error: string };
        assert.deepEqual([said.status, outcome], ['error', 'ok']);
        assert.match(said.error, heard);
        assert.isEmpty(sent);
      });
    }

    it('N12: the same fields without the injection go through', async () => {
      const { relay, sent } = answering(OK);
      const harmless = {
        ...MAIL,
        cc: ['Ann <ann@example.com>'],
        subject: 'a\tb =?utf-8?Q?=C3=BC?=',
        headers: { 'X-A': 'a Bcc: b' },
      };
      assert.equal(await hear(mail({ relay }), 'smtp_send', harmless), '{"status":"ok"}');
      assert.deepEqual(sent[0]?.arguments, harmless);
    });
  });

  describe('scope', () => {
    const grant = { to: ['ann@example.com', '*@example.org'] };

    for (const to of ['ann@example.com', 'ANN@Example.COM', 'Eve <anybody@example.org>']) {
      it(`covers ${to}`, async () => {
        assert.equal(await hear(mail(served(OK)), 'smtp_send', { ...MAIL, to: [to] }, { grant }), '{"status":"ok"}');
      });
    }

    const strangers: [field: string, recipient: string][] = [
      ['to', 'eve@example.com'],
      ['cc', 'eve@example.com'],
      ['bcc', 'eve@example.com'],
      ['to', 'ann@example.com.evil.example'],
      ['to', 'ann@sub.example.org'],
      ['to', 'ann@evilexample.org'],
      ['to', 'ann@example.org.'],
      ['to', 'ann@example.com@evil.example'],
      ['to', 'evil%evil.example@example.org'],
      ['bcc', 'evil.example!evil@example.org'],
    ];
    for (const [field, recipient] of strangers) {
      it(`refuses ${recipient} in \`${field}\`, without asking the relay`, async () => {
        for (const facts of [{ grant }, { policy: grant }]) {
          const { relay, sent } = answering(OK);
          const heard = await hearAll(mail({ relay }), 'smtp_send', { ...MAIL, [field]: [recipient] }, facts);
          assert.match(heard.text ?? '', /recipient not allowed|not a mail address/);
          assert.isEmpty(sent);
        }
      });
    }

    it('covers who gets the answers as well', async () => {
      for (const [header, ok] of [
        ['Ann <ann@example.com>', true],
        ['eve@x.example', false],
      ] as const) {
        const { relay, sent } = answering(OK);
        const request = { ...MAIL, headers: { 'REPLY-to': header } };
        const heard = await hearAll(mail({ relay }), 'smtp_send', request, { grant });
        assert.deepEqual([heard.outcome, sent.length], ok ? ['ok', 1] : ['PERMISSION_DENIED', 0]);
      }
    });

    it('says who is not allowed, as a denial', async () => {
      const heard = await hearAll(mail(served(OK)), 'smtp_send', { ...MAIL, cc: ['Eve <eve@x.example>'] }, { grant });
      assert.equal(heard.text, error('recipient not allowed: eve@x.example'));
      assert.equal(heard.outcome, 'PERMISSION_DENIED');
    });

    it('is told on the consent page', () => {
      const { scope } = mail();
      assert.deepEqual(textsOf(scope?.describe(scope.parse({ to: ['Ann@Example.com', '*@EXAMPLE.org'] }, 'grant'))), [
        'Send e-mail by the server of this site, to ann@example.com, everybody at example.org.',
      ]);
      assert.match(textsOf(scope?.describe(undefined))?.[0] ?? '', /to everybody whom that server lets it write to/);
      assert.match(textsOf(scope?.describe({ to: [] }))?.[0] ?? '', /to nobody/);
    });

    for (const to of [
      '*',
      '*@',
      '@example.com',
      'ann',
      'a*@example.com',
      '**@example.com',
      'Ann <ann@example.com>',
      'ann@*.example.com',
    ]) {
      it(`refuses ${to} as a pattern`, () => {
        throwsCode('OPTION_INVALID', () => mail().scope?.parse({ to: [to] }, 'grant.mail'), /grant\.mail\.to\[0\]/);
      });
    }
  });
});

describe('mail addresses', () => {
  it('are compared without regard to case, in ASCII only', () => {
    assert.equal(addressIn('Ann <ANN@Example.com>'), 'ann@example.com');
    assert.isTrue(covers(patternIn('*@Example.com') ?? '', 'ann@example.com'));
    assert.isFalse(covers('bosk@example.com', addressIn('bos\u212a@example.com') ?? ''));
  });
});
