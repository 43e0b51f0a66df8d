// What is given to groups is asked where it matters: lifting hard freezes, approving exceptions, seeing private incidents.
import { describe, expect, test } from 'vitest';
import { drawHome } from '../../../src/features/home/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName } from '../../helpers/desk.js';
import { refused, says } from '../../helpers/telling.js';
import { freeze } from '../exception/help.js';
import { givenTo, inGroup } from './help.js';

const home = async (desk: Desk, person: PersonName) =>
  (await drawHome(features, desk.db.of(desk.workspace.id).read, desk.ask(person))).text;

const token = {
  actor: { kind: 'pipeline', id: 'token:ci', name: 'ci', zone: null },
  source: 'api',
} as const;

describe.each(engines)('on %s', (engine) => {
  test('a hard freeze is lifted, and shortened, by its owner and by the group', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on rebuilding on:*/prod for:3h');
    await givenTo(desk, 'lift_freeze', ['bob']);
    expect(await refused(desk, 'eve', '/freeze lift FRZ-1')).toMatch(
      /You may not lift FRZ-1, a hard freeze\. Ana, whose it is, may.*whoever is in @sre.*\/freeze except FRZ-1 REASON/s,
    );
    expect(await refused(desk, 'eve', '/freeze extend FRZ-1 until:11:00')).toContain('not shorten FRZ-1');
    await says(desk, 'eve', '/freeze extend FRZ-1 for:1h');
    await says(desk, 'bob', '/freeze extend FRZ-1 until:12:00');
    await says(desk, 'bob', '/freeze lift FRZ-1');
    await says(desk, 'eve', '/freeze on again on:*/prod for:3h');
    await says(desk, 'eve', '/freeze lift FRZ-2');
  });

  test('a soft one is lifted by anybody', async () => {
    const desk = await openDesk(engine);
    await givenTo(desk, 'lift_freeze', ['bob']);
    await says(desk, 'ana', '/freeze on careful now on:*/prod for:3h soft');
    await says(desk, 'eve', '/freeze lift FRZ-1');
  });

  test('who leads the incident lifts its cord', async () => {
    const desk = await openDesk(engine);
    await givenTo(desk, 'lift_freeze', ['bob']);
    await says(desk, 'ana', 'declare it is down on:api/prod');
    await says(desk, 'ana', 'freeze INC-1 stop now');
    await refused(desk, 'eve', '/freeze lift FRZ-1');
    await says(desk, 'ana', 'role INC-1 operations @eve');
    await says(desk, 'eve', '/freeze lift FRZ-1');
  });

  test('a token lifts what it made itself, and nothing else', async () => {
    const desk = await openDesk(engine);
    await givenTo(desk, 'lift_freeze', ['bob']);
    await says(desk, 'ana', '/freeze on rebuilding on:*/prod for:3h');
    expect((await desk.say('ana', '/freeze lift FRZ-1', token)).text).toContain('A token may not lift FRZ-1');
    expect((await desk.say('ana', '/freeze on migrating on:db/prod for:1h', token)).accepted).toBe(true);
    expect((await desk.say('ana', '/freeze lift FRZ-2', token)).accepted).toBe(true);
  });

  test('without groups anybody lifts, as ever', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on rebuilding on:*/prod for:3h');
    await says(desk, 'eve', '/freeze lift FRZ-1');
  });

  test('whoever is in the group approves exceptions beside those in charge, and never their own', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await givenTo(desk, 'approve_exception', ['bob']);
    const asked = await says(desk, 'eve', '/freeze except FRZ-1 on:api/prod the certificate expires');
    expect(asked).toContain('Asked: Ana, or whoever is in @sre.');
    expect(await home(desk, 'bob')).toContain('EXC-1 Eve asks for a way through');
    await says(desk, 'bob', '/freeze approve EXC-1');
    await says(desk, 'bob', '/freeze except FRZ-1 on:web/prod the banner');
    expect(await refused(desk, 'bob', '/freeze approve EXC-2')).toContain('somebody else answers it');
    await says(desk, 'ana', '/freeze approve EXC-2');
  });

  test('where nobody in charge is left beside who asks, the group may, and not anybody', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await givenTo(desk, 'approve_exception', ['bob']);
    expect(await says(desk, 'ana', '/freeze except FRZ-1 on:api/prod the certificate')).toContain(
      'Who may approve it: whoever is in @sre',
    );
    expect(await refused(desk, 'eve', '/freeze approve EXC-1')).toContain('Whoever is in @sre may approve');
    expect(await home(desk, 'eve')).not.toContain('EXC-1');
    await says(desk, 'bob', '/freeze approve EXC-1');
  });

  test('nobody else names the approvers then: they would name themselves', async () => {
    const desk = await openDesk(engine);
    await givenTo(desk, 'approve_exception', ['bob']);
    expect(await refused(desk, 'eve', '/freeze approvers people:me')).toContain('Whoever is in @sre');
    expect(await says(desk, 'eve', '/freeze approvers')).toContain('So may whoever is in @sre');
    await says(desk, 'bob', '/freeze approvers people:@eve');
  });

  test('whoever is in the group sees private incidents everywhere, and is no member', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'declare a key leaked private');
    await says(desk, 'ana', 'note INC-1 it is the deploy key');
    const looks = ['list', 'roles INC-1', 'timeline INC-1', 'note INC-1 I look at it'];
    for (const line of ['roles INC-1', 'timeline INC-1'])
      expect((await desk.say('bob', line)).text, line).not.toMatch(/deploy key|commander/);
    expect((await desk.say('bob', 'list')).text).not.toContain('leaked');
    expect(await home(desk, 'bob')).not.toContain('leaked');

    await givenTo(desk, 'see_private', ['bob']);
    for (const line of looks) await says(desk, 'bob', line);
    expect((await desk.say('bob', 'list')).text).toContain('leaked');
    expect((await desk.say('bob', 'timeline INC-1')).text).toContain('deploy key');
    expect(await home(desk, 'bob')).toContain('leaked');
    expect((await desk.say('eve', 'list')).text).not.toContain('leaked');
    expect(await desk.db.read.member.count()).toBe(1);

    await inGroup(desk, 'sre', ['eve']);
    expect((await desk.say('bob', 'list')).text).not.toContain('leaked');
    expect((await desk.say('bob', 'note INC-1 still here')).accepted).toBe(false);
    expect((await desk.say('eve', 'list')).text).toContain('leaked');
  });
});
