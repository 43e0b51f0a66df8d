// A checklist in Slack: one message that stays current, buttons for what is next, and a drill that stays one.
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/db/open.js';
import { ensureWorkspace } from '../../../src/db/workspace.js';
import { execute } from '../../../src/execute.js';
import { readCatalog } from '../../../src/features/catalog/index.js';
import { importCatalog } from '../../../src/features/catalog-people/index.js';
import { features } from '../../../src/features/index.js';
import { plainAsk } from '../../../src/plain-ask.js';
import { toldTo } from '../../helpers/changes.js';
import { say } from '../../helpers/talk.js';
import { openWorld, type World } from '../../helpers/world.js';
import { program } from '../../http/help.js';

const file = `
checklists:
  rollback:
    title: Take the release back
    steps:
      - { text: Stop the pipeline, owner: operations }
      - { text: The list is checked, owner: U0CHEN0003, second: true }
`;

/** Somebody imports the file beside Andon, as the command line does. */
async function openWithFile(): Promise<World> {
  const world = await openWorld({
    sandbox: { channels: [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }] },
  });
  const db = openDatabase(world.databaseUrl);
  const settings = { zone: 'UTC', incidentsChannel: 'incidents', changesChannel: 'changes' };
  const workspace = await ensureWorkspace(db, { ...settings, now: world.now });
  const actor = { kind: 'person', id: 'cli:root', name: 'root', zone: 'UTC' } as const;
  const ask = plainAsk(workspace, actor, 'cli', world.now());
  const outcome = await execute(
    { db, features, wake() {} },
    importCatalog.given(readCatalog(file, 'f.yaml')),
    ask,
  );
  expect(outcome.accepted).toBe(true);
  await db.close();
  return world;
}

const room = (world: World) => {
  const found = world.sandbox
    .channels()
    .find((each) => each.name.startsWith('inc-1-') || each.name.includes('inc-1'));
  if (!found) throw new Error('no channel');
  return found;
};
const shown = (world: World) =>
  room(world).messages.findLast((each) => each.text.startsWith('Checklist: Take the release back'));

/** Presses the button of this label in the incident's channel. */
async function press(world: World, person: string, label: string): Promise<string> {
  const message = room(world).messages.findLast((each) => JSON.stringify(each.blocks ?? []).includes(label));
  const parts = JSON.stringify(message?.blocks ?? []).split('{"type":"button"');
  const action =
    /"action_id":"(run:[^"]+)"/.exec(parts.find((each) => each.includes(label)) ?? '')?.[1] ?? '';
  const { id } = world.sandbox.person(person);
  if (!room(world).members.includes(id)) await world.sandbox.person(person).join(room(world).id);
  await world.sandbox.person(person).click(room(world).id, message?.ts ?? '', JSON.parse(`"${action}"`));
  await world.settled();
  return room(world).messages.findLast((each) => each.text !== '')?.text ?? '';
}

test('steps are done and confirmed by buttons, and one message shows how it stands', async () => {
  const world = await openWithFile();
  await say(world, 'ana', 'declare writes are stuck');
  await say(world, 'ana', 'checklist INC-1 rollback');
  expect(shown(world)?.text).toContain('0 of 2 done · begun by ana');
  expect(shown(world)?.text).toContain('1. open · Stop the pipeline · operations, which nobody is');
  expect(shown(world)?.text).toContain('2. open · The list is checked · @U0CHEN0003');
  expect(toldTo(world, 'chen').join('\n')).toContain('Take the release back in INC-1: a step is yours.');
  await say(world, 'bob', 'role INC-1 operations me');
  expect(shown(world)?.text).toContain('Stop the pipeline · bob, operations');
  const { ts } = shown(world) ?? {};

  await press(world, 'bob', 'Done 1: Stop the pipeline');
  await press(world, 'bob', 'Done 2: The list is checked');
  expect(shown(world)?.text).toContain('waits for somebody other than bob');
  // Whoever did it presses in vain.
  await press(world, 'bob', 'Confirm 2');
  expect(shown(world)?.text).toContain('1 of 2 done');
  await press(world, 'ana', 'Confirm 2');
  expect(shown(world)?.text).toContain('finished');
  expect(shown(world)?.text).toMatch(/done · The list is checked · bob .* · confirmed by ana/);
  expect(shown(world)?.ts).toBe(ts);
  expect(
    room(world)
      .messages.map((each) => each.text)
      .join('\n'),
  ).toContain('Finished: Take the release back. 2 done.');

  const api = await program(world, ['incidents:read', 'incidents:write'], 'ci');
  const read = await api.get('incidents/1/checklists');
  expect(read.status).toBe(200);
  expect(read.body.checklists[0]).toMatchObject({
    name: 'rollback',
    steps: [
      { number: 1, role: 'operations', owner: { name: 'bob' }, done: { name: 'bob' } },
      { number: 2, second: true, seconded: { name: 'ana' } },
    ],
  });
  expect((await api.post('incidents/1/checklists', { name: 'rollback' })).status).toBe(201);
  const done = await api.post('incidents/1/checklists/rollback/steps/1', { text: 'by the pipeline' });
  expect(done.body.steps[0]).toMatchObject({ done: { name: 'ci' } });
});

test('in a drill it is gone through in the drill’s channel, and nobody outside is told', async () => {
  const world = await openWithFile();
  await say(world, 'ana', 'declare writes are stuck drill');
  // Slack says what somebody is called whose id alone stands in the file.
  await say(world, 'chen', 'list');
  const reply = await say(world, 'ana', 'checklist INC-1 rollback');
  expect(reply).toContain('Not told, for they are not in this drill: chen (step 2)');
  expect(reply).not.toMatch(/^Told|U0CHEN/m);
  expect(shown(world)?.text).toContain('0 of 2 done');
  expect(toldTo(world, 'chen')).toEqual([]);
  const instead = room(world).messages.find((each) => each.text.includes('outside it this would go to'));
  expect(instead?.text).toContain('this would go to chen, who is not in the drill.');
  expect(instead?.text).toContain('Take the release back in INC-1: a step is yours');
  await press(world, 'ana', 'Done 1: Stop the pipeline');
  expect(shown(world)?.text).toContain('1 of 2 done');
});

test('whoever was told of steps reads it where the checklist is taken back', async () => {
  const world = await openWithFile();
  await say(world, 'ana', 'declare writes are stuck');
  await say(world, 'ana', 'checklist INC-1 rollback');
  expect(toldTo(world, 'chen').join()).toContain('a step is yours');
  await say(world, 'ana', 'undo INC-1');
  const told = toldTo(world, 'chen').join();
  expect(told).not.toContain('a step is yours');
  expect(told).toContain('That checklist was taken back: nothing of it is yours.');
});
