// What people are told when an incident goes on in another, when a role is given over their heads, and what is frozen.
import { describe, expect, test } from 'vitest';
import { movedView, offerView } from '../../../src/features/handover/views.js';
import { recordMember } from '../../../src/features/incident/index.js';
import { announcementView, summaryView } from '../../../src/features/places/views.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, people } from '../../helpers/desk.js';
import { refused, says, until } from '../../helpers/telling.js';

async function open(engine: 'sqlite' | 'postgresql', ...lines: string[]): Promise<Desk> {
  const desk = await openDesk(engine);
  for (const line of lines) await says(desk, 'ana', line);
  await desk.turn();
  return desk;
}

const read = (desk: Desk) => desk.db.of(desk.workspace.id).read;

/** What waits to be said, one after the other, with whom it goes to. */
async function said(desk: Desk): Promise<{ to: string; text: string }[]> {
  const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' }, orderBy: { id: 'asc' } });
  return jobs.map(({ payload }) => {
    const it = payload as { destination: { to: string; userId?: string }; message: { text: string } };
    return { to: it.destination.userId ?? it.destination.to, text: it.message.text };
  });
}

describe.each(engines)('%s', (engine) => {
  test('what was merged goes on in the other: each says so, and whoever had a role hears it', async () => {
    const desk = await open(
      engine,
      'declare writes are stuck sev:1 on:api/prod',
      'role INC-1 commander @bob',
      'task INC-1 tell the vendor owner:@eve',
      'note INC-1 hypothesis: dns',
      'freeze INC-1 nothing leaves for:3h now',
      'handover INC-1 commander @eve',
      'declare db is down sev:2 on:db/prod anyway',
      'role INC-2 commander me',
    );
    const offer = await desk.db.read.handover.findFirstOrThrow();
    expect(await says(desk, 'ana', 'merge INC-1 INC-2')).toMatch(
      /INC-1 was SEV1, and INC-2 is SEV2: if it is as bad, .*severity INC-2 1/,
    );
    await desk.turn();
    const { id } = await desk.db.read.incident.findFirstOrThrow({ where: { number: 1 } });
    for (const view of [summaryView, announcementView])
      expect((await view(read(desk), id))?.text).toContain('goes on in INC-2');
    for (const line of ['brief INC-1', 'show INC-1'])
      expect(await says(desk, 'bob', line), line).toContain('goes on in INC-2');
    const brief = await says(desk, 'bob', 'brief INC-2');
    expect(brief).toContain('From INC-1: 1 open task (T1), 1 hypothesis, api/prod: /incident brief INC-1');
    expect(brief).toMatch(/Frozen now: FRZ-1 \(hard, by its cord\) nothing leaves/);
    const moved = await desk.db.read.job.findMany({ where: { kind: 'show' } });
    const told = moved
      .map(({ payload }) => payload as { view: string; about: string })
      .filter(({ view }) => view === 'handoverMoved');
    expect(told).toMatchObject([{ about: `${id} ${people.bob.id}` }]);
    expect((await movedView(read(desk), told[0]?.about ?? ''))?.text).toMatch(
      /INC-1 goes on in INC-2, commander: @Ana.*role INC-2 commander me/s,
    );
    expect((await offerView(read(desk), offer.id))?.text).toMatch(/no longer offered.*goes on in INC-2/s);
    expect(await refused(desk, 'eve', 'accept INC-1 commander')).toMatch(
      /goes on in INC-2.*role INC-2 commander me/,
    );
    expect(await refused(desk, 'eve', 'decline INC-1 commander')).toContain('goes on in INC-2');
  });

  test('an offer of an incident that is over says so', async () => {
    const desk = await open(
      engine,
      'declare it is down',
      'role INC-1 commander me',
      'handover INC-1 commander @bob',
    );
    await says(desk, 'ana', 'resolve INC-1');
    await desk.turn();
    const text = await refused(desk, 'bob', 'accept INC-1 commander');
    expect(text).toContain('INC-1 is resolved: there is nothing to accept any more');
  });

  test('an offer that a resolve ended by a slip does not come back, and both hear that', async () => {
    const desk = await open(engine, 'declare it is down', 'role INC-1 commander me');
    await says(desk, 'ana', 'handover INC-1 commander @bob');
    await desk.turn();
    await says(desk, 'ana', 'resolve INC-1');
    await desk.turn();
    await says(desk, 'ana', 'undo INC-1');
    await desk.turn();
    const told = (await said(desk)).filter(({ text }) => text.includes('ended with its end'));
    expect(told.map(({ to }) => to).sort()).toEqual(['U0ANA', 'U0BOB']);
    expect(told.find(({ to }) => to === 'U0ANA')?.text).toMatch(
      /INC-1 goes on.*Offer it again: .*\/incident handover INC-1 commander @user/,
    );
    await says(desk, 'ana', 'handover INC-1 commander @bob');
    await says(desk, 'ana', 'resolve INC-1');
    await desk.turn();
    desk.now = new Date(desk.now.getTime() + 600_000);
    await says(desk, 'ana', 'reopen INC-1 it is back');
    await desk.turn();
    expect((await said(desk)).filter(({ text }) => text.includes('ended with its end'))).toHaveLength(2);
  });

  test('a brief shows what is frozen now over what is affected, whoever froze it, and nothing that is over', async () => {
    const desk = await open(
      engine,
      'declare writes are stuck on:api/prod',
      'freeze INC-1 the first for:1h now',
    );
    for (const line of [
      '/freeze on a migration on:api/prod for:8h',
      '/freeze on elsewhere on:web/prod for:8h',
    ])
      await says(desk, 'bob', line);
    expect(await says(desk, 'ana', 'brief INC-1')).toMatch(
      /Frozen now: FRZ-1 .*the first.*FRZ-2 \(hard\) a migration — Bob/,
    );
    await until(desk, '2026-03-10T13:00Z');
    const later = await says(desk, 'ana', 'brief INC-1');
    expect(later).toContain('Frozen now: FRZ-2');
    expect(later).not.toMatch(/FRZ-1|FRZ-3/);
  });

  test('whose role is offered by somebody else hears it, and can stop it', async () => {
    const desk = await open(
      engine,
      'declare it is down',
      'role INC-1 commander @bob',
      'handover INC-1 commander @eve',
    );
    const told = (await said(desk)).filter(({ to }) => to === people.bob.id);
    expect(told).toEqual([
      {
        to: people.bob.id,
        text: expect.stringMatching(
          /Ana asks Eve to take over commander of INC-1 from you.*decline INC-1 commander/,
        ),
      },
    ]);
    expect(await says(desk, 'bob', 'decline INC-1 commander')).toContain('Eve is no longer asked');
    expect(await says(desk, 'bob', 'handover INC-1 commander @ana')).toContain('Ana is asked');
    expect((await said(desk)).filter(({ to }) => to === people.bob.id)).toHaveLength(1);
  });

  test('an offer to somebody else that is taken back asks nobody, and says so', async () => {
    const desk = await open(
      engine,
      'declare it is down',
      'role INC-1 commander me',
      'handover INC-1 commander @bob',
      'handover INC-1 commander @eve',
    );
    expect(await says(desk, 'ana', 'undo INC-1')).toMatch(
      /nobody is asked now: Bob, asked before, is not asked again/,
    );
  });

  test('in a drill whoever is outside is asked in its channel alone, and the reply says so', async () => {
    const desk = await open(
      engine,
      'declare a game drill',
      'role INC-1 commander me',
      'role INC-1 scribe @eve',
    );
    expect(await says(desk, 'ana', 'handover INC-1 commander @bob')).toContain('not in this drill');
    expect(await says(desk, 'ana', 'handover INC-1 commander @eve')).not.toContain('not in this drill');
  });

  test('a private incident hears once that its commander left, and who may take the role', async () => {
    const desk = await open(engine, 'declare the keys leaked private', 'role INC-1 commander @bob');
    await desk.db.write((tx) => tx.incident.updateMany({ data: { channelId: 'C0PRIVATE' } }));
    const { id, name } = people.bob;
    const member = (joined: boolean) =>
      desk.execute(
        recordMember.given({ channelId: 'C0PRIVATE', person: { id, name }, joined }),
        desk.ask('bob'),
      );
    await member(true);
    await member(false);
    await desk.turn();
    expect((await said(desk)).filter(({ text }) => text.includes('left'))).toEqual([
      { to: 'incident', text: expect.stringMatching(/Bob left.* still commander.*role commander me/) },
    ]);
  });
});
