// Merging: which incidents may be merged, what the record then says, and how it is taken back.
import { describe, expect, test } from 'vitest';
import { recordMember } from '../../../src/features/incident/index.js';
import { placeOpened, placeStream, recordResult } from '../../../src/features/places/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, people } from '../../helpers/desk.js';

async function said(desk: Desk, line: string): Promise<string> {
  const answer = await desk.say('ana', line);
  expect(answer.accepted, answer.text).toBe(true);
  return answer.text;
}

function incidentOf(desk: Desk, number: number) {
  return desk.db.read.incident.findFirstOrThrow({ where: { number } });
}

async function letIn(desk: Desk, number: number, name: keyof typeof people): Promise<void> {
  const { id: incidentId } = await incidentOf(desk, number);
  const channelId = `C${number}`;
  const place = { incidentId, kind: 'channel', channelId, channelName: null, threadTs: null } as const;
  const opened = placeOpened({ ...place, channelName: `inc-${number}` }, { stream: placeStream(incidentId) });
  await desk.execute(recordResult.given([opened]), desk.ask());
  const bound = recordMember.given({ channelId, person: people[name], joined: true });
  expect((await desk.execute(bound, desk.ask(name))).accepted).toBe(true);
}

describe.each(engines)('merging on %s', (engine) => {
  test('two private incidents are merged only where all members of one are members of the other', async () => {
    const desk = await openDesk(engine);
    await said(desk, 'declare the keys leaked private');
    await said(desk, 'declare payroll was mailed out private');
    await letIn(desk, 2, 'eve');
    const refused = await desk.say('ana', 'merge INC-1 INC-2');
    expect(refused.accepted).toBe(false);
    expect(refused.text).toContain('have not the same members');
    expect(refused.text).toContain('Invite everybody into both channels and say it again');
    expect(await desk.db.read.fact.count({ where: { type: 'IncidentAbsorbed' } })).toBe(0);
    await letIn(desk, 1, 'eve');
    expect(await said(desk, 'merge INC-1 INC-2')).toContain('INC-1 is merged into INC-2');
  });

  test.each(['resolve', 'close'])('nothing is merged into an incident after %s', async (verb) => {
    const desk = await openDesk(engine);
    await said(desk, 'declare writes are stuck');
    await said(desk, 'declare reads are slow');
    await said(desk, `${verb} INC-2`);
    const refused = await desk.say('ana', 'merge INC-1 INC-2');
    expect(refused.accepted).toBe(false);
    expect(refused.text).toMatch(/INC-2 is (resolved|closed)\. Name the one that goes on\./);
    expect(await incidentOf(desk, 1)).toMatchObject({ status: 'investigating' });
  });

  test.each([
    ['INC-1 INC-2', 'close INC-1'],
    ['INC-2 INC-1', 'close INC-1'],
  ])('a drill and an incident are not merged: merge %s', async (names, instead) => {
    const desk = await openDesk(engine);
    await said(desk, 'declare we play that writes are stuck drill');
    await said(desk, 'declare reads are slow');
    const refused = await desk.say('ana', `merge ${names}`);
    expect(refused.accepted).toBe(false);
    expect(refused.text).toContain('INC-1 is a drill');
    expect(refused.text).toContain(`/incident ${instead}`);
    expect(await incidentOf(desk, 1)).toMatchObject({ status: 'investigating' });
    expect(await incidentOf(desk, 2)).toMatchObject({ status: 'investigating' });
  });

  test('reopening takes the merge back on both sides, and what was affected is so again', async () => {
    const desk = await openDesk(engine);
    await said(desk, 'declare writes are stuck on:api/prod');
    await said(desk, 'declare reads are slow');
    desk.at('10:50');
    await said(desk, 'merge INC-1 INC-2');
    expect(await desk.db.read.impact.count({ where: { until: null } })).toBe(0);
    for (const line of ['status INC-1 resolved', 'status INC-1 identified', 'close INC-1'])
      expect((await desk.say('ana', line)).text).toContain('/incident reopen REASON');
    expect(await said(desk, 'reopen INC-1 it is another')).toContain('no longer merged into INC-2');
    expect(await incidentOf(desk, 1)).toMatchObject({ status: 'investigating', mergedIntoId: null });
    expect(await desk.db.read.impact.findFirstOrThrow()).toMatchObject({ until: null });
    const texts = async () => (await desk.db.read.entry.findMany()).map(({ text }) => text);
    expect(await texts()).toContain('INC-1 is no longer merged into this');
    await said(desk, 'undo INC-1');
    const into = await incidentOf(desk, 2);
    expect(await incidentOf(desk, 1)).toMatchObject({ status: 'closed', mergedIntoId: into.id });
    expect(await desk.db.read.impact.count({ where: { until: null } })).toBe(0);
  });
});
