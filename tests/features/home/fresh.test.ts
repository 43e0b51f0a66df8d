// App Home is drawn anew after every fact that changes what it shows: each kind of fact is stated here once and more.
import { expect, test, vi } from 'vitest';
import type { Stated } from '../../../src/core/fact.js';
import { readFact } from '../../../src/db/facts.js';
import { alertsFeature, recordRefused } from '../../../src/features/alerts/index.js';
import { readCatalog } from '../../../src/features/catalog/index.js';
import { importCatalog } from '../../../src/features/catalog-people/index.js';
import {
  changeUnheard,
  type Report,
  recordReport,
  silentReport,
  unheardStream,
} from '../../../src/features/change/index.js';
import { digestFeature } from '../../../src/features/digest/index.js';
import { exceptionFeature } from '../../../src/features/exception/index.js';
import {
  freezeFeature,
  freezesStream,
  freezeUnheard,
  redrawCommand,
} from '../../../src/features/freeze/index.js';
import { askGate, gateStream } from '../../../src/features/gate/index.js';
import { heartbeatMissed, heartbeatResumed, heartbeatStream } from '../../../src/features/heartbeat/index.js';
import { drawHome } from '../../../src/features/home/index.js';
import { recordMember } from '../../../src/features/incident/index.js';
import { features } from '../../../src/features/index.js';
import {
  feedGivenUp,
  mailTaken,
  oncallFeature,
  recordFeed,
  recordPeople,
  scheduleEnds,
} from '../../../src/features/oncall/index.js';
import { delivered, pageGivenUp, readCall } from '../../../src/features/paging/index.js';
import { groupGivenUp, recordGroup } from '../../../src/features/permission/index.js';
import * as places from '../../../src/features/places/facts.js';
import { placeStream, recordResult } from '../../../src/features/places/index.js';
import { protectionAnswered, protectionUnanswered } from '../../../src/features/protection/index.js';
import { reportsFeature } from '../../../src/features/reports/index.js';
import * as sources from '../../../src/features/sources/facts.js';
import { letterSent, undelivered } from '../../../src/features/updates/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName, people } from '../../helpers/desk.js';
import { deliver, heard, monitor } from '../alerts/help.js';
import { freeze, use } from '../exception/help.js';
import { keepChanges } from '../insights/ledger.js';

// One long story of every kind of fact.
vi.setConfig({ testTimeout: 300_000 });

type Step = (desk: Desk) => Promise<unknown>;

/** Somebody says this line. */
function said(line: string, person: PersonName = 'ana'): Step {
  return async (desk) => {
    const { accepted, text } = await desk.say(person, line);
    if (!accepted) throw new Error(`${line}: ${text}`);
  };
}

/** Slack answered, or told, what leads to this fact on INC-1. */
function told(fact: (incidentId: string, entryId: string) => Stated): Step {
  return async (desk) => {
    const { id } = await desk.db.read.incident.findFirstOrThrow({ where: { number: 1 } });
    const taken = await desk.db.read.takenMessage.findFirst({ where: { incidentId: id } });
    await desk.execute(recordResult.given([fact(id, taken?.entryId ?? '')]), desk.ask());
  };
}

const beside = (id: string) => ({ stream: placeStream(id) });
const on = (id: string) => ({ stream: `incident/${id}`, incidentId: id });
const place = { channelId: 'C1', ts: '3.3' };
const words = {
  ...{ kind: 'note' as const, text: 'it is the proxy', author: { id: 'U0EVE', name: 'Eve' } },
  ...{ files: [], permalink: null, edited: null },
};
const taken = {
  ...place,
  ...words,
  threadTs: null,
  number: 1,
  by: ['reaction:U0ANA'],
  from: 'here' as const,
};
const corrector = { id: 'U0ANA', name: 'Ana' };
const channel = { kind: 'channel' as const, channelId: 'C1', channelName: 'inc-1', threadTs: null };
const refusal = { effect: 'pin', method: 'pins.add', error: 'missing_scope', needed: 'pins:write' };
const posted = (slot: string, ts: string) =>
  told((id) =>
    places.messagePosted({ incidentId: id, slot: `${slot}/${id}`, channelId: 'C1', ts }, beside(id)),
  );
const member = (joined: boolean): Step => {
  const person = { id: people.bob.id, name: people.bob.name };
  return (desk) => desk.execute(recordMember.given({ channelId: 'C1', person, joined }), desk.ask('bob'));
};

/** A pipeline tells of a change of its own: ChangeReported, and what follows from it. */
const reportedByPipeline = (state: Report['state']): Step => {
  const places = [{ service: 'cart', environment: 'prod', cluster: '' }];
  const told = {
    source: 'ci',
    key: '1',
    kind: 'deploy',
    title: 'Deploy cart',
    state,
    targets: places,
  } as const;
  const report = { ...silentReport, ...told, targets: places, format: 'native' };
  return (desk) => desk.execute(recordReport.given(report), desk.ask());
};

/** Statistics are asked for, and a digest is made. */
const counted: Step[] = [
  (desk) => keepChanges(desk, [{ finishedAt: new Date(desk.now.getTime() - 20 * 86_400_000) }]),
  said('/change stats'),
  async (desk) => {
    const digest = digestFeature.automatic?.['digest.say']?.(null);
    if (digest) await desk.execute(digest, desk.ask());
  },
];

const group = { groupId: 'S0SRE0001', members: [people.ana.id] };

/** Roles of one's own, and what is given to a group, which Slack refuses to say and then says. */
const permitted: Step[] = [
  said('define bridge Open the call.'),
  said('undefine bridge'),
  said('permit lift_freeze <!subteam^S0SRE0001|@sre>'),
  async (desk) => {
    const refused = { method: 'usergroups.users.list', error: 'missing_scope', needed: null };
    const facts = await groupGivenUp(desk.db.read, desk.workspace.id, group.groupId, refused);
    await desk.execute(recordResult.given(facts), desk.ask());
  },
  (desk) => desk.execute(recordGroup.given({ ...group, handle: 'sre' }), desk.ask()),
  said('permit lift_freeze anybody'),
];

/** What changed near an incident is ranked, its owner asked and answering; then it recovers. */
const suspected: Step[] = [
  said('/change announce a new proxy on:proxy/prod begun', 'bob'),
  said('declare the proxy is slow on:proxy/prod'),
  (desk) => desk.turn(),
  ofChange('suspect INC-5 CHG rollback', 'bob'),
  said('status INC-5 monitoring'),
  (desk) => desk.turn(),
];

/** Freezes come and go: FreezeSet, FreezeExtended, FreezeLifted, FreezeRedrawn, FreezeUnheard, FreezeTold of an end, and FreezeLoosened. */
const frozen: Step[] = [
  said('/freeze on rebuilding eks on:*/prod/eks for:1h'),
  said('/freeze extend FRZ-1 for:30m'),
  said('/freeze lift FRZ-1 it runs', 'bob'),
  async (desk) => {
    const { id } = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'FreezeLifted' } });
    const redraw = freezeFeature.automatic?.[redrawCommand]?.({ factIds: [id] });
    if (redraw) await desk.execute(redraw, desk.ask());
    const refused = { method: 'chat.postMessage', error: 'restricted_action', needed: null };
    const owner = { id: people.ana.id, name: people.ana.name };
    const fact = freezeUnheard({ number: 1, owner, ...refused }, { stream: freezesStream });
    await desk.execute(recordResult.given([fact]), desk.ask());
  },
  said('/freeze on the audit env:old-eu for:1h'),
  said('/change environment eu tier:production aliases:old-eu'),
  said('/change environment eu aliases:none anyway'),
  (desk) => desk.turn(),
  said('/change remove eu'),
  said('/freeze lift FRZ-2'),
  said('/freeze on maintenance on:db/prod for:20m'),
  async (desk) => {
    const { now } = desk;
    desk.now = new Date(now.getTime() + 20 * 60_000);
    await desk.turn();
    desk.now = now;
  },
];

/** Ways through a freeze of INC-5 are asked for and answered, the glass is broken, used, reviewed and redacted. */
const excepted: Step[] = [
  said('role INC-5 operations @bob'),
  (desk) => freeze(desk, { incident: 5, include: [{ services: ['vault'] }], until: '20:00' }),
  ofException('except FRZ on:vault/prod the certificate expires tonight', 'bob'),
  ofException('deny EXC it can wait'),
  ofException('except FRZ on:vault/prod the certificate expires tonight', 'bob'),
  async (desk) => {
    const { now } = desk;
    desk.now = new Date(now.getTime() + 15 * 60_000);
    await desk.turn();
    desk.now = now;
  },
  ofException('approve EXC'),
  ofException('revoke EXC'),
  ofException('except FRZ on:vault/prod the certificate expires tonight', 'bob'),
  async (desk) => {
    const { now } = desk;
    const { id } = await desk.db.read.freezeException.findFirstOrThrow({ orderBy: { number: 'desc' } });
    desk.now = new Date(now.getTime() + 25 * 3_600_000);
    const looked = exceptionFeature.automatic?.['exception.look']?.({ id });
    if (looked) await desk.execute(looked, desk.ask());
    desk.now = now;
  },
  ofException('break FRZ on:vault/prod the fix must go out now', 'bob'),
  async (desk) => {
    const { number } = await desk.db.read.freezeException.findFirstOrThrow({ orderBy: { number: 'desc' } });
    await use(desk, number);
  },
  async (desk) => {
    const { now } = desk;
    desk.now = new Date(now.getTime() + 2 * 3_600_000);
    await desk.turn();
    desk.now = now;
  },
  async (desk) => {
    const where = { text: { contains: 'the glass is broken' } };
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where });
    await said(`redact INC-5 ${seq} a name`)(desk);
    await desk.turn();
  },
  ofException('review EXC it was needed'),
];

/** Somebody says this of the newest freeze and the newest exception. */
function ofException(line: string, person: PersonName = 'ana'): Step {
  return async (desk) => {
    const newest = { orderBy: { number: 'desc' } } as const;
    const frozen = await desk.db.read.freeze.findFirst(newest);
    const exception = await desk.db.read.freezeException.findFirst(newest);
    const words = line.replace('FRZ', `FRZ-${frozen?.number}`).replace('EXC', `EXC-${exception?.number}`);
    await said(`/freeze ${words}`, person)(desk);
  };
}

/** A pipeline asks the gate. */
function atTheGate(key: string): Step {
  const question = {
    ...{ source: 'ci', key, kind: 'deploy' as const, title: `Deploy ${key}`, actor: null, url: null },
    targets: [{ service: 'shop', environment: 'prod', cluster: '' }],
    ...{ artifact: null, previousArtifact: null, rollback: false },
    ...{ exception: null, change: null, drill: false },
  };
  const input = { question, callback: null, vouched: true };
  return async (desk) => {
    expect((await desk.execute(askGate.given(input), desk.ask())).accepted).toBe(true);
  };
}

const gated: Step[] = [
  said('/freeze on the shop is moved on:shop/prod for:1h'),
  atTheGate('shop-1'),
  atTheGate('shop-2'),
  // VerdictRevised, ThawBegan and GateLooked: the first one's turn comes; then the second is taken out.
  async (desk) => {
    const { number } = await desk.db.read.freeze.findFirstOrThrow({ orderBy: { number: 'desc' } });
    // They came before it ended.
    desk.now = new Date(desk.now.getTime() + 1_000);
    await said(`/freeze lift FRZ-${number}`)(desk);
    await desk.turn();
  },
  said('/freeze drop shop-2'),
];

/** Said with the newest incident and freeze for INC and FRZ, and the change of the mails for CHG; then the program takes its turn. */
function ofNewest(line: string, person: PersonName = 'ana'): Step {
  return async (desk) => {
    const newest = { orderBy: { number: 'desc' } } as const;
    const incident = await desk.db.read.incident.findFirst(newest);
    const change = await desk.db.read.change.findFirst({ where: { title: 'move the mails' } });
    const freeze = await desk.db.read.freeze.findFirst(newest);
    const numbered = line
      .replace('INC', `INC-${incident?.number}`)
      .replace('CHG', `CHG-${change?.number}`)
      .replace('FRZ', `FRZ-${freeze?.number}`);
    await said(numbered, person)(desk);
    await desk.turn();
  };
}

/** A cord meets a plan, a start breaks it, its incident is over, it is kept, redacted and lifted; then the first begins. */
const corded: Step[] = [
  said('/change announce move the mails on:mails/prod at:16:30 UTC for:10m', 'bob'),
  said('declare mails are stuck on:mails/prod'),
  ofNewest('freeze INC the mails are moved for:12h now'),
  ofNewest('/change start CHG', 'bob'),
  ofNewest('/change start CHG at:10:00 UTC', 'bob'),
  ofNewest('resolve INC'),
  ofNewest('/freeze keep FRZ they are not all moved'),
  async (desk) => {
    const { seq } = await desk.db.read.entry.findFirstOrThrow({
      where: { text: { contains: 'the mails are moved' } },
    });
    await ofNewest(`redact INC ${seq} a name`)(desk);
  },
  async (desk) => {
    desk.now = new Date(desk.now.getTime() + 60_000);
    await ofNewest('/freeze lift FRZ')(desk);
  },
  said('/change announce move the rest on:mails/prod begun', 'bob'),
  (desk) => desk.turn(),
];

const catalogued: Step[] = [
  ...[
    'roles: { partner: Tell the partners. }\nchecklists: { rollback: { steps: [Stop, { text: Look, owner: scribe, second: true }] }, old: { steps: [x] } }\nschedules: { a: {}, b: {} }\nescalations: { all: { for: [default, service:api], levels: [{ who: ["@ana"] }] } }\nmonitors: { prometheus: { watches: [api] } }',
    'checklists: { rollback: { steps: [Stop, { text: Look, owner: scribe, second: true }] } }\nschedules: { a: {} }\nescalations: { all: { for: [default], levels: [{ who: ["@ana"] }] } }',
  ].map(
    (text): Step =>
      (desk) =>
        desk.execute(importCatalog.given(readCatalog(text, 'people.yaml')), desk.ask()),
  ),
  said('checklist INC-1 rollback'),
  said('role INC-1 scribe @bob'),
  (desk) => desk.turn(),
  said('check INC-1 rollback 2', 'bob'),
  said('uncheck INC-1 rollback 2'),
  said('check INC-1 rollback 2', 'bob'),
  said('second INC-1 rollback 2'),
  said('skip INC-1 rollback 1 there is none'),
  (desk) =>
    desk.execute(importCatalog.given(readCatalog('services: { web: { tier: 1 } }', 'f.yaml')), desk.ask()),
  said('/change service api owner:me'),
  said('/change environment eu tier:production'),
  said('/change cluster eks in:eu'),
  said('/change remove api'),
  said('/change limits service:1'),
];

/** Somebody says this of the newest change, and the program does what follows: CoverAsked, ValidationAsked … */
function ofChange(line: string, person: PersonName = 'ana'): Step {
  return async (desk) => {
    const { number } = await desk.db.read.change.findFirstOrThrow({ orderBy: { number: 'desc' } });
    await said(line.replace('CHG', `CHG-${number}`), person)(desk);
    await desk.turn();
  };
}

/** GitHub waits for the gate: ProtectionAnswered, ProtectionUnanswered. */
const protectedByGithub: Step = async (desk) => {
  const at = { repository: 'acme/cart', environment: 'production' };
  const of = { id: 'GATE', title: 'Deploy cart', ...at };
  const about = { stream: gateStream('GATE') };
  const answered = { runId: 1, state: 'waiting' as const, about: 'deny', comment: 'not now' };
  const failed = { runUrl: null, decision: 'deny', method: 'POST', error: 'HTTP 403', needed: null };
  const facts = [
    protectionAnswered({ ...of, ...answered }, about),
    protectionUnanswered({ ...of, ...failed, known: false, drill: false }, about),
  ];
  await desk.execute(recordResult.given(facts), desk.ask());
};

/** A heartbeat goes, comes back, is paused and forgotten. */
const heartbeats: Step[] = [
  said('heartbeat probe every:5m'),
  said('heartbeat probe every:10m service:api'),
  ...[
    heartbeatMissed(
      {
        ...{ name: 'probe', everySeconds: 600, graceSeconds: 300, service: 'api', team: null },
        ...{ lastAt: null, page: null, incident: null, flaps: false, begins: false },
      },
      { stream: heartbeatStream('probe') },
    ),
    heartbeatResumed(
      {
        ...{ name: 'probe', silentSince: null, missingSince: new Date('2026-03-10T10:40:00Z'), page: null },
        ...{ over: true, withdrawn: false, called: [], holds: null, steady: false },
      },
      { stream: heartbeatStream('probe') },
    ),
  ].map(
    (fact): Step =>
      async (desk) =>
        void (await desk.execute(recordResult.given([fact]), desk.ask())),
  ),
  said('pause probe for:1h the disk is changed'),
  said('unpause probe'),
  said('forget probe'),
];

/** Who is on call, by which ways; a calendar is read, refused, and read again. */
const onCall: Step[] = [
  said('schedule nights url:https://cal.example/x.ics'),
  said('duty nights @bob for:8h'),
  said('relieve nights @bob'),
  said('escalation team:Nights schedule:nights 5m'),
  said('escalation team:Nights none'),
  said('contact mail:ana@example.com test'),
  async (desk) => {
    const { read } = desk.db;
    const facts = [
      ...mailTaken({ do: 'mail', to: 'a@example.com', subject: '', text: '', tested: people.ana }),
      ...(await feedGivenUp(
        read,
        desk.workspace.id,
        'nights',
        { method: 'calendar', error: 'gone' },
        desk.now,
      )),
      scheduleEnds({ schedule: 'nights', endsAt: desk.now, read: true, which: 'over' }, { stream: 'oncall' }),
    ];
    await desk.execute(recordResult.given(facts), desk.ask());
    const calendar = { schedule: 'nights', url: 'https://cal.example/x.ics', shifts: [], problems: [] };
    await desk.execute(recordFeed.given(calendar), desk.ask());
    const asked = oncallFeature.automatic?.['oncall.feeds']?.(null);
    if (asked) await desk.execute(asked, desk.ask());
    const stranger = { id: null, name: 'Max Finch', mail: null };
    const { bob } = people;
    const nobody = { schedule: null, who: [{ ...bob, mail: null }], placed: [], gone: [bob] };
    const named = { schedule: 'nights', who: [stranger], placed: [], gone: [] };
    await desk.execute(recordPeople.given(nobody), desk.ask());
    await desk.execute(recordPeople.given(named), desk.ask());
  },
  said('unschedule nights'),
];

/** Somebody is called: one way takes it, one refuses it, one is stuck; nobody answers, it is redacted, had and withdrawn. */
const paged: Step[] = [
  said('declare the cache is cold on:cache/prod'),
  ofNewest('page INC @bob the password is hunter2'),
  async (desk) => {
    const { id } = await desk.db.read.page.findFirstOrThrow({ where: { targetName: 'Bob' } });
    const attempt = await desk.db.read.pageAttempt.findFirstOrThrow({ where: { pageId: id } });
    const call = await readCall(desk.db.read, attempt.id);
    const effect = { do: 'page', what: 'ring', path: 'slack', pageId: id, attemptId: attempt.id } as const;
    const refused = { method: 'conversations.open', error: 'user_not_found', needed: null };
    const facts = [
      ...(call ? delivered(call, { channelId: 'D1', ts: '7.7' }) : []),
      ...(await pageGivenUp(desk.db.read, effect, refused)),
    ];
    await desk.execute(recordResult.given(facts), desk.ask());
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'hunter2' } } });
    await ofNewest(`redact INC ${seq} a password`)(desk);
  },
  // Bob is called again after five minutes, and that is stuck.
  async (desk) => {
    const { now } = desk;
    for (const minutes of [5, 8]) {
      desk.now = new Date(now.getTime() + minutes * 60_000);
      await desk.turn();
    }
    desk.now = now;
  },
  ofNewest('ack INC', 'bob'),
  said('page @eve look at the graphs'),
  async (desk) => {
    const { number } = await desk.db.read.page.findFirstOrThrow({ where: { targetName: 'Eve' } });
    await said(`withdraw PAGE-${number} it is seen`)(desk);
    await said(`redact PAGE-${number} a name`)(desk);
  },
];

/** At another time of the day; then the program takes its turn. */
function after(minutes: number, ...lines: readonly (readonly [string, PersonName])[]): Step {
  return async (desk) => {
    const { now } = desk;
    desk.now = new Date(now.getTime() + minutes * 60_000);
    for (const [line, person] of lines) await ofNewest(line, person)(desk);
    await desk.turn();
    desk.now = now;
  };
}

/** What is to be done is added, given, moved, brought to mind, redacted, kept, done and dropped. */
const toDo: Step[] = [
  said('declare the queue is full on:queue/prod'),
  ofNewest('task INC drain it owner:@bob due:18:00 UTC'),
  ofNewest('task INC call the vendor'),
  ofNewest('assign INC T2 @eve'),
  ofNewest('due INC T2 19:00 UTC', 'eve'),
  after(9 * 60),
  async (desk) => {
    await desk.db.write(async (tx) => {
      const { id, incidentId, workspaceId } = await tx.task.findFirstOrThrow({ where: { text: 'drain it' } });
      const slot = `task/${id}/given/${people.bob.id}/${id}`;
      const place = { channelId: 'D1', ts: '9.9' };
      await tx.posted.create({ data: { id: slot, workspaceId, incidentId, slot, ...place } });
    });
    const { seq } = await desk.db.read.entry.findFirstOrThrow({
      where: { text: { endsWith: ': drain it' } },
    });
    await ofNewest(`redact INC ${seq} a name`)(desk);
  },
  ofNewest('followup INC T2', 'eve'),
  ofNewest('done INC T1', 'bob'),
  ofNewest('drop INC T2 they called', 'eve'),
];

/** A role is offered to one and to another, who does not answer, and declines; the last one accepts, has it for long, and goes on. */
const handedOver: Step[] = [
  ofNewest('role INC commander me'),
  ofNewest('handover INC commander @bob'),
  ofNewest('handover INC commander @eve'),
  after(20),
  ofNewest('decline INC commander', 'eve'),
  ofNewest('handover INC commander @bob'),
  ofNewest('accept INC commander', 'bob'),
  after(7 * 60),
  ofNewest('stay INC commander', 'bob'),
];

/** The program decides this of the incident, or the reports, that were made last. */
const ofSignals = (command: string): Step => {
  return async (desk) => {
    const { id: incidentId } = await desk.db.read.incident.findFirstOrThrow({ orderBy: { number: 'desc' } });
    const [row] = await desk.db.read.report.findMany({ where: { gathering: { not: null } }, take: 1 });
    const data = { incidentId, id: row?.gathering ?? '', factIds: [row?.id ?? ''] };
    const bound = { ...alertsFeature.automatic, ...reportsFeature.automatic }[command]?.(data);
    if (bound) await desk.execute(bound, desk.ask());
  };
};

/** Alerts fire, flap, come in storms and go quiet; people report, are gathered, and nobody answers for long. */
const signalled: Step[] = [
  (desk) => deliver(desk, [heard({ service: 'signals' })], { truncated: 2 }),
  ...['resolved', 'firing', 'resolved', 'firing', 'resolved'].map((status, index): Step => {
    const at = (desk: Desk) => new Date(desk.now.getTime() + (index + 1) * 1000);
    return (desk) =>
      deliver(desk, [
        heard({
          ...{ service: 'signals', status: status === 'firing' ? 'firing' : 'resolved' },
          ...{ startsAt: at(desk), endsAt: status === 'firing' ? null : at(desk) },
        }),
      ]);
  }),
  ofSignals('alerts.quiet'),
  async (desk) => {
    const ask = desk.ask('ana', { actor: monitor, source: 'pipeline' });
    await desk.execute(recordRefused.given({ bytes: 5_000_000, maxBytes: 4_194_304 }), ask);
  },
  (desk) => deliver(desk, [heard({ fingerprint: 'lasts', service: 'signals' })]),
  ofNewest('resolve INC'),
  async (desk) => {
    const { now } = desk;
    desk.now = new Date(now.getTime() + 31 * 60_000);
    await deliver(desk, [heard({ fingerprint: 'lasts', service: 'signals' })]);
    desk.now = now;
  },
  said('/report it is slow on:shipping'),
  said('/report slow here too on:shipping', 'bob'),
  ofSignals('reports.look'),
  ofSignals('reports.look'),
  ofSignals('reports.redraw'),
  said('/report declare REP-1'),
  said('/change service storm-1 owner:@bob'),
  said('/change service storm-2 owner:@bob'),
  ...['storm-1', 'storm-2'].map(
    (service): Step =>
      async (desk) => {
        await deliver(desk, [heard({ fingerprint: service, service, severity: 'critical' })]);
        await desk.turn();
      },
  ),
];

/** Those outside are told, and somebody is reminded; what is taken back is drawn anew, and a letter goes or does not. */
const updated: Step[] = [
  said('subscribe on:shop', 'bob'),
  said('declare the shop is slow sev:1 on:shop/prod'),
  ofNewest('update INC we are on it'),
  ofNewest('undo INC'),
  ofNewest('snooze INC 5m'),
  said('cadence 4 45m'),
  async (desk) => {
    const { now } = desk;
    desk.now = new Date(now.getTime() + 27 * 60_000);
    await desk.turn();
    desk.now = now;
  },
  async (desk) => {
    const { id } = await desk.db.read.subscription.findFirstOrThrow({ orderBy: { at: 'desc' } });
    const failure = { method: 'chat.postMessage', error: 'not_in_channel', needed: null };
    const lane = `updates/${id}/person`;
    const facts = [...(await undelivered(desk.db.read, lane, failure)), letterSent({}, { stream: lane })];
    await desk.execute(recordResult.given(facts), desk.ask());
  },
  said('unsubscribe', 'bob'),
  ofNewest('resolve INC'),
];

const steps: Step[] = [
  said('declare writes are stuck private on:api/prod'),
  told((id) => places.placeOpened({ incidentId: id, ...channel }, beside(id))),
  posted('summary', '1.1'),
  told((id) => places.effectGivenUp({ incidentId: id, ...refusal }, beside(id))),
  posted('notice', '2.2'),
  member(true),
  member(false),
  member(true),
  said('severity INC-1 1'),
  said('status INC-1 identified a bad merge'),
  said('started INC-1 10:20 UTC'),
  said('ack INC-1', 'bob'),
  said('role INC-1 commander @bob'),
  said('affects INC-1 api/prod degraded'),
  said('note INC-1 10:40 the disk is full'),
  said('shift INC-1 -1h'),
  said('note INC-1 hypothesis: the cache'),
  said('undo INC-1'),
  said('note INC-1 hypothesis: the proxy'),
  async (desk) => {
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: 'the proxy' } });
    await said(`strike INC-1 ${seq} it runs`)(desk);
    await said(`correct INC-1 ${seq} the proxy of eu-2`)(desk);
  },
  said('link INC-1 https://example.com/graph latency'),
  said('export INC-1 json'),
  told((id) =>
    places.fileUploaded({ incidentId: id, fileId: 'F1', format: 'md', channelId: 'C1' }, beside(id)),
  ),
  told((id) => places.fileRemoved({ incidentId: id, fileId: 'F1' }, beside(id))),
  told((id) => sources.messageTaken(taken, on(id))),
  told((id) => sources.messageMarked({ ...place, by: ['reaction:U0BOB'] }, { stream: `incident/${id}` })),
  told((id, entryId) =>
    sources.messageWithdrawn({ ...place, seq: 1, entryIds: [entryId], reason: 'unmarked' }, on(id)),
  ),
  told((id, entryId) => sources.messageRestored({ ...place, seq: 1, entryIds: [entryId], by: [] }, on(id))),
  told((id, entryId) =>
    sources.messageEditedSince({ ...place, ...words, entryId, seq: 1, corrector }, on(id)),
  ),
  told((id, entryId) => sources.messageEdited({ ...place, ...words, entryId, seq: 1 }, on(id))),
  told((id) => sources.messageNoted({ ...place, ...words }, on(id))),
  said('redact INC-1 1 a name'),
  told((id) => places.channelRenamed({ incidentId: id, channelName: 'inc-1-redacted' }, beside(id))),
  said('declare it is another thing'),
  said('undo INC-2'),
  said('declare reads are slow'),
  said('declare reads are slow too'),
  said('merge INC-3 INC-4'),
  said('reopen INC-3 it is another thing'),
  said('resolve INC-1'),
  said('/change announce upgrade the database kind:upgrade on:db/prod at:14:00 UTC for:1h cover:@bob'),
  ofChange('/change cover CHG', 'bob'),
  ofChange('/change decline CHG I am ill', 'bob'),
  ofChange('/change cover CHG @eve'),
  ofChange('/change decline CHG', 'eve'),
  ofChange('/change start CHG'),
  ofChange('/change done CHG'),
  ofChange('/change validate CHG good', 'eve'),
  said('/change announce rename a queue kind:config on:queue/prod at:15:00 UTC'),
  ofChange('/change move CHG 16:00 UTC'),
  ofChange('/change describe CHG kind:flag'),
  ofChange('/change start CHG'),
  ofChange('/change running CHG for:1h'),
  async (desk) => {
    // Nobody says that it ended, and its owner is asked: ChangeAsked.
    const { now } = desk;
    desk.now = new Date(now.getTime() + 3 * 3_600_000);
    await desk.turn();
    desk.now = now;
  },
  async (desk) => {
    const { id, number, announcedById, announcedByName } = await desk.db.read.change.findFirstOrThrow({
      orderBy: { number: 'desc' },
    });
    const by = { id: announcedById, name: announcedByName };
    const refused = { method: 'chat.postMessage', error: 'not_in_channel', needed: null };
    const fact = changeUnheard({ changeId: id, number, by, ...refused }, { stream: unheardStream });
    await desk.execute(recordResult.given([fact]), desk.ask());
  },
  reportedByPipeline('started'),
  reportedByPipeline('failed'),
  ...counted,
  ...frozen,
  protectedByGithub,
  ...gated,
  ...catalogued,
  ...suspected,
  ...excepted,
  ...corded,
  ...toDo,
  ...handedOver,
  ...updated,
  ...heartbeats,
  ...signalled,
  ...permitted,
  ...onCall,
  ...paged,
];

test.each(engines)('%s: whatever changes it refreshes it', async (engine) => {
  const desk = await openDesk(engine);
  const now = desk.now;
  const homes = async () => {
    const drawn: string[] = [];
    for (const person of ['ana', 'bob', 'eve'] as const) {
      const home = await drawHome(features, desk.db.of(desk.workspace.id).read, desk.ask(person, { now }));
      drawn.push(JSON.stringify(home));
    }
    return drawn;
  };
  const stated = new Set<string>();
  let changes = 0;
  let position = 0;
  let before = await homes();
  for (const step of steps) {
    await step(desk);
    const rows = await desk.db.read.fact.findMany({ where: { position: { gt: position } } });
    position = Math.max(position, ...rows.map((row) => row.position));
    const after = await homes();
    const effects = rows.flatMap((row) =>
      features.flatMap((each) =>
        (each.react ?? []).filter(({ type }) => type === row.type).flatMap(({ run }) => run(readFact(row))),
      ),
    );
    if (after.join() !== before.join()) {
      changes += 1;
      const kinds = rows.map((row) => row.type).join();
      expect(
        effects.flatMap((effect) => ('lane' in effect ? [effect.kind.do] : [])),
        kinds,
      ).toContain('refreshHomes');
    }
    for (const row of rows) stated.add(row.type);
    before = after;
  }
  expect(changes).toBeGreaterThan(10);
  const known = features.flatMap((feature) => feature.facts).map((kind) => kind.type);
  expect([...stated].sort()).toEqual(known.sort());
});
