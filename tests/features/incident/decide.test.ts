// The rules of incidents, with plain values: what is decided, what is refused, and what the sender is told.
import { describe, expect, test } from 'vitest';
import type { Ask, Decision } from '../../../src/core/command.js';
import type { Message } from '../../../src/core/message.js';
import type { WrittenTime } from '../../../src/core/time/index.js';
import {
  decideAck,
  decideAffects,
  decideKeyTime,
  decideSeverity,
} from '../../../src/features/incident/decide.js';
import { type DeclareInput, decideDeclare, titleLimit } from '../../../src/features/incident/declare.js';
import type { Incident } from '../../../src/features/incident/index.js';
import { decideStatus as decideStatusOf } from '../../../src/features/incident/status.js';
import { componentWord, levelWord, severityWord, statusWord } from '../../../src/features/incident/words.js';

const now = new Date('2026-03-10T10:45:00Z');
const ask: Ask = {
  requestId: 'test/1',
  workspace: { id: 'w', zone: 'UTC', locale: 'en-GB' },
  actor: { kind: 'person', id: 'U0ANA', name: 'Ana', zone: 'Europe/Berlin' },
  now,
  newId: () => 'id',
  source: 'command',
  channelId: null,
  threadTs: null,
  respondUrl: null,
};

const incident: Incident = {
  id: 'i1',
  workspaceId: 'w',
  number: 12,
  title: 'writes are stuck',
  severity: 'SEV2',
  status: 'investigating',
  statusText: null,
  private: false,
  drill: false,
  declaredById: 'U0ANA',
  declaredByName: 'Ana',
  startedAt: null,
  detectedAt: null,
  declaredAt: now,
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  keyTimes: {},
  channelId: null,
  channelName: null,
  threadTs: null,
  placeKind: 'none',
  mergedIntoId: null,
  statusAt: null,
  mistaken: false,
};

function decideStatus(
  incident: Incident,
  ...rest: Parameters<typeof decideStatusOf> extends [unknown, ...infer R] ? R : never
) {
  return decideStatusOf({ incident, impacts: [] }, ...rest);
}

function input(over: Partial<DeclareInput> = {}): DeclareInput {
  return {
    title: 'writes are stuck',
    on: [],
    private: false,
    drill: false,
    anyway: false,
    remarks: [],
    ...over,
  };
}

function time(at: string, asWritten = at): WrittenTime {
  return { at: new Date(`2026-03-10T${at}:00Z`), until: null, precision: 'exact', asWritten };
}

const unknownTime: WrittenTime = { at: null, until: null, precision: 'unknown', asWritten: 'Time TBC' };

function told(decision: Decision): string {
  if (!decision.accepted) return decision.refusal.message.text;
  const reply = decision.reply as Message;
  return reply.text;
}

function facts(decision: Decision) {
  if (!decision.accepted) throw new Error(`refused: ${told(decision)}`);
  return decision.facts;
}

describe('declaring', () => {
  const state = { id: 'i2', number: 13, recent: [] as Incident[] };

  test('is taken seriously until somebody says otherwise, and says so', () => {
    const decision = decideDeclare(state, input(), ask);
    expect(facts(decision)).toMatchObject([
      {
        type: 'IncidentDeclared',
        about: { stream: 'incident/i2', incidentId: 'i2' },
        data: {
          number: 13,
          severity: 'SEV2',
          level: 'partial_outage',
          title: 'writes are stuck',
          description: null,
        },
      },
    ]);
    expect(told(decision)).toContain('Nobody said the severity, so it is SEV2');
    expect(told(decideDeclare(state, input({ sev: 'SEV3' }), ask))).not.toContain('Nobody said');
  });

  test.each([
    ['SEV1', 'major_outage'],
    ['SEV2', 'partial_outage'],
    ['SEV3', 'degraded'],
    ['SEV4', 'degraded'],
  ] as const)('%s suggests %s for what is affected', (sev, level) => {
    const on = [{ service: 'api', environment: 'prod', cluster: '' }];
    const decision = decideDeclare(state, input({ sev, on }), ask);
    expect(facts(decision)[0]?.data).toMatchObject({ level, components: on });
    expect(told(decision)).toContain(`api/prod: ${level.replace('_', ' ')}`);
  });

  test('a component that is named twice counts once', () => {
    const api = { service: 'api', environment: 'prod', cluster: '' };
    const decision = decideDeclare(state, input({ on: [api, { ...api }] }), ask);
    expect(facts(decision)[0]?.data).toMatchObject({ components: [api] });
  });

  test('like one of a moment ago asks first, and `anyway` declares it', () => {
    const recent = [{ ...incident, title: 'Writes are stuck!' }];
    const refused = decideDeclare({ ...state, recent }, input(), ask);
    expect(refused).toMatchObject({ accepted: false, refusal: { field: 'title' } });
    expect(told(refused)).toContain(
      'You declared INC-12 “Writes are stuck!” a moment ago, so nothing was done.',
    );
    expect(told(refused)).toContain('/incident declare writes are stuck anyway');
    expect(decideDeclare({ ...state, recent }, input({ anyway: true }), ask).accepted).toBe(true);
    expect(decideDeclare({ ...state, recent }, input({ title: 'reads are stuck' }), ask).accepted).toBe(true);
  });

  test('the line to declare it anyway repeats all that was said', () => {
    const recent = [{ ...incident, title: '🔥🔥' }];
    const on = [{ service: 'api gateway', environment: 'prod', cluster: '' }];
    const given = input({
      title: '🔥🔥',
      sev: 'SEV1',
      on,
      started: time('10:22'),
      private: true,
      drill: true,
    });
    expect(told(decideDeclare({ ...state, recent }, given, ask))).toContain(
      '/incident declare 🔥🔥 sev:1 on:"api gateway/prod" started:"10:22" private drill anyway',
    );
    expect(decideDeclare({ ...state, recent }, input({ title: '🎉' }), ask).accepted).toBe(true);
  });

  test('a long title is cut at a word, and all of it is kept', () => {
    const title = `${'very '.repeat(60)}stuck`;
    const decision = decideDeclare(state, input({ title }), ask);
    const data = facts(decision)[0]?.data as { title: string; description: string };
    expect(data.title.length).toBeLessThanOrEqual(titleLimit);
    expect(data.title).toMatch(/very…$/);
    expect(data.description).toBe(title);
    expect(told(decision)).toContain('The title was long');
  });

  test('a title of several lines is one line, and its lines are kept', () => {
    const decision = decideDeclare(state, input({ title: 'writes are\n  stuck' }), ask);
    expect(facts(decision)[0]?.data).toMatchObject({ title: 'writes are stuck' });
  });

  test('shows the times as understood, in the sender’s zone and in UTC', () => {
    const decision = decideDeclare(state, input({ started: time('10:22'), detected: time('10:30') }), ask);
    expect(told(decision)).toContain('Understood: started 10 Mar 2026 11:22 CET (10:22 UTC); detected');
    expect(told(decision)).not.toContain('before it started');
  });

  test('detected before it started is recorded as said, and remarked', () => {
    const decision = decideDeclare(state, input({ started: time('10:30'), detected: time('10:22') }), ask);
    expect(told(decision)).toContain(
      'It was detected before it started. Both are recorded as you said them.',
    );
    expect(facts(decision)).toHaveLength(1);
  });

  test('what was odd about the words is said', () => {
    expect(told(decideDeclare(state, input({ remarks: ['I took 3/4 as 3 April.'] }), ask))).toContain(
      '3 April',
    );
  });

  test('a private one and a drill are called so', () => {
    expect(told(decideDeclare(state, input({ private: true }), ask))).toContain('Its private channel');
    expect(told(decideDeclare(state, input({ drill: true }), ask))).toContain('drill declared');
  });
});

describe('severity', () => {
  test('changes with its reason, and back-dated when that is said', () => {
    const decision = decideSeverity(
      incident,
      { sev: 'SEV1', reason: 'all writes fail', at: time('10:40'), remarks: [] },
      ask,
    );
    expect(facts(decision)).toMatchObject([
      {
        type: 'SeveritySet',
        data: { from: 'SEV2', to: 'SEV1', reason: 'all writes fail' },
        about: { when: { asWritten: '10:40' } },
      },
    ]);
    expect(told(decision)).toBe('INC-12 is SEV1 now, was SEV2.\nTime: 10 Mar 2026 11:40 CET (10:40 UTC).');
  });

  test('that is so already is refused', () => {
    const decision = decideSeverity(incident, { sev: 'SEV2', remarks: [] }, ask);
    expect(decision).toMatchObject({ accepted: false, refusal: { field: 'sev' } });
    expect(told(decision)).toContain('INC-12 is SEV2 already. Nothing was changed.');
  });
});

describe('status', () => {
  const statuses = ['investigating', 'identified', 'monitoring', 'resolved', 'closed'] as const;

  test('may take any step, forwards or back', () => {
    for (const from of statuses) {
      for (const to of statuses) {
        const decision = decideStatus({ ...incident, status: from }, { status: to, remarks: [] }, ask);
        expect(decision.accepted, `${from} → ${to}`).toBe(from !== to);
      }
    }
  });

  test('that is so already is refused, and a note is offered', () => {
    const decision = decideStatus(incident, { status: 'investigating', remarks: [] }, ask);
    expect(told(decision)).toContain('is investigating already. Nothing was changed. /incident note …');
  });

  test('monitoring is taken as the time of mitigation once, and says so', () => {
    expect(told(decideStatus(incident, { status: 'monitoring', remarks: [] }, ask))).toContain(
      'I take this as the time of mitigation',
    );
    const before = { ...incident, mitigatedAt: now };
    expect(told(decideStatus(before, { status: 'monitoring', remarks: [] }, ask))).not.toContain(
      'mitigation',
    );
  });

  test('what ends it promises the draft, and what follows the end does not', () => {
    const draft = 'The postmortem draft is being made; the summary says where it is';
    for (const [from, to, promised] of [
      ['monitoring', 'resolved', true],
      ['investigating', 'closed', true],
      ['resolved', 'closed', false],
      ['closed', 'resolved', false],
      ['resolved', 'monitoring', false],
    ] as const) {
      const decision = decideStatus({ ...incident, status: from }, { status: to, remarks: [] }, ask);
      expect(told(decision).includes(draft), `${from} → ${to}`).toBe(promised);
    }
  });
});

describe('key times', () => {
  test('need a time, except mitigated, which is now', () => {
    for (const which of ['started', 'detected'] as const) {
      const decision = decideKeyTime(which, incident, { remarks: [] }, ask);
      expect(decision).toMatchObject({ accepted: false, refusal: { field: 'time' } });
      expect(told(decision)).toContain(`/incident ${which} 10:22`);
    }
    const mitigated = decideKeyTime('mitigated', incident, { remarks: [] }, ask);
    expect(facts(mitigated)).toMatchObject([
      { type: 'KeyTimeSet', data: { which: 'mitigated', shown: 'now' } },
    ]);
  });

  test('out of order are recorded as said, and remarked', () => {
    const started = { ...incident, startedAt: new Date('2026-03-10T10:30:00Z') };
    const detected = { ...incident, detectedAt: new Date('2026-03-10T10:20:00Z') };
    for (const [decision, remark] of [
      [decideKeyTime('detected', started, { time: time('10:22'), remarks: [] }, ask), 'before it started'],
      [decideKeyTime('mitigated', started, { time: time('10:22'), remarks: [] }, ask), 'before it started'],
      [
        decideKeyTime('started', detected, { time: time('10:22'), remarks: [] }, ask),
        'after it was detected',
      ],
    ] as const) {
      expect(facts(decision)).toHaveLength(1);
      expect(told(decision)).toContain(`${remark}; recorded as you said it.`);
    }
    const fine = decideKeyTime('started', detected, { time: time('10:10'), remarks: [] }, ask);
    expect(told(fine)).not.toContain('recorded as you said');
  });

  test('that nobody knows are kept as unknown, with the words', () => {
    const decision = decideKeyTime('started', incident, { time: unknownTime, remarks: [] }, ask);
    expect(facts(decision)).toMatchObject([{ about: { when: { at: null, asWritten: 'Time TBC' } } }]);
    expect(told(decision)).toContain('time unknown');
  });

  test('in a zone that could not be learned say which zone was taken', () => {
    const lost: Ask = { ...ask, actor: { ...ask.actor, zone: null } };
    const decision = decideSeverity(incident, { sev: 'SEV1', at: time('10:40'), remarks: [] }, lost);
    expect(told(decision)).toContain('I could not learn your zone and took the workspace’s, UTC.');
  });
});

describe('the others', () => {
  test('acknowledging twice is refused with what one may want instead', () => {
    expect(facts(decideAck(incident, { remarks: [] }, ask))).toMatchObject([
      { type: 'IncidentAcknowledged' },
    ]);
    const again = decideAck({ ...incident, acknowledgedAt: now }, { remarks: [] }, ask);
    expect(told(again)).toContain('/incident role commander me');
  });

  test('what is affected is said as it is read', () => {
    const component = { service: 'api', environment: 'prod', cluster: 'eu-1' };
    const decision = decideAffects(
      { incident, rows: [] },
      { component, level: 'major_outage', remarks: [] },
      ask,
    );
    expect(told(decision)).toBe('api/prod/eu-1: major outage.');
  });
});

describe('words', () => {
  test.each([
    ['1', 'SEV1'],
    ['sev1', 'SEV1'],
    ['SEV-3', 'SEV3'],
    [' sev 4 ', 'SEV4'],
  ])('%j is %s', (word, severity) => {
    expect(severityWord.parse(word)).toBe(severity);
  });

  test.each(['0', '5', 'critical', '', 'SEV', '11'])('%j is no severity, and is told so', (word) => {
    expect(severityWord.safeParse(word).error?.issues[0]?.message).toBe(
      'A severity is SEV1 (worst), SEV2, SEV3 or SEV4.',
    );
  });

  test('statuses and levels are read however they are typed', () => {
    expect(statusWord.parse(' Monitoring ')).toBe('monitoring');
    expect(statusWord.safeParse('fixed').error?.issues[0]?.message).toContain('resolved or closed');
    for (const word of ['major_outage', 'Major-Outage', 'major outage'])
      expect(levelWord.parse(word)).toBe('major_outage');
  });

  test.each([
    ['api', { service: 'api', environment: '', cluster: '' }],
    ['api/prod', { service: 'api', environment: 'prod', cluster: '' }],
    [' api/prod/eu-1 ', { service: 'api', environment: 'prod', cluster: 'eu-1' }],
    ['zahlung.käse/prod', { service: 'zahlung.käse', environment: 'prod', cluster: '' }],
  ])('%j is a component', (word, component) => {
    expect(componentWord.parse(word)).toEqual(component);
  });

  test.each(['', '/', 'a/b/c/d', 'api//eu-1', '<!channel>', 'a;b', '-api', 'x'.repeat(81)])(
    '%j is none, and is shown how one is written',
    (word) => {
      expect(componentWord.safeParse(word).error?.issues[0]?.message).toContain(
        'Write service/environment/cluster',
      );
    },
  );
});
