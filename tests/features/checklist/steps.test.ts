// Checklists: steps, owners, and those that need a second person.
import { describe, expect, test } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { readCatalog } from '../../../src/features/catalog/index.js';
import { importCatalog } from '../../../src/features/catalog-people/index.js';
import { views } from '../../../src/features/checklist/views.js';
import { drawHome } from '../../../src/features/home/index.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, type PersonName, stateTables } from '../../helpers/desk.js';
import { deskWithChecklists, refused, said, timeline } from './help.js';

const run = (desk: Desk) => desk.db.read.checklistRun.findFirstOrThrow();

/** What people are told one by one, each message as it is drawn now. */
async function letters(desk: Desk): Promise<{ to: string; text: string }[]> {
  const jobs = await desk.db.read.job.findMany({ where: { kind: 'show' }, orderBy: { id: 'asc' } });
  const shows = jobs.map(
    (job) => job.payload as { view: string; slot: string; about?: string; destination: { userId?: string } },
  );
  const own = new Map(shows.filter(({ view }) => view === 'checklistOwner').map((each) => [each.slot, each]));
  return Promise.all(
    [...own.values()].map(async ({ about = '', destination }) => ({
      to: destination.userId ?? '',
      text: await drawn(desk, 'checklistOwner', about),
    })),
  );
}

async function drawn(desk: Desk, view: string, about: string): Promise<string> {
  return (await views[view]?.(desk.db.of(desk.workspace.id).read, about, desk.workspace))?.text ?? '';
}

const home = async (desk: Desk, person: PersonName) =>
  (await drawHome(features, desk.db.of(desk.workspace.id).read, desk.ask(person))).text;

describe.each(engines)('%s', (engine) => {
  test('a checklist is gone through, and the timeline says who did what', async () => {
    const desk = await deskWithChecklists(engine);
    const begun = await said(desk, 'ana', 'checklist INC-1 rollback');
    expect(begun).toContain('3 steps');
    expect(begun).toContain('Told: Ana (step 2)');
    expect(begun).toContain('Nobody is operations yet');
    expect(await said(desk, 'bob', 'check INC-1 rollback 1 the queue is stopped')).toContain(
      'Next: 2 The deployment list is checked (Ana, commander)',
    );
    // One checklist is under way, so its name may be left out.
    expect(await said(desk, 'ana', 'check INC-1 2')).toContain('/incident second INC-1 rollback 2');
    expect(await said(desk, 'bob', 'second INC-1 2')).toContain('rollback 2 is confirmed; Ana did it');
    expect((await run(desk)).endedAt).toBeNull();
    expect(await said(desk, 'eve', 'skip INC-1 3 nobody noticed')).toContain('finished');
    expect((await run(desk)).endedAt).toEqual(desk.now);
    expect(await timeline(desk)).toEqual([
      'Ana: Checklist “Take the release back” begun: 3 steps',
      'Bob: Done: rollback 1, Stop the pipeline: the queue is stopped',
      'Ana: Done: rollback 2, The deployment list is checked',
      'Bob: Confirmed: rollback 2, The deployment list is checked, done by Ana',
      'Eve: Skipped: rollback 3, Tell support: nobody noticed',
      'Eve: Checklist “Take the release back” finished: 2 done, 1 skipped',
    ]);
    expect(await said(desk, 'ana', 'checklists INC-1')).toContain('rollback: finished');
  });

  test('whoever did a step cannot be its second person', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'eve', 'role INC-1 operations me');
    await said(desk, 'ana', 'checklist INC-1 rollback');
    expect(await refused(desk, 'bob', 'second INC-1 rollback 2')).toContain('Nobody has said');
    await said(desk, 'ana', 'check INC-1 rollback 2');
    const why = await refused(desk, 'ana', 'second INC-1 rollback 2');
    expect(why).toContain('You did it yourself');
    expect(why).toContain('Anybody but Ana may, such as Eve (operations)');
    expect(await refused(desk, 'bob', 'second INC-1 rollback 1')).toContain('needs no second person');
    // A token, and the command line of somebody of that name, might be Ana.
    const token = { kind: 'pipeline', id: 'token:1', name: 'ci', zone: null } as const;
    const byToken = await desk.say('ana', 'second INC-1 rollback 2', { actor: token });
    expect(byToken).toMatchObject({ accepted: false });
    await said(desk, 'bob', 'second INC-1 rollback 2');
    expect(await refused(desk, 'eve', 'second INC-1 rollback 2')).toContain('confirmed by Bob before');
  });

  test('a step that is done from a command line is not confirmed by whoever bears that name', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 rollback');
    const outside = { kind: 'person', id: 'cli:bob', name: 'bob', zone: null } as const;
    await desk.say('bob', 'check INC-1 rollback 2', { actor: outside });
    expect(await refused(desk, 'bob', 'second INC-1 rollback 2')).toContain('which is your name');
    await said(desk, 'ana', 'second INC-1 rollback 2');
  });

  test('of two at once one has done it, and the other sees who', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 rollback');
    const both = await Promise.all([
      desk.say('ana', 'check INC-1 rollback 1'),
      desk.say('bob', 'check INC-1 rollback 1'),
    ]);
    const [first] = both.filter((each) => each.accepted);
    const [second] = both.filter((each) => !each.accepted);
    expect(first?.text).toContain('rollback 1 is done');
    expect(second?.text).toMatch(/rollback 1 was done by (Ana|Bob) before/);
    expect(await desk.db.read.fact.count({ where: { type: 'ChecklistStepDone' } })).toBe(1);
  });

  test('a step is opened again, also of a checklist that was finished', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 "empty the queue"');
    await said(desk, 'ana', 'check INC-1 "empty the queue" 1');
    await said(desk, 'ana', 'check INC-1 "empty the queue" 2');
    expect((await run(desk)).endedAt).not.toBeNull();
    expect(await refused(desk, 'ana', 'check INC-1 2')).toContain('was done by Ana before');
    await said(desk, 'bob', 'uncheck INC-1 "empty the queue" 1');
    expect((await run(desk)).endedAt).toBeNull();
    expect(await refused(desk, 'bob', 'uncheck INC-1 1')).toContain('is open');
    await said(desk, 'bob', 'skip INC-1 1 it is known');
    expect((await run(desk)).endedAt).not.toBeNull();
    // What was skipped can be done after all.
    await said(desk, 'bob', 'check INC-1 1 done all the same');
  });

  test('words that mean no step say which there are', async () => {
    const desk = await deskWithChecklists(engine);
    expect(await refused(desk, 'ana', 'check INC-1 rollback 1')).toContain('has no checklist');
    const unknown = await refused(desk, 'ana', 'checklist INC-1 rollbak');
    expect(unknown).toContain('There is no checklist “rollbak”');
    expect(unknown).toContain('rollback: Take the release back');
    expect(unknown).toContain('andon catalog import FILE');
    await said(desk, 'ana', 'checklist INC-1 ROLLBACK');
    expect(await refused(desk, 'bob', 'checklist INC-1 rollback')).toContain('under way');
    expect(await refused(desk, 'ana', 'check INC-1 rollback 4')).toContain('1 to 3');
    expect(await refused(desk, 'ana', 'check INC-1 rollback')).toContain('Say which step');
    expect(await refused(desk, 'ana', 'check INC-1 deploy 1')).toContain('has begun no checklist “deploy”');
    expect(await refused(desk, 'ana', 'skip INC-1 rollback 1')).toContain('Say why');
    await said(desk, 'ana', 'checklist INC-1 "empty the queue"');
    expect(await refused(desk, 'ana', 'check INC-1 1')).toContain('Say of which checklist');
  });

  test('without any in the catalogue the way to add one is said', async () => {
    const desk = await openDesk(engine);
    await said(desk, 'ana', 'declare it is down');
    expect(await refused(desk, 'ana', 'checklist INC-1 rollback')).toContain('checklists:');
    expect(await said(desk, 'ana', 'checklists')).toContain('andon catalog import FILE');
  });

  test('owners are told once of their steps, and whoever takes a role of those that are left', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 rollback');
    await said(desk, 'ana', 'checklist INC-1 "empty the queue"');
    await desk.turn();
    const begun = await letters(desk);
    expect(begun.map((each) => each.to).sort()).toEqual(['U0ANA', 'U0EVE']);
    expect(begun.find((each) => each.to === 'U0ANA')?.text).toContain(
      'Take the release back in INC-1: a step is yours',
    );
    await said(desk, 'ana', 'role INC-1 operations @bob');
    await desk.turn();
    const told = await letters(desk);
    expect(told).toHaveLength(3);
    expect(told.find((each) => each.to === 'U0BOB')?.text).toContain(
      'a step is yours.\n• 1 Stop the pipeline',
    );
    // What is done is nobody's any more.
    await said(desk, 'bob', 'check INC-1 rollback 1');
    await said(desk, 'bob', 'role INC-1 operations @eve');
    await desk.turn();
    expect(await letters(desk)).toHaveLength(3);
  });

  test('of a private incident nobody is told who may not know of it', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'declare a leak private');
    const reply = await said(desk, 'ana', 'checklist INC-2 "empty the queue"');
    expect(reply).toContain('Not told, for they are not in this private incident: U0EVE');
    expect((await letters(desk)).filter((each) => each.to === 'U0EVE')).toEqual([]);
    expect((await desk.say('eve', 'check INC-2 1')).text).toContain('There is no INC-2');
  });

  test('whoever is let into a private incident hears of their steps, once', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'eve', 'tasks mine');
    await said(desk, 'ana', 'declare a leak private');
    await said(desk, 'ana', 'checklist INC-2 "empty the queue"');
    await said(desk, 'ana', 'checklist INC-2 rollback');
    await said(desk, 'ana', 'role INC-2 operations @eve');
    await desk.turn();
    const told = (await letters(desk)).filter((each) => each.to === 'U0EVE');
    expect(told.map((each) => each.text.split('\n')[0]).sort()).toEqual([
      'Empty the queue by hand in INC-2: a step is yours.',
      'Take the release back in INC-2: a step is yours.',
    ]);
  });

  test('a step with two people is left out by its owner or the commander only, and the words are shown', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 rollback');
    const { id } = await run(desk);
    expect(await refused(desk, 'bob', 'skip INC-1 2 no time')).toContain('Ana may skip it');
    expect(await said(desk, 'bob', 'check INC-1 2 I looked twice')).toContain(
      'done by you; a second person confirms: /incident second INC-1 rollback 2',
    );
    expect(await refused(desk, 'bob', 'skip INC-1 2 no time')).toContain('Ana may skip it');
    expect(await drawn(desk, 'checklist', id)).toContain('I looked twice');
    await said(desk, 'ana', 'skip INC-1 2 the list is gone');
    expect(await drawn(desk, 'checklist', id)).toContain('the list is gone');
    const { seq } = await desk.db.read.entry.findFirstOrThrow({
      where: { text: { contains: 'list is gone' } },
    });
    await said(desk, 'ana', `redact INC-1 ${seq} a password`);
    expect(await drawn(desk, 'checklist', id)).not.toContain('the list is gone');
    const before = await dump(desk.db, stateTables);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, stateTables)).toEqual(before);
  });

  test('App Home has the steps of whoever looks, and those that they may confirm', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 rollback');
    expect(await home(desk, 'ana')).toContain('rollback 2 · The deployment list is checked');
    expect(await home(desk, 'bob')).not.toContain('The deployment list');
    await said(desk, 'bob', 'check INC-1 2');
    expect(await home(desk, 'ana')).toContain('Bob did it, you may confirm it');
    const [letter] = await letters(desk);
    expect(letter?.text).toContain('nothing is left of your steps');
    await said(desk, 'ana', 'second INC-1 2');
    expect(await home(desk, 'ana')).not.toContain('The deployment list');
  });

  test('what is left when the incident is over is said, and the brief counts it', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 rollback');
    await said(desk, 'ana', 'check INC-1 1');
    expect(await said(desk, 'ana', 'brief INC-1')).toContain('Checklists: rollback 1 of 3');
    const { incidentId } = await run(desk);
    expect(await drawn(desk, 'checklistsLeft', incidentId)).toBe('');
    await said(desk, 'ana', 'resolve INC-1');
    const left = await drawn(desk, 'checklistsLeft', incidentId);
    expect(left).toContain('rollback: 1 of 3 done. Open: 2');
    expect(left).toContain('/incident skip INC-1 rollback 2 REASON');
    const draft = features.find(({ name }) => name === 'postmortem')?.documents?.md;
    const { content } = (await draft?.(desk.db.of(desk.workspace.id).read, incidentId, desk.workspace)) ?? {
      content: '',
    };
    expect(content).toContain('- [ ] **rollback 2** The deployment list is checked');
    expect(content).not.toContain('**rollback 1**');
    await said(desk, 'ana', 'followup INC-1 alert on it');
    expect(await said(desk, 'ana', 'close INC-1')).toContain('Still to be done: T1');
  });

  test('at the end a step that waits for a second person is named, and what was skipped is not called done', async () => {
    const desk = await deskWithChecklists(engine);
    for (const line of ['checklist INC-1 rollback', 'check INC-1 2', 'skip INC-1 3 nobody there'])
      await said(desk, 'ana', line);
    await said(desk, 'ana', 'resolve INC-1');
    const { incidentId } = await run(desk);
    const left = await drawn(desk, 'checklistsLeft', incidentId);
    expect(left).toContain('rollback: 0 of 3 done, 1 skipped, 1 to confirm. Open: 1 Stop the pipeline.');
    expect(left).toMatch(/To confirm, by somebody other than Ana: 2 .*\/incident second INC-1 rollback 2/);
    await said(desk, 'ana', 'check INC-1 1');
    expect(await drawn(desk, 'checklistsLeft', incidentId)).not.toContain('Open:');
  });

  test('an owner whom Slack does not know is named, and a name of two words needs no quotes', async () => {
    const desk = await deskWithChecklists(engine);
    const vendor = 'checklists: { call: { steps: [{ text: Call them, owner: "@vendor" }] } }';
    await desk.execute(importCatalog.given(readCatalog(vendor, 'vendor.yaml')), desk.ask());
    expect(await said(desk, 'ana', 'checklist INC-1 call')).toContain('Slack knows no vendor (step 1)');
    await said(desk, 'ana', 'checklist INC-1 "empty the queue"');
    expect(await said(desk, 'ana', 'check INC-1 empty the queue 1')).toContain('empty the queue 1 is done');
  });

  test('a step taken back within a minute is open again, and blocks nothing', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 "empty the queue"');
    await said(desk, 'ana', 'check INC-1 1');
    await said(desk, 'bob', 'check INC-1 2');
    expect((await run(desk)).endedAt).not.toBeNull();
    await said(desk, 'ana', 'undo INC-1');
    await desk.turn();
    expect((await run(desk)).endedAt).toBeNull();
    expect(await said(desk, 'ana', 'checklists INC-1')).toContain('1 of 2 done. Next: 1');
    // Bob has said something of it, so that it was begun stays.
    expect((await desk.say('ana', 'undo INC-1')).accepted).toBe(false);
  });

  test('the rows made again from the record are as they were', async () => {
    const desk = await deskWithChecklists(engine);
    await said(desk, 'ana', 'checklist INC-1 rollback at:10:20');
    await said(desk, 'bob', 'check INC-1 1');
    await said(desk, 'bob', 'check INC-1 2');
    await said(desk, 'ana', 'second INC-1 2');
    await said(desk, 'bob', 'uncheck INC-1 2');
    await said(desk, 'bob', 'skip INC-1 3 no support today');
    await desk.turn();
    const before = await dump(desk.db, stateTables);
    await rebuild(desk.db, features, projectFacts);
    expect(await dump(desk.db, stateTables)).toEqual(before);
  });
});
