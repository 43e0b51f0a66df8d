// The table of verbs: routing, help, and what is said to words that nobody knows.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../src/core/command.js';
import { formView } from '../../src/core/form.js';
import { graveVerbs, otherWords } from '../../src/core/guess.js';
import { topicsOf } from '../../src/core/help.js';
import type { Message } from '../../src/core/message.js';
import { makeSurface, type Routed, usageLine } from '../../src/core/surface.js';
import { parseUsage, type WordsContext } from '../../src/core/usage.js';
import type { Tx } from '../../src/db/tx.js';
import { features } from '../../src/features/index.js';
import { checkBlocks, checkView } from '../../src/sandbox/index.js';

const surface = makeSurface(features);
const verbs = surface.verbs('incident');
/** The words under which help lists them, each with the names that stand there. */
const topics = topicsOf(features, 'incident').map(
  ({ name, verbs: own }) => [name, own.map((verb) => verb.words[0] ?? '')] as const,
);
const surfaces = ['incident', 'change', 'freeze', 'report'] as const;
const context: WordsContext = {
  me: { id: 'U0ANA', name: 'Ana' },
  people: new Map(),
  time: { now: new Date('2026-03-10T10:45:00Z'), zone: 'UTC' },
};
/** What a phone shows without opening a message whole. */
const screenCharacters = 3_000;
const blocksMax = 50;

function route(text: string): Routed {
  return surface.route('incident', text, context);
}

function refused(text: string): Message {
  const routed = route(text);
  if (routed.kind !== 'refused') throw new Error(`${text}: ${routed.kind}`);
  return routed.refusal.message;
}

// Help is made of the table alone: it asks neither the database nor who is asking.
async function help(text: string): Promise<Message> {
  const routed = route(text);
  if (routed.kind !== 'query') throw new Error(`${text}: ${routed.kind}`);
  return routed.answer(null as unknown as Tx, null as unknown as Ask);
}

describe('the verbs', () => {
  test.each(verbs.map((verb) => [usageLine(verb), verb] as const))('%s can be read', (_line, verb) => {
    expect(() => parseUsage(verb.usage)).not.toThrow();
    expect(verb.summary).toMatch(/\.$|:$/);
  });

  test.each(verbs.flatMap((verb) => (verb.example === undefined ? [] : [[verb.example, verb] as const])))(
    'the example %s is understood',
    (example, verb) => {
      const bob = { id: 'U0BOB', name: 'bob' };
      const known: WordsContext = {
        ...context,
        people: new Map([
          ['ana', context.me],
          ['bob', bob],
        ]),
      };
      // Slack makes this of a group that is picked from its list.
      const line = example.replace(/^\/incident /, '').replace('@sre', '<!subteam^S0SRE|@sre>');
      const routed = surface.route('incident', line, known);
      expect(['command', 'query']).toContain(routed.kind);
      if (routed.kind === 'command') expect(routed.bound.name).toBe(verb.words[0]);
    },
  );

  test('two verbs may not share a word', () => {
    const twice = [...features, ...features.filter((feature) => feature.name === 'incident')];
    expect(() => makeSurface(twice)).toThrow('two verbs: incident declare');
  });

  test('the forms are such as Slack accepts', () => {
    const forms = surface.commands.flatMap((command) => (command.form ? [command] : []));
    expect(forms.length).toBeGreaterThan(0);
    for (const { verb, form } of forms) {
      expect(form && checkView(formView(form, `incident ${verb.words[0]}`, '{}'), 'modal')).toEqual([]);
    }
  });

  test('every field of a form is a word of the usage line, or kept beside it', () => {
    for (const { verb, form } of surface.commands) {
      const names = parseUsage(verb.usage).map((item) => item.name);
      for (const field of form?.fields ?? []) {
        if (field.kind === 'flags') {
          expect(names).toEqual(expect.arrayContaining(field.options.map((option) => option.value)));
        } else if (field.name !== 'kind') expect(names).toContain(field.name);
      }
    }
  });
});

describe('routing', () => {
  test('a verb’s other words mean the same', () => {
    expect(route('open it is down')).toMatchObject({ kind: 'command', bound: { name: 'declare' } });
    expect(route('SEV 1')).toMatchObject({ kind: 'command', bound: { name: 'severity' } });
  });

  test('no words at all open the form, and keep the incident that was named', () => {
    expect(route('declare')).toMatchObject({ kind: 'form', incident: null });
    expect(route('severity INC-7')).toMatchObject({ kind: 'form', incident: 7 });
    expect(route('note inc12 ')).toMatchObject({ kind: 'form', incident: 12 });
  });

  test('INC-12 counts as the first word only, and only for verbs on an incident', () => {
    expect(route('severity INC-12 1').kind).toBe('command');
    expect(refused('severity 1 at:INC-12').text).toContain('Usage:');
    expect(route('declare INC-12 again').kind).toBe('command');
  });

  test('words that do not fit are answered with the usage line and an example', () => {
    const { text } = refused('severity urgent');
    expect(text).toContain('A severity is SEV1 (worst)');
    expect(text).toContain('Usage: /incident severity SEV [REASON] [at:TIME], such as /incident severity 1');
  });

  test('missing words are asked for in a sentence', () => {
    expect(refused('affects api/prod').text).toMatch(/^Say how bad it is: operational, degraded/);
    expect(refused('role commander').text).toMatch(/^Say who: @name/);
    expect(refused('strike').text).toMatch(/^Say which entry/);
  });

  test('a form that no version has is answered, not guessed', () => {
    const routed = surface.routeForm('incident', 'gone', {}, null, context);
    expect(routed).toMatchObject({ kind: 'refused' });
  });

  test('what is wrong in a form names its field', () => {
    const wrong = surface.routeForm(
      'incident',
      'declare',
      { title: 'x', started: 'whenever' },
      null,
      context,
    );
    expect(wrong).toMatchObject({ kind: 'refused', refusal: { field: 'started' } });
    const empty = surface.routeForm('incident', 'declare', { title: '' }, null, context);
    expect(empty).toMatchObject({ kind: 'refused', refusal: { field: 'title' } });
    const component = surface.routeForm('incident', 'declare', { title: 'x', on: 'a/b/c/d' }, null, context);
    expect(component).toMatchObject({ kind: 'refused', refusal: { field: 'on' } });
  });
});

describe('an unknown verb', () => {
  test.each([
    ['declar it is down', '/incident declare'],
    ['ntoe restarted', '/incident note'],
    ['timelin', '/incident timeline'],
    ['resolved', '/incident resolve'],
  ])('%s: did you mean %s', (text, meant) => {
    expect(refused(text).text).toContain(`Did you mean ${meant}?`);
  });

  test.each([
    ['handoff commander @bob', 'handover'],
    ['hand over commander @bob', 'handover'],
    ['takeover', 'handover'],
    ['call @bob', 'page'],
    ['notify @bob', 'page'],
    ['acknowledge', 'ack'],
    ['got it', 'ack'],
    ['on-call', 'oncall'],
    ['on call', 'oncall'],
    ['rota', 'oncall'],
    ['todo x', 'task'],
    ['comms', 'update'],
    ['who', 'roles'],
  ])('%s is called %s here', async (text, meant) => {
    expect(refused(text).text).toContain(`Did you mean /incident ${meant}?`);
    expect((await help(`help ${text}`)).text).toContain(`Did you mean /incident ${meant}?`);
  });

  test('a slip never offers what takes away', () => {
    for (const slip of ['undoo', 'redcat', 'resolv', 'clos', 'merg']) {
      const text = refused(slip).text;
      for (const grave of graveVerbs.incident) expect(text).not.toContain(`/incident ${grave}?`);
    }
  });

  test('what may be a verb or what is wrong is offered as both', () => {
    const { text } = refused('mail is down');
    expect(text).toContain('Did you mean /incident contact?');
    expect(text).toContain('/incident declare mail is down');
    expect(refused('call @bob now').text).not.toContain('declare');
  });

  test.each(surfaces)('the other words of /%s are no verbs, and mean verbs', (name) => {
    const known = surface.verbs(name).flatMap((verb) => verb.words);
    expect(known).toEqual(expect.arrayContaining([...graveVerbs[name]]));
    for (const [word, meant] of Object.entries(otherWords[name])) {
      expect(known, word).not.toContain(word);
      expect(known, word).toContain(meant);
      expect(word).toMatch(/^[a-z]+$/);
    }
  });

  test('far from every verb is not guessed, and a sentence is offered as a declaration', () => {
    const { text } = refused('everything is on fire');
    expect(text).not.toContain('Did you mean');
    expect(text).toContain('nothing was done');
    expect(text).toContain('/incident declare everything is on fire');
  });

  test('is shown as it was written and at most in its beginning', () => {
    const { text } = refused(`<!channel>${'x'.repeat(5_000)}`);
    expect(text).not.toContain('<!channel>');
    expect(text.length).toBeLessThan(500);
  });
});

describe('help', () => {
  test('lists every verb and fits a screen', async () => {
    const message = await help('help');
    for (const verb of verbs) expect(message.text).toMatch(new RegExp(`[:,] ${verb.words[0]}(?:,|$)`, 'm'));
    expect(message.text.split('\n').length).toBeLessThan(15);
    expect(message.text.length).toBeLessThan(screenCharacters);
    expect(message.blocks.length).toBeLessThan(blocksMax);
    expect(checkBlocks(message.blocks)).toEqual([]);
    expect(await help('')).toEqual(message);
  });

  test.each(verbs.flatMap((verb) => verb.words.map((word) => [word, verb] as const)))(
    'help %s says how it is used',
    async (word, verb) => {
      const message = await help(`help ${word}`);
      expect(message.text).toContain(usageLine(verb).replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
      expect(message.text).toContain(verb.summary);
      expect(message.text.length).toBeLessThan(screenCharacters);
      expect(checkBlocks(message.blocks)).toEqual([]);
    },
  );

  test.each(topics)('help %s lists the verbs of that topic with a sentence each', async (topic, names) => {
    expect(verbs.flatMap((verb) => verb.words)).not.toContain(topic);
    const message = await help(`help ${topic}`);
    for (const name of names) expect(message.text).toContain(`• ${name} `);
    expect(message.text.split('\n').length).toBeLessThan(20);
    expect(checkBlocks(message.blocks)).toEqual([]);
  });

  test('no topic overflows a phone, and what is needed at night comes first', () => {
    for (const name of surfaces)
      for (const topic of topicsOf(features, name))
        expect(topic.verbs.length, `/${name} help ${topic.name}`).toBeLessThanOrEqual(10);
    expect(topics[1]).toEqual(['calling', ['page', 'ack', 'escalate', 'withdraw', 'pages', 'oncall']]);
  });

  test('no summary shows the marks of code', () => {
    for (const name of surfaces)
      for (const verb of surface.verbs(name)) expect(verb.summary, usageLine(verb)).not.toContain('`');
  });

  test('about a verb that does not exist says so, and names the topics', async () => {
    const { text } = await help('help rota');
    expect(text).toMatch(/^There is no verb “rota”\. Did you mean \/incident oncall\?\n/);
    for (const [topic] of topics) expect(text).toContain(topic);
    expect(text.split('\n')).toHaveLength(3);
    expect((await help('help bogus')).text).not.toContain('Did you mean');
  });
});

test('no words make a line throw, and every refusal says something that Slack can show', () => {
  const words = fc.oneof(
    fc.constantFrom(
      'INC-1',
      'on:api',
      'sev:',
      'at:',
      '10:22',
      '@ana',
      '<@U0ANA>',
      'private',
      '#3',
      '\u0000',
      '\n',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ minLength: 3_000, maxLength: 6_000 }),
  );
  const verb = fc.oneof(fc.constantFrom(...verbs.flatMap((each) => each.words)), fc.string());
  fc.assert(
    fc.property(verb, fc.array(words, { maxLength: 5 }), (first, rest) => {
      const routed = route([first, ...rest].join(' '));
      if (routed.kind !== 'refused') return;
      expect(routed.refusal.message.text).toMatch(/^\S/);
      expect(routed.refusal.message.text.length).toBeLessThan(screenCharacters);
      expect(checkBlocks(routed.refusal.message.blocks)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('what belongs to a line is said of a line: the verb first, all its words, and its usage', () => {
  expect(refused('INC-1 show').text).toContain('/incident show INC-1');
  expect(refused('inc-1 note it is back').text).toContain('/incident note INC-1 it is back');
  expect(refused('affects api/prod degraded badly').text).toContain('A level is operational');
  expect(refused('started foo').text).not.toContain('what to do with');
  const form = surface.routeForm('incident', 'severity', { sev: '9' }, 1, context);
  if (form.kind !== 'refused') throw new Error(form.kind);
  expect(form.refusal.message.text).toBe('A severity is SEV1 (worst), SEV2, SEV3 or SEV4.');
});
