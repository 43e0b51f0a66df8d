// Breaking the glass: who is in an incident lets themselves through, before everybody, and somebody else reviews it.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { drawHome } from '../../../src/features/home/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName } from '../../helpers/desk.js';
import { refused } from '../../helpers/telling.js';
import { accepted, freeze, recorded, sent, through, use } from './help.js';

const why = 'the fix for the writes must go out now';

async function until(desk: Desk, time: string): Promise<void> {
  desk.now = new Date(time);
  await desk.turn();
}

async function home(desk: Desk, person: PersonName): Promise<string> {
  const { text } = await drawHome(features, desk.db.of(desk.workspace.id).read, desk.ask(person));
  return text;
}

async function shown(desk: Desk): Promise<string> {
  const row = await desk.db.read.freezeException.findFirstOrThrow({ orderBy: { number: 'desc' } });
  const view = features
    .flatMap((each) => Object.entries(each.views ?? {}))
    .find(([name]) => name === 'exception')?.[1];
  const message = await view?.(desk.db.of(desk.workspace.id).read, row.id, desk.workspace);
  return message?.text ?? '';
}

describe.each(engines)('on %s', (engine) => {
  test('who holds a role in an open incident is through at once, and everybody hears it', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck on:api/prod');
    await accepted(desk, 'ana', 'role INC-1 operations @bob');
    await freeze(desk, { owner: 'eve' });
    const reply = await accepted(desk, 'bob', `/freeze break FRZ-1 on:api/prod ${why}`);
    expect(reply).toContain('EXC-1: you are through FRZ-1.');
    expect(reply).toContain(
      'announced in the channel of changes, on the incident, and to the freeze’s owner',
    );
    expect(await through(desk, { exception: 1 }, 'api/prod', [1])).toBe(1);
    expect((await sent(desk)).map(({ to, view }) => [to, view])).toEqual([
      ['changes', 'exception'],
      ['U0EVE', 'exception'],
    ]);
    const [told] = (await sent(desk, 'said/')).filter((each) => each.text.includes('EXC-1'));
    expect(told?.text).toContain('the glass is broken by Bob, through FRZ-1 for api/prod');
    expect(await shown(desk)).toContain('EXC-1 The glass is broken: Bob of INC-1, through FRZ-1');
    expect((await recorded(desk, 'ExceptionBroken'))[0]?.data).toMatchObject({ role: 'operations of INC-1' });
  });

  test('who is in none is told who could let them, and what is left', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    const alone = await refused(desk, 'bob', `/freeze break FRZ-1 on:api/prod ${why}`);
    expect(alone).toContain('No incident is open');
    await accepted(desk, 'ana', 'declare writes are stuck on:api/prod');
    await accepted(desk, 'ana', 'role INC-1 commander @ana');
    const said = await refused(desk, 'bob', `/freeze break FRZ-1 on:api/prod ${why}`);
    expect(said).toContain(
      'INC-1: Ana, its commander, can give you one: /incident role INC-1 operations @Bob',
    );
    expect(said).toContain(`/freeze except FRZ-1 ${why} on:api/prod`);
    expect(await recorded(desk, 'ExceptionBroken')).toEqual([]);
  });

  test('neither a resolved incident nor a drill opens a real freeze', async () => {
    const desk = await openDesk(engine);
    await freeze(desk, { owner: 'eve' });
    await accepted(desk, 'ana', 'declare practice on:api/prod drill');
    await accepted(desk, 'ana', 'role INC-1 operations @bob');
    await accepted(desk, 'ana', 'declare writes are stuck on:api/prod');
    await accepted(desk, 'ana', 'role INC-2 operations @bob');
    await accepted(desk, 'ana', 'resolve INC-2');
    expect(await refused(desk, 'bob', `/freeze break FRZ-1 on:api/prod ${why}`)).toContain(
      'a resolved one or a drill does not count',
    );
  });

  test('a drill’s freeze is opened by who is in that drill, and by nobody else', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare practice on:api/prod drill');
    await accepted(desk, 'ana', 'declare writes are stuck on:api/prod');
    await accepted(desk, 'ana', 'role INC-2 operations @bob');
    await freeze(desk, { incident: 1, drill: true });
    expect(await refused(desk, 'bob', `/freeze break FRZ-1 on:api/prod ${why}`)).toContain(
      'a role in this drill',
    );
    await accepted(desk, 'ana', 'role INC-1 operations @bob');
    await accepted(desk, 'bob', `/freeze break FRZ-1 on:api/prod ${why}`);
    expect((await sent(desk)).filter((each) => each.to === 'changes')).toEqual([]);
  });

  test('a private incident is not revealed by it', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare a leak of keys private on:api/prod');
    await accepted(desk, 'ana', 'role INC-1 operations @bob');
    await freeze(desk, { owner: 'eve' });
    const reply = await accepted(desk, 'bob', `/freeze break FRZ-1 on:api/prod ${why}`);
    expect(reply).toContain('without your incident');
    expect(await shown(desk)).not.toMatch(/INC-|operations|leak/);
    expect((await recorded(desk, 'ExceptionBroken'))[0]?.data).toMatchObject({ role: 'a responder' });
    const outside = await sent(desk);
    expect(outside.map((each) => each.text).join()).not.toMatch(/INC-|leak/);
  });

  test('the review is asked for when it is over, loudly when it is overdue, and once each', async () => {
    const desk = await openDesk(engine);
    // A Friday: the next working day is Monday.
    desk.now = new Date('2026-03-13T15:00:00Z');
    await accepted(desk, 'ana', 'declare writes are stuck on:api/prod');
    await accepted(desk, 'ana', 'role INC-1 operations @bob');
    await freeze(desk, { owner: 'eve', until: '2026-03-20T00:00:00Z' });
    const reply = await accepted(desk, 'bob', `/freeze break FRZ-1 on:api/prod ${why}`);
    expect(reply).toContain('16 Mar 2026 15:00 UTC');
    const row = () => desk.db.read.freezeException.findFirstOrThrow();
    expect((await row()).reviewDueAt?.toISOString()).toBe('2026-03-16T15:00:00.000Z');
    await desk.turn();
    expect(await recorded(desk, 'ExceptionReviewAsked')).toEqual([]);
    await use(desk, 1);
    await until(desk, '2026-03-13T16:00:00Z');
    await desk.turn();
    expect((await sent(desk, 'exceptionReview')).map((each) => each.to)).toEqual(['U0EVE']);
    expect(await home(desk, 'eve')).toContain('EXC-1 Bob broke the glass');
    expect(await home(desk, 'bob')).not.toContain('broke the glass');
    await until(desk, '2026-03-16T15:00:00Z');
    expect((await recorded(desk, 'ExceptionReviewAsked')).map(({ at, data }) => [at, data.overdue])).toEqual([
      ['2026-03-13T16:00', false],
      ['2026-03-16T15:00', true],
    ]);
    const overdue = (await sent(desk, 'exceptionReview')).filter((each) => each.to === 'changes');
    expect(overdue[0]?.text).toContain('The review of EXC-1 is overdue');
    await until(desk, '2026-03-17T15:00:00Z');
    expect(await recorded(desk, 'ExceptionReviewAsked')).toHaveLength(3);

    expect(await refused(desk, 'bob', '/freeze review EXC-1 it was fine')).toContain(
      'somebody else reviews it',
    );
    await accepted(desk, 'eve', '/freeze review EXC-1 it was needed; test the fix beforehand next time');
    expect(await refused(desk, 'ana', '/freeze review EXC-1 fine by me')).toContain('Eve reviewed EXC-1');
    expect(await home(desk, 'eve')).not.toContain('broke the glass');
    expect(await shown(desk)).toContain('test the fix beforehand next time');
    // Nothing is asked any more, and Bob hears what was found.
    await until(desk, '2026-03-19T15:00:00Z');
    expect(await recorded(desk, 'ExceptionReviewAsked')).toHaveLength(3);
    expect((await sent(desk)).filter((each) => each.to === 'U0BOB')).not.toEqual([]);
  });

  test('App Home shows whoever may approve what waits, and nobody else', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 on:api/prod ${why}`);
    expect(await home(desk, 'ana')).toContain(`EXC-1 Bob asks for a way through FRZ-1: ${why}`);
    expect(await home(desk, 'bob')).not.toContain('EXC-1');
    expect(await home(desk, 'eve')).not.toContain('EXC-1');
    const { now } = desk;
    desk.at('16:00');
    expect(await home(desk, 'ana')).not.toContain('EXC-1');
    desk.now = now;
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    expect(await home(desk, 'ana')).not.toContain('EXC-1');
    expect(await accepted(desk, 'eve', '/freeze exceptions')).toContain('Approved by Ana, good until');
    expect(await accepted(desk, 'eve', '/freeze exceptions EXC-1')).toContain(why);
  });

  test('only a broken glass is reviewed', async () => {
    const desk = await openDesk(engine);
    await freeze(desk);
    await accepted(desk, 'bob', `/freeze except FRZ-1 on:api/prod ${why}`);
    await accepted(desk, 'ana', '/freeze approve EXC-1');
    expect(await refused(desk, 'ana', '/freeze review EXC-1 all is well')).toContain('only a broken glass');
  });

  test('redacted on the timeline, its words are gone from its row and from what shows it', async () => {
    const desk = await openDesk(engine);
    await accepted(desk, 'ana', 'declare writes are stuck on:api/prod');
    await accepted(desk, 'ana', 'role INC-1 operations @bob');
    await freeze(desk, { incident: 1, owner: 'eve' });
    await accepted(desk, 'bob', '/freeze break FRZ-1 on:api/prod the key hunter2 is in the log');
    await use(desk, 1, 'Deploy hunter2');
    const entries = await desk.db.read.entry.findMany({ where: { text: { contains: 'hunter2' } } });
    expect(entries).toHaveLength(2);
    for (const entry of entries) await accepted(desk, 'ana', `redact INC-1 #${entry.seq} a secret`);
    await desk.turn();
    const row = await desk.db.read.freezeException.findFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('hunter2');
    expect(await shown(desk)).not.toContain('hunter2');
    expect(await recorded(desk, 'ExceptionRedrawn')).toHaveLength(2);
    // The line of the use is drawn a second time, in its place.
    const [first, second] = await sent(desk, 'exceptionUse');
    expect(second).toEqual(first);
    // Made again from the record it is the same.
    await rebuild(desk.db, features, projectFacts);
    expect(await desk.db.read.freezeException.findFirstOrThrow()).toEqual(row);
  });
});
