// Lists of changes: what is asked for, no more than a phone screen, and only one's own workspace.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

const keys = (text: string) => [...new Set(text.match(/CHG-\d+/g) ?? [])];

async function ledger(desk: Desk): Promise<void> {
  const lines: [string, 'ana' | 'bob', string][] = [
    ['07:00', 'ana', 'announce deploy one on:api/prod kind:deploy begun'],
    ['07:10', 'ana', 'done CHG-1'],
    ['08:00', 'bob', 'announce upgrade two on:k8s/prod/eu kind:upgrade at:"09:00 UTC" for:1h'],
    ['09:00', 'bob', 'start CHG-2'],
    ['09:10', 'bob', 'announce deploy three on:api/staging kind:deploy begun'],
    ['09:20', 'ana', 'announce flag four on:web/prod kind:flag at:"23:30 UTC"'],
    ['09:30', 'ana', 'announce config five on:api/prod kind:config at:"2026-03-12 10:00 UTC"'],
    ['09:40', 'ana', 'announce deploy six on:api/prod kind:deploy at:"2026-03-20 10:00 UTC"'],
    ['09:50', 'bob', 'announce deploy seven on:db/prod kind:deploy at:"12:00 UTC"'],
    ['09:55', 'bob', 'cancel CHG-7'],
  ];
  for (const [time, person, line] of lines) {
    desk.at(time);
    const said = await desk.say(person, `/change ${line}`);
    if (!said.accepted) throw new Error(`${line}: ${said.text}`);
  }
  desk.at('10:45');
}

describe.each(engines)('%s', (engine) => {
  test('each list holds what it says, production and what is under way first', async () => {
    const desk = await openDesk(engine);
    await ledger(desk);
    for (const [line, expected] of [
      ['list', ['CHG-2', 'CHG-3', 'CHG-4']],
      ['list now', ['CHG-2', 'CHG-3']],
      ['list recent', ['CHG-1']],
      ['list mine', ['CHG-4', 'CHG-5', 'CHG-6', 'CHG-1']],
      ['mine', ['CHG-4', 'CHG-5', 'CHG-6', 'CHG-1']],
      ['list on:api', ['CHG-3']],
      ['list today on:api/production', ['CHG-1']],
      ['list on:k8s/prod/eu', ['CHG-2']],
      ['list on:k8s/prod/us', []],
    ] as const) {
      const said = await desk.say('ana', `/change ${line}`);
      expect(keys(said.text), line).toEqual(expected);
    }
  });

  test('today is the asker’s day: at 23:30 UTC it is tomorrow in Berlin', async () => {
    const desk = await openDesk(engine);
    await ledger(desk);
    expect(keys((await desk.say('bob', '/change list today')).text)).toContain('CHG-4');
    expect(keys((await desk.say('ana', '/change list today')).text)).not.toContain('CHG-4');
    const calendar = (await desk.say('ana', '/change calendar')).text;
    expect(calendar).toContain('Europe/Berlin');
    expect(calendar).toMatch(/Wednesday, 11 March\n• 00:30 \+01:00 CHG-4/);
    expect(calendar).toMatch(/Thursday, 12 March\n• 11:00 \+01:00 CHG-5/);
    expect(calendar).not.toMatch(/CHG-6|CHG-7/);
  });

  test('more than fits is counted, with how to see it', async () => {
    const desk = await openDesk(engine);
    for (let i = 1; i <= 13; i += 1)
      await desk.say('ana', `/change announce deploy number ${i} on:api/prod kind:deploy begun`);
    const said = await desk.say('bob', '/change list now');
    expect(keys(said.text)).toHaveLength(10);
    expect(said.text).toContain('3 more: ');
    expect(said.text.split('\n').length).toBeLessThanOrEqual(12);
  });

  test('show says everything: people, times in the asker’s zone, state, where, link, conflicts, origin', async () => {
    const desk = await openDesk(engine);
    await ledger(desk);
    await desk.say(
      'ana',
      '/change announce deploy eight on:k8s/prod/eu kind:deploy begun irreversible url:https://ci.example.com/8',
    );
    await desk.say('bob', '/change fail CHG-8 it does not come up');
    const { text } = await desk.say('ana', '/change show chg8');
    for (const words of [
      ...['CHG-8 deploy eight', 'failed', 'a deploy', 'it does not come up', 'k8s/prod/eu'],
      ...['Not in the catalogue: k8s', 'Owner: @Ana', '2026-03-10 11:45 CET', 'https://ci.example.com/8'],
      ...['Can it be taken back? No.', 'CHG-2', 'Told by people'],
    ])
      expect(text).toContain(words);
    expect((await desk.say('ana', '/change show')).text).toContain('Say which change');
    expect((await desk.say('ana', '/change show CHG-99')).text).toContain('/change list');
    expect((await desk.say('ana', '/change show everything')).text).toContain('CHG-7');
  });

  test('nothing to list says how to announce', async () => {
    const desk = await openDesk(engine);
    for (const line of ['list', 'list today', 'list now', 'list recent', 'mine'])
      expect((await desk.say('ana', `/change ${line}`)).text, line).toContain('/change announce');
    expect((await desk.say('ana', '/change calendar')).text).toContain('Nothing is planned');
    expect((await desk.say('ana', '/change list on:a/b/c/d')).text).toContain('no component');
  });
});
