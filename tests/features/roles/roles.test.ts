// Roles that a workspace defines, and what is asked of them on an incident.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { recordResult } from '../../../src/features/places/index.js';
import { briefView } from '../../../src/features/roles/brief.js';
import { roleDefined, rolesStream, usualRoles } from '../../../src/features/roles/index.js';
import { engines } from '../../helpers/databases.js';
import { dump, openDesk, stateTables, verb } from '../../helpers/desk.js';
import { refused, says } from '../../helpers/telling.js';

const evidence = 'define security-lead Keep the evidence; switch nothing off.';

describe.each(engines)('on %s', (engine) => {
  test('every command that the holder of a role is told of is one', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'declare a key leaked');
    for (const role of usualRoles) await says(desk, 'ana', `role INC-1 ${role} me`);
    await says(desk, 'eve', evidence);
    await says(desk, 'ana', 'role INC-1 security-lead me');
    const held = await desk.db.read.roleHolding.findMany();
    const read = desk.db.read;
    const briefs = await Promise.all(held.map(({ id }) => briefView(read, id, desk.workspace)));
    const words = briefs.flatMap((each) =>
      [...(each?.text ?? '').matchAll(/\/incident (\S+)/g)].map((it) => it[1]),
    );
    expect(words.length).toBeGreaterThan(10);
    for (const word of words) expect(verb(word ?? '').verb.surface, word).toBe('incident');
  });

  test('a role of the workspace’s own is given like any, and undone like any', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'declare a key leaked');
    expect(await refused(desk, 'ana', 'role INC-1 security-lead @bob')).toContain(
      'A role is commander, communications, operations or scribe; /incident define ROLE makes another',
    );
    expect(await says(desk, 'eve', evidence)).toContain('security-lead is a role now');
    expect(await says(desk, 'ana', 'role INC-1 sec @bob')).toContain('Bob is security-lead of INC-1');
    expect(await says(desk, 'ana', 'roles INC-1')).toMatch(
      /security-lead: Bob \(Keep the evidence; switch nothing off\.\)/,
    );
    expect(await refused(desk, 'ana', 'role INC-1 com @bob')).toContain('commander or communications');
    await says(desk, 'ana', 'undo INC-1');
    expect(await says(desk, 'ana', 'roles INC-1')).toContain('security-lead: nobody');
    expect(await desk.db.read.roleDefinition.count()).toBe(1);
  });

  test('one that somebody holds in an open incident stays, and goes when that is over', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', evidence);
    await says(desk, 'ana', 'declare a key leaked');
    await says(desk, 'ana', 'role INC-1 security-lead @bob');
    expect(await refused(desk, 'ana', 'undefine security-lead')).toContain(
      'Bob in INC-1 holds security-lead',
    );
    await says(desk, 'ana', 'resolve INC-1');
    expect(await says(desk, 'ana', 'undefine sec')).toContain('There is no role security-lead any more');
    expect(await says(desk, 'ana', 'roles INC-1')).toContain('security-lead: Bob');
    expect(await refused(desk, 'ana', 'role INC-1 security-lead @eve')).toContain('There is no role');
    expect(await refused(desk, 'ana', 'handover INC-1 me @bob')).toContain('say the role first, then who');
  });

  test('whoever may not know of the incident is not told which it is', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', evidence);
    await says(desk, 'ana', 'declare a key leaked private');
    await says(desk, 'ana', 'role INC-1 security-lead @bob');
    const said = await refused(desk, 'eve', 'undefine security-lead');
    expect(said).toContain('Somebody holds security-lead while the incident is open');
    expect(said).not.toMatch(/INC-1|Bob/);
  });

  test('a usual role gets words of the workspace’s own, and loses only these', async () => {
    const desk = await openDesk(engine);
    expect(await refused(desk, 'ana', 'define commander')).toContain(
      'There is a role commander already (decides, delegates, keeps the whole in view)',
    );
    await says(desk, 'ana', 'define commander Call the duty manager first.');
    const listed = await says(desk, 'ana', 'roles');
    expect(listed).toContain('commander: decides, delegates, keeps the whole in view. Call the duty manager');
    expect(await refused(desk, 'bob', 'define commander Call the duty manager first.')).toContain('already');
    expect(await says(desk, 'ana', 'undefine commander')).toContain('usual duty');
    expect(await says(desk, 'ana', 'roles')).not.toContain('duty manager');
    expect(await refused(desk, 'ana', 'undefine commander')).toContain('a usual role');
  });

  test('what a file says is shown with the file, and may be said anew here', async () => {
    const desk = await openDesk(engine);
    const role = { name: 'bridge', instructions: 'Open the call.', origin: 'roles.yaml' };
    await desk.execute(recordResult.given([roleDefined(role, { stream: rolesStream })]), desk.ask());
    expect(await says(desk, 'ana', 'roles')).toContain('bridge: Open the call. (roles.yaml)');
    expect(await says(desk, 'ana', 'define bridge Open two calls.')).toContain('roles.yaml says it too');
    expect(await says(desk, 'ana', 'roles')).toContain('bridge: Open two calls.');
  });

  test('words in another’s markup stay words', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', 'define bridge <!channel> *call* & wait');
    expect((await desk.say('ana', 'roles')).text).toContain('bridge: &lt;!channel&gt; *call* &amp; wait');
  });

  test('an old assignment reads as ever, and all is made again by a rebuild', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', evidence);
    await says(desk, 'ana', 'define gone Nothing.');
    await says(desk, 'ana', 'undefine gone');
    await says(desk, 'ana', 'declare a key leaked');
    await says(desk, 'ana', 'role INC-1 ic me');
    await says(desk, 'ana', 'role INC-1 security-lead @bob at:10:31');
    const state = await dump(desk.db, stateTables);
    expect(state.roleDefinition).toHaveLength(1);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, stateTables)).toEqual(state);
  });
});

test('two who define and give at once agree: no role is held that was just taken away', async () => {
  const desk = await openDesk('sqlite');
  await says(desk, 'ana', evidence);
  await says(desk, 'ana', 'declare a key leaked');
  const outcomes = await Promise.all([
    desk.say('bob', 'role INC-1 security-lead me'),
    desk.say('eve', 'undefine security-lead'),
  ]);
  expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(1);
});
