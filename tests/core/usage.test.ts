// The usage line is the grammar: what each kind of word in it takes, and what stays text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WrittenTime } from '../../src/core/time/index.js';
import { namesIn, parseUsage, plainWords, readFields, readWords } from '../../src/core/usage.js';
import { ana, bob, context, declare, instant, read, refusal } from '../helpers/words.js';

describe('keys', () => {
  test('are read wherever they stand, and the rest is the text', () => {
    expect(read(declare, 'sev:1 writes are stuck on:api/prod in Berlin')).toEqual({
      sev: '1',
      on: ['api/prod'],
      title: 'writes are stuck in Berlin',
    });
  });

  test('that the usage line does not name stay text', () => {
    expect(read(declare, 'error: owner:@ana says http://x.example/?a:b is down')).toEqual({
      title: 'error: owner:@ana says http://x.example/?a:b is down',
    });
  });

  test('inside a word are no keys', () => {
    expect(read(declare, 'Amazon:prime and season:1 fail')).toEqual({
      title: 'Amazon:prime and season:1 fail',
    });
  });

  test('may be typed in capitals, as a phone does', () => {
    expect(read(declare, 'Sev:1 it is down')).toEqual({ sev: '1', title: 'it is down' });
  });

  test('take a value in quotes whole', () => {
    expect(read('TEXT [owner:]', 'call owner:"the night shift" now')).toEqual({
      owner: 'the night shift',
      text: 'call now',
    });
    expect(instant(read(declare, 'down started:"10:22 UTC"').started)).toBe('2026-03-10T10:22:00.000Z');
  });

  test('without a value say what they need', () => {
    expect(refusal(declare, 'it is down sev:')).toBe('sev: needs a value, such as sev:1.');
    expect(refusal(declare, 'it is down on:')).toContain('on:api/prod,web/prod');
    expect(refusal(declare, 'it is down started:')).toContain('started:10:42');
  });

  test('a list may have spaces after its commas', () => {
    expect(read(declare, 'down on:api/prod, web/prod ,db/prod since noon')).toEqual({
      on: ['api/prod', 'web/prod', 'db/prod'],
      title: 'down since noon',
    });
  });

  test('may have a space behind the colon, where the words cannot be a sentence', () => {
    expect(read(declare, 'down on: api/prod sev: 1')).toEqual({ on: ['api/prod'], sev: '1', title: 'down' });
    expect(read(declare, 'what is going on: nobody knows')).toEqual({
      title: 'what is going on: nobody knows',
    });
  });

  test('a person is found by mention, by name, or as me', () => {
    for (const [written, person] of [
      ['<@U0BOB|bob>', bob],
      ['<@U0BOB>', bob],
      ['@bob', bob],
      ['me', ana],
    ] as const) {
      expect(read('TEXT [owner:@user]', `restart it owner:${written}`)).toEqual({
        owner: person,
        text: 'restart it',
      });
    }
  });
});

describe('people', () => {
  const smith = { id: 'U0ANA', name: 'Ana Smith' };
  const named = { ...context, people: new Map([...context.people, ['u0ana', smith]]) };

  test('a mention carries a name with spaces, as Slack’s display names have them', () => {
    for (const [usage, text] of [
      ['ROLE @user [at:TIME]', 'commander <@U0ANA|Ana Smith>'],
      ['ROLE @user [at:TIME]', '<@U0ANA|Ana Smith> commander'],
    ] as const)
      expect(readWords(usage, text, named)).toMatchObject({
        values: { role: 'commander', user: smith },
      });
    expect(readWords('TEXT [owner:@user]', 'restart owner:<@U0ANA|Ana Smith> now', named)).toMatchObject({
      values: { owner: smith, text: 'restart now' },
    });
  });

  test('several stand behind one key, with commas or with the key again, each once', () => {
    const usage = 'NAME [owner:@user,…] [tier:]';
    for (const text of [
      'api owner:@ana,@bob tier:1',
      'api owner:@ana owner:@bob tier:1',
      'api owner:<@U0ANA|Ana>, <@U0BOB|bob> tier:1',
      'owner:me,@bob,@ana api tier:1',
    ])
      expect(read(usage, text), text).toEqual({ name: 'api', owner: [ana, bob], tier: '1' });
    expect(readWords(usage, 'api owner:<@U0ANA|Ana Smith>,<@U0BOB|bob> tier:1', named)).toMatchObject({
      values: { name: 'api', owner: [smith, bob], tier: '1' },
    });
    expect(read(usage, 'api owner:none')).toEqual({ name: 'api', owner: [] });
    expect(refusal(usage, 'api owner:@ana,@nobody')).toContain('I do not know @nobody.');
    expect(refusal(usage, 'api owner:')).toBe('owner: needs a value, such as owner:@ana,@bob.');
  });

  test('a form names them too', () => {
    const usage = 'NAME [owner:@user,…]';
    expect(readFields(usage, { name: 'api', owner: '<@U0ANA> <@U0BOB>' }, context)).toMatchObject({
      values: { name: 'api', owner: [ana, bob] },
    });
  });
});

describe('times behind a key', () => {
  test('are as long as they read: the title goes on behind them', () => {
    const values = read(declare, 'started:12:55 PM PDT on March 9 the proxy died');
    expect(instant(values.started)).toBe('2026-03-09T19:55:00.000Z');
    expect(values.title).toBe('the proxy died');
  });

  test('keep their words as written', () => {
    expect((read(declare, 'down started:~10:22 UTC').started as WrittenTime).asWritten).toBe('~10:22 UTC');
  });

  test('that are none are refused, with the reason', () => {
    expect(refusal(declare, 'down started:25:99')).not.toContain('undefined');
    expect(readWords(declare, 'down started:25:99', context)).toMatchObject({ ok: false, field: 'started' });
  });

  test('at: in a sentence, followed by ordinary words, stays text', () => {
    expect(read('SEV [REASON] [at:TIME]', '1 look at: the proxy')).toEqual({
      sev: '1',
      reason: 'look at: the proxy',
    });
  });

  test('at: counts for a verb that has it', () => {
    const values = read('STATUS [TEXT] [at:TIME]', 'identified bad merge at:10:30 UTC');
    expect(instant(values.at)).toBe('2026-03-10T10:30:00.000Z');
    expect(values).toMatchObject({ status: 'identified', text: 'bad merge' });
  });
});

describe('several words behind a key', () => {
  const line = '[REASON] [on:NAME,…] [until:WHEN] [every:PHRASE] [zone:] [soft]';

  test('go to the next key, the flags at the end, or the end of the line', () => {
    expect(read(line, 'quiet nights every:weekday 18:00 to 08:00 zone:Europe/Berlin on:api soft')).toEqual({
      reason: 'quiet nights',
      every: 'weekday 18:00 to 08:00',
      zone: 'Europe/Berlin',
      on: ['api'],
      soft: true,
    });
    expect(read(line, 'quiet nights every:Friday 16:00 to Monday 08:00 soft')).toEqual({
      reason: 'quiet nights',
      every: 'Friday 16:00 to Monday 08:00',
      soft: true,
    });
    expect(read(line, 'every:20 Dec to 2 Jan\nthe shop is full')).toEqual({
      every: '20 Dec to 2 Jan',
      reason: 'the shop is full',
    });
  });

  test('stand in quotes where text follows', () => {
    expect(read(line, 'every:"20 Dec to 2 Jan" the shop is full')).toEqual({
      every: '20 Dec to 2 Jan',
      reason: 'the shop is full',
    });
  });

  test('are missed where there are none, and are said once', () => {
    expect(refusal(line, 'nights every:')).toBe(
      'every: needs a value, such as every:"weekday 18:00 to 08:00".',
    );
    expect(refusal(line, 'nights every:a b every:c d')).toContain('stands there twice');
  });

  test('a day for until: is its last minute; a time is that time', () => {
    const until = (text: string) => instant(read(line, `nights ${text}`).until);
    expect(until('until:"20 Mar 2026"')).toBe('2026-03-20T23:59:00.000Z');
    expect(until('until:2026-03-20')).toBe('2026-03-20T23:59:00.000Z');
    expect(until('until:"20 Mar 18:00"')).toBe('2026-03-20T18:00:00.000Z');
    expect(until('until:18:00')).toBe('2026-03-10T18:00:00.000Z');
    expect(refusal(line, 'nights until:whenever')).not.toBe('');
  });
});

describe('a leading time', () => {
  test('is taken from the text, with a range', () => {
    const values = read('[TIME] TEXT', '10:22-10:37 UTC the deploy tool deletes the cluster');
    expect(values.time).toMatchObject({ precision: 'range', asWritten: '10:22-10:37 UTC' });
    expect(values.text).toBe('the deploy tool deletes the cluster');
  });

  test('is not found in text that begins otherwise', () => {
    expect(read('[TIME] TEXT', '3 of 5 replicas are gone')).toEqual({ text: '3 of 5 replicas are gone' });
  });

  test('that is impossible is refused', () => {
    expect(readWords('[TIME] TEXT', '25:70 restarted', context)).toMatchObject({ ok: false, field: 'time' });
  });
});

describe('flags', () => {
  test('count only after the text', () => {
    expect(read(declare, 'private key leaked')).toEqual({ title: 'private key leaked' });
    expect(read(declare, 'key leaked private')).toEqual({ title: 'key leaked', private: true });
    expect(read(declare, 'key leaked Drill private')).toEqual({
      title: 'key leaked',
      private: true,
      drill: true,
    });
  });

  test('count after the text when keys stand behind them', () => {
    expect(read(declare, 'key leaked private sev:1')).toEqual({
      title: 'key leaked',
      private: true,
      sev: '1',
    });
  });

  test('alone are the text where there can be one, and the flag where there cannot', () => {
    expect(read(declare, 'drill')).toEqual({ title: 'drill' });
    expect(read('[all]', 'all')).toEqual({ all: true });
    expect(read('[all]', '')).toEqual({});
  });
});

describe('words', () => {
  test('are taken in order, and the rest is the text', () => {
    expect(read('COMPONENT LEVEL [at:TIME]', 'api/prod degraded')).toEqual({
      component: 'api/prod',
      level: 'degraded',
    });
  });

  test('too many are not swallowed', () => {
    expect(refusal('@user', '@bob badly')).toBe('I do not know what to do with “badly”.');
    expect(refusal('[all]', 'everything')).toContain('“everything”');
  });

  test('a choice is one of its words', () => {
    expect(read('[md|html|json]', 'JSON')).toEqual({ choice: 'json' });
    expect(refusal('[md|html|json]', 'pdf')).toContain('“pdf”');
  });

  test('a person whom nobody knows is refused with what to do', () => {
    expect(refusal('ROLE @user', 'commander @nobody')).toMatch(/I do not know @nobody\. Type @ and pick/);
    expect(refusal('ROLE @user', 'commander nobody')).toContain('“nobody”');
    expect(refusal('ROLE @user', 'commander <@U0GONE|gone>')).toContain('@gone');
  });

  test('mentions in text become names', () => {
    expect(read('[TIME] TEXT', 'asked <@U0BOB|Bob> and <@U0XYZ>')).toEqual({ text: 'asked @Bob and @U0XYZ' });
    expect(plainWords('<@U0BOB|Bob>')).toBe('@Bob');
  });

  test('the lines of a text are kept', () => {
    expect(read('[TIME] TEXT', '10:42 first\nsecond\n\n  third').text).toBe('first\nsecond\n\n  third');
    expect(read(declare, 'writes fail\nin Berlin sev:1\nand Paris')).toEqual({
      sev: '1',
      title: 'writes fail\nin Berlin\nand Paris',
    });
    expect(read(declare, 'writes fail\nsev:1 in Berlin').title).toBe('writes fail\nin Berlin');
  });

  test('the spaces of a text are kept', () => {
    expect(read('STATUS [TEXT] [at:TIME]', 'identified it says  "a   b"').text).toBe('it says  "a   b"');
  });
});

describe('people named in words', () => {
  test('are found for looking them up, addresses are not', () => {
    expect(namesIn('@ana and owner:@bob.b, not root@db.example')).toEqual(['ana', 'bob.b']);
  });
});

describe('a form', () => {
  test('reads its fields as the line does', () => {
    const result = readFields(
      declare,
      {
        title: ' it is down ',
        sev: 'SEV1',
        on: 'api/prod, web/prod',
        started: '10:22 UTC',
        flags: ['private'],
      },
      context,
    );
    expect(result).toMatchObject({
      ok: true,
      values: { title: 'it is down', sev: 'SEV1', on: ['api/prod', 'web/prod'], private: true },
    });
  });

  test('names the field that does not fit', () => {
    expect(readFields(declare, { title: 'x', started: 'whenever' }, context)).toMatchObject({
      ok: false,
      field: 'started',
    });
  });

  test('leaves out what was left empty', () => {
    expect(readFields(declare, { title: 'x', on: '  ', started: '' }, context)).toEqual({
      ok: true,
      values: { title: 'x' },
      remarks: [],
    });
  });
});

test('a usage line that is not well formed is a mistake of ours and throws', () => {
  expect(() => parseUsage('ROLE ~what')).toThrow('cannot read ~what');
});

test('no words make the grammar throw or lose themselves in it', () => {
  const usages = [
    declare,
    '[TIME] TEXT',
    'ROLE @user [at:TIME]',
    'ENTRY [REASON]',
    '[md|html|json]',
    '[all]',
    '',
  ];
  const piece = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'sev:',
      'on:',
      ',',
      '"',
      'at:',
      'started:',
      '10:22',
      '<@U0ANA>',
      '<@',
      '@',
      'private',
      '\n',
      '#',
      '\u0000',
    ),
  );
  const text = fc
    .array(piece, { maxLength: 12 })
    .chain((pieces) => fc.constantFrom(pieces.join(' '), pieces.join('')));
  fc.assert(
    fc.property(fc.constantFrom(...usages), text, (usage, words) => {
      const line = readWords(usage, words, context);
      const form = readFields(
        usage,
        { title: words, time: words, user: words, on: words, flags: [words] },
        context,
      );
      for (const result of [line, form]) if (!result.ok) expect(result.reason).toMatch(/\S/);
    }),
    { numRuns: 400 },
  );
});

test('a time that is impossible as a whole is refused, though its beginning would do', () => {
  const usage = '[TITLE] [started:TIME]';
  expect(refusal(usage, 'proxy down started:13:55 PM the proxy died')).toContain('13:55');
  expect(instant(read(usage, 'proxy down started:1:55 AM since the release').started)).toBe(
    '2026-03-10T01:55:00.000Z',
  );
});

describe('what people write otherwise', () => {
  const affects = 'COMPONENT LEVEL [at:TIME]';

  test('a list may be said in parts, and its members in quotes; another key only once', () => {
    expect(read(declare, 'down on:"api gateway/prod",web on:db')).toEqual({
      title: 'down',
      on: ['api gateway/prod', 'web', 'db'],
    });
    expect(refusal(declare, 'down sev:1 sev:2')).toBe('sev: stands there twice. Say it once.');
  });

  test('the last word takes what is left, and a word may be in quotes', () => {
    expect(read(affects, '"api gateway/prod" major outage')).toEqual({
      component: 'api gateway/prod',
      level: 'major outage',
    });
  });

  test('the person may come first', () => {
    expect(read('ROLE @user [at:TIME]', '@bob commander')).toEqual({ role: 'commander', user: bob });
    expect(read('ROLE @user [at:TIME]', 'scribe bob')).toEqual({ role: 'scribe', user: bob });
  });

  test('at: before a time, or with it at the end, is that time; what is no time is told', () => {
    expect(instant(read('TIME', 'at:10:22').time)).toBe('2026-03-10T10:22:00.000Z');
    expect(read('[TIME] TEXT', 'failing over at:10:22')).toMatchObject({ text: 'failing over' });
    expect(read('[TIME] TEXT', 'look at:the logs')).toEqual({ text: 'look at:the logs' });
    expect(refusal('TIME', 'foo')).toContain('foo');
  });
});

describe('groups of people', () => {
  const context = {
    time: { now: new Date('2026-03-10T10:45:00Z'), zone: 'UTC' },
    me: { id: 'U0ANA', name: 'Ana' },
    people: new Map(),
  };
  const sre = '<!subteam^S0SRE|@sre>';

  test('are left as Slack names them where groups are asked for', () => {
    expect(readWords('ACTION @groups', `lift_freeze ${sre} <!subteam^S0DBA>`, context)).toMatchObject({
      values: { action: 'lift_freeze', groups: `${sre} <!subteam^S0DBA>` },
    });
  });

  test('are what they look like in all other text', () => {
    expect(readWords('TEXT', `ask ${sre} and <!subteam^S0DBA>`, context)).toMatchObject({
      values: { text: 'ask @sre and @group' },
    });
  });
});
