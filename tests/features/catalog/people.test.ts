// What a file says of people and of what watches: read strictly, taken over once, written again as it was.
import { describe, expect, test } from 'vitest';
import { readCatalog, settingsOf } from '../../../src/features/catalog/index.js';
import { readPeople, showWhole } from '../../../src/features/catalog-people/index.js';
import { escalationFor } from '../../../src/features/oncall/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk } from '../../helpers/desk.js';
import { everybodyKnown, imported, refusedFor, whole } from './help.js';

const file = `
origin: platform
settings:
  updates: { SEV1: 15m, SEV4: off }
roles:
  Liaison: Tell the partners every half hour.
  scribe: { instructions: Write down who decides what. }
checklists:
  rollback:
    title: Take the release back
    steps:
      - { text: Stop the pipeline, owner: liaison }
      - { text: The list is checked, owner: "@ana", second: true }
      - Tell support
schedules:
  primary: { zone: europe/berlin, ical: "https://example.com/oncall.ics" }
  nights:
escalations:
  main:
    for: [default, service:api, team:Platform]
    levels:
      - { who: [schedule:primary, "@bob"], minutes: 5 }
      - { who: "pager:pd" }
    repeat: 20m
monitors:
  prometheus: { watches: [api, db], depends_on: [proxy], heartbeat: watchdog }
services:
  api: { team: Platform, depends_on: [proxy] }
  db: {}
  proxy: {}
`;

const tables = [
  ...(['roleDefinition', 'checklist', 'schedule', 'escalation', 'monitor', 'teamSetting'] as const),
  ...(['service', 'fact'] as const),
] as const;
const readTx = (desk: Desk) => desk.db.of(desk.workspace.id).read;

test.each([
  [
    'a step that says too much',
    'checklists:\n  r:\n    steps:\n      - text: a\n        ownr: b\n',
    ['line 5', 'checklists.r.steps[1]', '“ownr”', 'text, owner, second'],
  ],
  ['a checklist without steps', 'checklists:\n  r: { title: R }\n', ['line 2', 'must have a step']],
  [
    'a second that is no yes',
    'checklists:\n  r:\n    steps: [{ text: a, second: 2 }]\n',
    ['line 3', 'second must be true'],
  ],
  ['a role of two words', 'roles:\n  two words: x\n', ['line 2', 'cannot be a role’s name']],
  ['a zone that is none', 'schedules:\n  a: { zone: Berlin/Europe }\n', ['line 2', 'Europe/Berlin']],
  [
    'a calendar that is none',
    'schedules:\n  a:\n    ical: "file:///etc/passwd"\n',
    ['line 3', 'ical must be the address of a calendar'],
  ],
  [
    'a calendar over an open line',
    'schedules:\n  a:\n    zone: UTC\n    ical: "http://127.0.0.1:4726/cal.ics"\n',
    ['line 4', 'ical goes over http://', '“plain: true”'],
  ],
  [
    'a password in the address of a calendar',
    'schedules:\n  a:\n    ical: "https://me:secret@example.com/cal.ics"\n',
    ['line 3', 'no user and no password'],
  ],
  ['plain that is no yes', 'schedules:\n  a: { plain: often }\n', ['line 2', 'plain must be true']],
  [
    'an escalation for nothing',
    'escalations:\n  a: { levels: [{ who: "@ana" }] }\n',
    ['line 2', 'must say for what'],
  ],
  [
    'a level that calls a word',
    'escalations:\n  a:\n    for: default\n    levels:\n      - who: [ops]\n',
    ['line 5', 'escalations.a.levels[1].who[1] must be whom to call', 'schedule:NAME'],
  ],
  [
    'a level of no time',
    'escalations:\n  a: { for: default, levels: [{ who: "@ana", minutes: 0 }] }\n',
    ['line 2', 'minutes must be a length of time'],
  ],
  [
    'two for the same',
    'escalations:\n  a: { for: service:api, levels: [{ who: "@ana" }] }\n  b: { for: [default, service:API], levels: [{ who: "@bob" }] }\n',
    ['line 3', 'service:API is said in a and in b'],
  ],
  [
    'a monitor’s slip',
    'monitors:\n  p:\n    watch: [api]\n',
    ['line 3', 'watches, depends_on, runs_on, heartbeat'],
  ],
  ['a cadence of no severity', 'settings:\n  updates:\n    SEV5: 1h\n', ['line 3', 'SEV1, SEV2, SEV3, SEV4']],
  ['a cadence of seconds', 'settings:\n  updates:\n    SEV1: 10s\n', ['line 3', 'off, 1m to 7d']],
  ['a cadence in words', 'settings:\n  updates:\n    SEV1: often\n', ['line 3', 'such as 30m, or off']],
])('refused: %s', (_what, text, sentences) => {
  const why = refusedFor(text);
  for (const sentence of sentences) expect(why).toContain(sentence);
  expect(why.split('\n')).toHaveLength(1);
});

describe.each(engines)('%s', (engine) => {
  test('all of it is taken over, and the same file again changes nothing', async () => {
    const desk = await openDesk(engine);
    await everybodyKnown(desk);
    const told = await imported(desk, file);
    expect(told).toContain('2 roles, 1 checklist, 2 schedules, 3 escalations, 1 monitor');
    expect(told).toContain('Added 2 roles: liaison, scribe.');
    expect(told).toContain('Added 3 escalations: default, service:api, team:Platform.');
    expect(told).toContain('Pagers that are not there cannot be called: pd');
    expect(told).toContain('updates for SEV1 every 15m, no updates for SEV4');
    // What hangs on the proxy with what it watches is said at once.
    expect(told).toContain('Careful: prometheus watches api, db, and hangs on proxy as they do');
    expect(told).not.toContain('Steps belong to roles');
    const tx = readTx(desk);
    expect(await escalationFor(tx, desk.workspace.id, { kind: 'service', id: null, name: 'api' })).toEqual({
      of: 'the service api',
      repeatMinutes: 20,
      levels: [
        {
          minutes: 5,
          whom: [
            { kind: 'schedule', id: null, name: 'primary' },
            { kind: 'person', id: 'U0BOB', name: 'Bob' },
          ],
        },
        { minutes: 5, whom: [{ kind: 'pager', id: null, name: 'pd' }] },
      ],
    });
    expect((await settingsOf(tx, desk.workspace.id)).cadence).toEqual({ SEV1: 15, SEV4: null });
    const { schedules, roles } = await readPeople(tx, desk.workspace.id);
    expect(schedules.get('primary')).toMatchObject({ zone: 'Europe/Berlin', origin: 'platform' });
    expect(roles.get('liaison')?.instructions).toBe('Tell the partners every half hour.');
    const before = await dump(desk.db, tables);
    expect(await imported(desk, file)).toContain('nothing was changed');
    expect(await dump(desk.db, tables)).toEqual(before);
  });

  test('what is written again is what was read', async () => {
    const desk = await openDesk(engine);
    await everybodyKnown(desk);
    await imported(desk, file);
    const shown = showWhole(await whole(desk), await readPeople(readTx(desk), desk.workspace.id));
    expect(shown).toMatch(/^# Careful: prometheus/);
    expect(() => readCatalog(shown, 'again.yaml')).not.toThrow();
    const before = await dump(desk.db, tables);
    expect(await imported(desk, shown, 'again.yaml')).toContain('nothing was changed');
    expect(await dump(desk.db, tables)).toEqual(before);
  });

  test('a calendar over an open line is taken from whoever says that they know, and written again so', async () => {
    const desk = await openDesk(engine);
    const text = (ical: string) => `schedules: { a: { zone: UTC, ical: "${ical}", plain: true } }`;
    await imported(desk, text('http://127.0.0.1:4726/cal.ics'));
    const shown = showWhole(await whole(desk), await readPeople(readTx(desk), desk.workspace.id));
    expect(shown).toContain('plain: true');
    expect(await imported(desk, shown)).toContain('nothing was changed');
    await imported(desk, text('webcal://example.com/cal.ics'));
    const { schedules } = await readPeople(readTx(desk), desk.workspace.id);
    expect(schedules.get('a')?.url).toBe('https://example.com/cal.ics');
  });

  test('ids of which nobody has heard are taken, and remarked on', async () => {
    const desk = await openDesk(engine);
    await everybodyKnown(desk);
    const told = await imported(
      desk,
      'services: { api: { owners: [U012AB3CD, U0BOB] } }\nescalations: { e: { for: default, levels: [{ who: [U9XYZ1234, U0ANA, U0BOT, "pager:pd"] }] } }',
    );
    expect(told).toContain('Nobody with the id U012AB3CD, U9XYZ1234 is known yet');
    expect(told).toContain('Make them with andon pager create KIND --name NAME.');
  });

  test('what the file leaves out is removed, what others said stays, and whose word was replaced is said', async () => {
    const desk = await openDesk(engine);
    await everybodyKnown(desk);
    await imported(desk, file);
    await imported(desk, 'checklists: { failover: { steps: [Look] } }', 'other.yaml');
    const told = await imported(
      desk,
      'origin: platform\nchecklists: { failover: { steps: [Look twice] } }\nescalations: { a: { for: default, levels: [{ who: ["@ana", "@nobody"] }] } }',
    );
    expect(told).toContain('Removed 1 checklist, for the file has it no more: rollback.');
    expect(told).toContain('Removed 2 escalations, for the file has it no more: service:api, team:Platform.');
    expect(told).toContain('Removed 2 schedules');
    expect(told).toContain('took the place of what others said: failover (from other.yaml)');
    expect(told).toContain(
      'Cannot be called or told, for nobody, or more than one, is known by that name: nobody',
    );
    const left = await readPeople(readTx(desk), desk.workspace.id);
    expect([...left.checklists.keys()]).toEqual(['failover']);
    expect([...left.escalations.keys()]).toEqual(['default']);
    expect([left.monitors.size, left.roles.size]).toEqual([0, 0]);
  });

  test('steps of roles that are not there, and calls of schedules that are not, are said', async () => {
    const desk = await openDesk(engine);
    const told = await imported(
      desk,
      'checklists: { r: { steps: [{ text: a, owner: pilot }] } }\nescalations: { e: { for: service:x, levels: [{ who: schedule:gone }] } }',
    );
    expect(told).toContain('Steps belong to roles that nobody can take: pilot');
    expect(told).toContain('schedules that are not there: gone');
    expect(told).toContain('Escalations of what the catalogue does not have are kept: service:x');
  });

  test('monitoring in the cluster that it watches is said, by the service of its name or by its own word', async () => {
    const desk = await openDesk(engine);
    const services = 'services: { api: { runs_on: [production/eks] }, prometheus: { runs_on: prod/eks } }\n';
    const clusters = 'clusters: { eks: { environment: prod } }\n';
    const told = await imported(desk, `${clusters}${services}monitors: { prometheus: { watches: api } }`);
    const why = 'prometheus watches api, and both run on prod/eks: where that fails, nobody may hear of it';
    expect(told).toContain(`Careful: ${why}`);
    for (const line of [
      '/change announce a new control plane kind:upgrade on:api/prod/eks at:18:00',
      '/change announce new nodes kind:infrastructure on:eks/prod at:20:00',
    ])
      expect((await desk.say('ana', line)).text).toContain(
        'hangs on the cluster prod/eks: it may fall silent',
      );
    const deployed = await desk.say('ana', '/change announce a new api kind:deploy on:api/prod/eks begun');
    expect(deployed.text).not.toContain('prometheus');
    expect((await desk.say('ana', '/change service api')).text).toContain(why);
    const own = services.replace('prometheus', 'web').replace('prod/eks', 'prod/gke');
    const apart = await imported(
      desk,
      `${clusters}${own}monitors: { prometheus: { watches: api, runs_on: [live/eks] } }`,
    );
    expect(apart).toContain(why);
    const shown = await readPeople(readTx(desk), desk.workspace.id);
    expect(shown.monitors.get('prometheus')).toMatchObject({
      dependsOn: [],
      runsOn: [{ environment: 'prod', cluster: 'eks' }],
    });
    expect(await imported(desk, showWhole(await whole(desk), shown))).toContain('nothing was changed');
    const elsewhere = await imported(
      desk,
      `${clusters}${own}monitors: { prometheus: { watches: api, runs_on: [prod/gke] } }`,
    );
    expect(elsewhere).not.toContain('Careful');
  });

  test('a monitor that depends on what the catalogue does not have is said, and what a cluster is', async () => {
    const desk = await openDesk(engine);
    const told = await imported(
      desk,
      'clusters: { eks: { environment: prod } }\nservices: { api: {} }\nmonitors: { p: { watches: api, depends_on: [eks, proxi] } }',
    );
    expect(told).toContain('Monitors depend on what the catalogue does not have as a service: eks, proxi.');
    expect(told).toContain('eks is a cluster: where a monitor runs is runs_on: [ENVIRONMENT/eks]');
  });

  test('whoever changes what a monitor hangs on is told that it may fall silent', async () => {
    const desk = await openDesk(engine);
    await imported(desk, file);
    const announced = await desk.say('ana', '/change announce a new proxy kind:deploy on:proxy/prod begun');
    expect(announced.text).toContain(
      'prometheus watches api, db, and hangs on proxy: it may fall silent with it',
    );
    const staged = await desk.say(
      'ana',
      '/change announce a new proxy kind:deploy on:proxy/staging begun anyway',
    );
    expect(staged.text).not.toContain('prometheus');
    const other = await desk.say('bob', '/change announce an index kind:migration on:db/prod begun');
    expect(other.text).not.toContain('prometheus');
    expect((await desk.say('bob', '/change service api')).text).toContain(
      'prometheus watches api, db, and hangs on proxy',
    );
    expect((await desk.say('bob', '/change services')).text).toContain(
      'Monitors that may fail with what they watch: prometheus',
    );
  });
});
