// What is given to groups: by whom, from when on, and what happens where Slack does not say who is in them.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { permittedTo } from '../../../src/features/permission/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, people, stateTables } from '../../helpers/desk.js';
import { refused, says } from '../../helpers/telling.js';
import { givenTo, inGroup, leads, machine, refusedBySlack, sre } from './help.js';

const may = async (desk: Desk) =>
  permittedTo(desk.db.of(desk.workspace.id).read, desk.workspace.id, 'lift_freeze');
const facts = (desk: Desk, type: string) => desk.db.read.fact.count({ where: { type } });
const effects = async (desk: Desk, kind: string) =>
  (await desk.db.read.job.findMany({ where: { kind }, orderBy: { id: 'asc' } })).map(
    ({ payload }) => payload as { readonly destination?: unknown; readonly message?: { text: string } },
  );

describe.each(engines)('on %s', (engine) => {
  test('it is in force once Slack said who is in the group, and everybody hears of it', async () => {
    const desk = await openDesk(engine);
    expect(await says(desk, 'ana', `permit lift_freeze ${sre}`)).toContain(
      'Whoever is in @sre may lift a hard freeze',
    );
    expect(await may(desk)).toEqual({ anybody: true });
    expect(await says(desk, 'bob', 'permissions')).toContain('to be given to @sre, and not in force');
    expect(await effects(desk, 'readGroup')).toMatchObject([{ groupId: 'S0SRE0001' }]);
    const [said] = await effects(desk, 'say');
    expect(said?.destination).toEqual({ to: 'announcements' });
    expect(said?.message?.text).toContain(
      'Who may lift a hard freeze: whoever is in @sre. Until now: anybody',
    );

    await inGroup(desk, 'sre', ['bob']);
    expect(await may(desk)).toEqual({ anybody: false, people: new Set([people.bob.id]), handles: ['sre'] });
    const shown = await says(desk, 'eve', 'permissions');
    expect(shown).toContain('lift_freeze: whoever is in @sre. Its owner, and who leads its incident');
    expect(shown).toContain('@sre: one person, as Slack said');
    expect(shown).toContain('see_private: nobody but their members');
  });

  test('then its members alone give it further, or back; and whoever has the machine', async () => {
    const desk = await openDesk(engine);
    await givenTo(desk, 'lift_freeze', ['bob']);
    for (const line of [`permit lift_freeze ${leads}`, 'permit lift_freeze anybody'])
      expect(await refused(desk, 'ana', line)).toContain(
        'Whoever is in @sre may change this, and nobody else',
      );
    await says(desk, 'bob', `permit lift-freeze ${sre}, ${leads}`);
    await inGroup(desk, 'leads', ['ana']);
    expect(await says(desk, 'ana', 'permissions')).toContain('whoever is in @sre, @leads');
    await says(desk, 'ana', `permit lift_freeze ${leads}`);
    expect(await refused(desk, 'bob', `permit lift_freeze ${sre}`)).toContain('Whoever is in @leads');
    expect((await desk.say('eve', 'permit lift_freeze anybody', machine)).accepted).toBe(true);
    expect(await may(desk)).toEqual({ anybody: true });
  });

  test('a token gives nothing', async () => {
    const desk = await openDesk(engine);
    const actor = { kind: 'pipeline', id: 'token:ci', name: 'ci', zone: null } as const;
    const said = await desk.say('ana', `permit lift_freeze ${sre}`, { actor, source: 'api' });
    expect(said.accepted).toBe(false);
  });

  test('nobody lets themselves in to see private incidents: that is said on the machine first', async () => {
    const desk = await openDesk(engine);
    expect(await refused(desk, 'ana', `permit see_private ${sre}`)).toContain(
      'andon permit see_private GROUP',
    );
    expect((await desk.say('ana', 'permit see_private S0SRE0001', machine)).accepted).toBe(true);
    // It is not in force yet: that is no door either.
    await refused(desk, 'ana', `permit see_private ${leads}`);
    await inGroup(desk, 'sre', ['bob']);
    await says(desk, 'bob', `permit see_private ${leads}`);
  });

  test('every hour it is asked who is in it, as long as something is given to it', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', `permit lift_freeze ${sre}`);
    await inGroup(desk, 'sre', ['bob']);
    for (const time of ['11:44', '11:45', '12:45']) {
      desk.at(time);
      await desk.turn();
    }
    expect(await facts(desk, 'GroupsAsked')).toBe(3);
    await inGroup(desk, 'sre', ['bob']);
    // What is no news is not stated.
    expect(await facts(desk, 'GroupRead')).toBe(1);
    await inGroup(desk, 'sre', ['eve']);
    expect(await may(desk)).toMatchObject({ people: new Set([people.eve.id]) });
    await says(desk, 'eve', 'permit lift_freeze none');
    desk.at('18:45');
    await desk.turn();
    expect(await facts(desk, 'GroupsAsked')).toBe(3);
  });

  test('where Slack does not say who is in it nobody is kept out, and whoever gave it hears why, once', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', `permit lift_freeze ${sre}`);
    await refusedBySlack(desk, 'sre', 'missing_scope');
    await refusedBySlack(desk, 'sre', 'missing_scope');
    expect(await facts(desk, 'GroupRefused')).toBe(1);
    expect(await may(desk)).toEqual({ anybody: true });
    const told = (await effects(desk, 'say')).find((each) => each.message?.text.includes('does not say'));
    expect(told?.destination).toMatchObject({ to: 'person', userId: people.ana.id });
    expect(told?.message?.text).toContain('nobody is kept out by it');
    expect(await says(desk, 'bob', 'permissions')).toContain('the scope usergroups:read');
    await says(desk, 'eve', 'permit lift_freeze anybody');
  });

  test('a group that nobody is in locks nobody out of the permission: who leads an incident may change it', async () => {
    const desk = await openDesk(engine);
    await givenTo(desk, 'lift_freeze', []);
    expect(await says(desk, 'bob', 'permissions')).toMatch(
      /lift_freeze: whoever is in @sre.*Nobody is in it now, so whoever leads an open incident may change it/,
    );
    expect(await refused(desk, 'bob', 'permit lift_freeze anybody')).toMatch(
      /Nobody is in @sre.*Whoever leads an open incident may.*andon permit lift_freeze GROUP/,
    );
    await says(desk, 'bob', 'declare it is down');
    await says(desk, 'bob', 'role INC-1 commander me');
    await says(desk, 'bob', 'permit lift_freeze anybody');
  });

  test('members that were read once count on while Slack refuses', async () => {
    const desk = await openDesk(engine);
    await givenTo(desk, 'lift_freeze', ['bob']);
    await refusedBySlack(desk, 'sre', 'plan_upgrade_required');
    expect(await may(desk)).toMatchObject({ anybody: false, people: new Set([people.bob.id]) });
    expect(await says(desk, 'bob', 'permissions')).toContain('Slack refuses now (plan_upgrade_required)');
    await inGroup(desk, 'sre', ['bob']);
    expect(await says(desk, 'bob', 'permissions')).not.toContain('refuses');
  });

  test('all of it is made again by a rebuild', async () => {
    const desk = await openDesk(engine);
    await givenTo(desk, 'lift_freeze', ['bob']);
    await givenTo(desk, 'see_private', ['bob']);
    await says(desk, 'eve', `permit approve_exception ${leads}`);
    await refusedBySlack(desk, 'leads', 'no_such_subteam');
    const state = await dump(desk.db, stateTables);
    expect([state.permission?.length, state.userGroup?.length]).toEqual([3, 2]);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, stateTables)).toEqual(state);
  });
});

test.each([
  ['permit', 'Say what: lift_freeze, approve_exception, see_private'],
  ['permit everything @sre', 'What may be given to groups is'],
  ['permit lift_freeze', 'pick them from the list that Slack offers'],
  ['permit lift_freeze @sre', 'I know no group “@sre”'],
  [`permit lift_freeze ${sre} <@U0BOB|Bob>`, '@Bob is one person'],
  ['permit lift_freeze anybody', 'It is given to no group'],
])('“%s” is refused with what to type', async (line, words) => {
  const desk = await openDesk('sqlite');
  expect(await refused(desk, 'ana', line)).toContain(words);
});
