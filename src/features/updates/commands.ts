// What people say of updates: giving one, putting reminders off, how often they come, and reading them.
import { z } from 'zod';
import { type Ask, accept, type Decision, defineCommand, type Query, refuse } from '../../core/command.js';
import type { Form } from '../../core/form.js';
import { fewSpans, line, list, message, type Span, say, shorten } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import { readDuration, showDuration } from '../../core/time/index.js';
import { catalogStream, settingsOf, settingsSet, type TeamSettings } from '../catalog/index.js';
import {
  findIncident,
  type Incident,
  incidentKey,
  isOpen,
  onIncidentInput,
  severities,
  severityWord,
} from '../incident/index.js';
import {
  canBeRead,
  decideSnooze,
  decideUpdate,
  type SnoozeInput,
  type SnoozeState,
  shown,
  type UpdateInput,
  type UpdateState,
} from './decide.js';
import { draftOf } from './draft.js';
import { type Recipient, recipientSpan } from './facts.js';
import { readMissed, sorted } from './missed.js';
import { cadenceOf } from './promise.js';
import {
  countUpdates,
  readDelivered,
  readHolders,
  readPromise,
  readScene,
  readUpdates,
  readWaiting,
} from './store.js';

const minuteMs = 60_000;
/** So long is one message on a phone, and so much of it arrives whole in Slack and by mail. */
const updateLimit = 2_000;
const shownMax = 8;
const textShown = 300;
const namesShown = 6;
const cadenceMaxMinutes = 7 * 24 * 60;
const usualSnoozeMs = 15 * minuteMs;

const updateForm: Form = {
  title: 'Tell those outside',
  submit: 'Send',
  fields: [
    {
      kind: 'text',
      name: 'text',
      label: 'What is going on?',
      hint: 'A draft from the record. Make it true and plain: what users see, what is being done. It is sent as it stands here.',
      long: true,
      maxLength: updateLimit,
    },
    {
      kind: 'text',
      name: 'next',
      label: 'When do they hear again?',
      hint: '30m, 2h, a time such as 18:00, or none. Empty: as usual for the severity.',
      optional: true,
      maxLength: 40,
    },
  ],
};

const missing =
  'Say what is going on, for people outside, such as “Writes fail for some; a repair is under way”.';

// Whether it can be read at all hangs on no clock; what it means is decided when it is known when it was said.
const nextWord = z.string().refine(canBeRead, {
  error:
    'When is the next one due? Say next:30m, a time such as next:18:00, or next:none. If that is part of your words, leave out the colon. Nothing was sent.',
});

const updateWords = textOf({ missing }).refine((text) => text.length <= updateLimit, {
  error: (issue) => {
    const { length } = String(issue.input);
    const count = (it: number) => it.toLocaleString('en');
    return `That is ${count(length)} characters, ${count(length - updateLimit)} too many: ${count(updateLimit)} is the most. Nothing was sent. Say the rest in a second update.`;
  },
});

export const update = defineCommand<UpdateInput & { incident?: number | undefined }, Incident, UpdateState>({
  verb: {
    surface: 'incident',
    words: ['update'],
    usage: 'TEXT [next:] [at:TIME]',
    summary:
      'Tells those outside what goes on, and when they hear more. With no words a draft from the record is shown.',
    example: '/incident update writes fail for some users, a repair is under way next:30m',
    onIncident: true,
  },
  input: z.object({
    ...onIncidentInput,
    text: updateWords,
    next: nextWord.optional(),
  }),
  form: updateForm,
  async prefill(tx, input, ask) {
    const found = await findIncident(tx, input, ask);
    return 'refused' in found ? {} : draftOf(tx, found.target, ask);
  },
  locate: findIncident,
  async load(tx, _input, target) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: target.id } });
    const { cadence } = await settingsOf(tx, incident.workspaceId);
    const [latest = null] = await readUpdates(tx, incident.id);
    return {
      ...{ incident, latest },
      count: await countUpdates(tx, incident.id),
      // A severity of the row was checked when it was said.
      every: cadenceOf(cadence, severityWord.parse(incident.severity)),
      scene: await readScene(tx, incident),
    };
  },
  decide: decideUpdate,
});

const durationWord = z.string().transform((word, context) => {
  const reading = readDuration(word);
  if (reading.ok) return reading.milliseconds;
  context.issues.push({ code: 'custom', input: word, message: reading.reason });
  return 0;
});

export const snooze = defineCommand<SnoozeInput & { incident?: number | undefined }, Incident, SnoozeState>({
  verb: {
    surface: 'incident',
    words: ['snooze'],
    usage: '[DURATION] [at:TIME]',
    summary: 'Reminders of the next update wait, 15 minutes unless told; what was promised stays.',
    example: '/incident snooze 15m',
    onIncident: true,
  },
  input: z.object({ ...onIncidentInput, duration: durationWord.default(usualSnoozeMs) }),
  locate: findIncident,
  async load(tx, _input, { id }) {
    const incident = await tx.incident.findUniqueOrThrow({ where: { id } });
    return {
      incident,
      waiting: await readWaiting(tx, incident),
      holders: await readHolders(tx, incident),
    };
  },
  decide: decideSnooze,
});

const cadenceInput = z.object({
  sev: severityWord.optional(),
  duration: z
    .string()
    .transform((word, context) => {
      if (/^(?:off|none|-)$/i.test(word.trim())) return null;
      const reading = readDuration(word);
      const minutes = reading.ok ? Math.round(reading.milliseconds / minuteMs) : 0;
      if (minutes >= 1 && minutes <= cadenceMaxMinutes) return minutes;
      const message = reading.ok
        ? 'Updates come every minute at the most, and every 7 days at the least. For none say off.'
        : reading.reason;
      context.issues.push({ code: 'custom', input: word, message });
      return null;
    })
    .optional(),
});

export const cadence = defineCommand<z.infer<typeof cadenceInput>, null, TeamSettings>({
  verb: {
    surface: 'incident',
    words: ['cadence'],
    usage: '[SEV] [DURATION]',
    summary:
      'How often those outside hear, for each severity; “off” is never by itself. Without words it is shown.',
    example: '/incident cadence 1 30m',
    onIncident: false,
    inDrill: 'refused',
  },
  input: cadenceInput,
  locate: async () => ({ streams: [catalogStream], target: null }),
  load: (tx, _input, _target, ask) => settingsOf(tx, ask.workspace.id),
  decide: decideCadence,
});

function decideCadence(was: TeamSettings, input: z.infer<typeof cadenceInput>, _ask: Ask): Decision {
  const { sev, duration } = input;
  if (sev !== undefined && duration === undefined)
    return refuse(
      say(`How often for ${sev}? Such as `, { code: `/incident cadence ${sev} 30m` }, ', or off.'),
      'duration',
    );
  const now = sev === undefined || duration === undefined ? was.cadence : { ...was.cadence, [sev]: duration };
  const reply = message(
    line({ bold: 'Updates for those outside' }, ' are due:'),
    list(severities.map((each) => [{ bold: each }, ` ${everyText(cadenceOf(now, each))}`])),
    line(
      { code: '/incident cadence 1 30m' },
      ' changes one; ',
      { code: 'next:' },
      ' in an update says otherwise.',
    ),
  );
  if (sev === undefined || was.cadence[sev] === duration) return accept([], reply);
  return accept([settingsSet({ cadence: now }, { stream: catalogStream })], reply);
}

function everyText(ms: number | null): string {
  return ms === null ? 'none by itself' : `every ${showDuration(ms)}`;
}

function namesOf(people: readonly Recipient[]): Span[] {
  return fewSpans(people.map(recipientSpan), namesShown);
}

export const updatesQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['updates'],
    usage: '',
    summary: 'What those outside were told, to whom it went, and when the next one is due.',
    onIncident: true,
  },
  async answer(tx, values, ask) {
    const found = await findIncident(tx, values as { incident?: number }, ask);
    if ('refused' in found) return found.refused.message;
    const incident = found.target;
    const key = incidentKey(incident);
    const updates = await readUpdates(tx, incident.id);
    const delivered = await readDelivered(tx, incident.id);
    const due = (await readPromise(tx, incident))?.due ?? null;
    const lost = await readMissed(tx, incident.id);
    const items = updates.slice(0, shownMax).map((each): Span[] => {
      const to = delivered.filter(({ data }) => data.factId === each.id).flatMap(({ data }) => data.to);
      const { reached, missed } = sorted(each.id, to, lost);
      return [
        { bold: `${each.number}` },
        ' ',
        { at: each.at },
        ` ${each.authorName}: `,
        each.redacted ? 'redacted' : shorten(each.text, textShown),
        ' (',
        ...(reached.length === 0 ? ['sent to nobody'] : ['went to: ', ...namesOf(reached)]),
        ...(missed.length === 0 ? [] : ['; not reached: ', ...namesOf(missed)]),
        ')',
      ];
    });
    return message(
      line({ bold: `Updates of ${key}` }, updates.length === 0 ? ': none yet.' : `: ${updates.length}.`),
      list(items),
      isOpen(incident.status) &&
        (due ? line(`The next one is due ${shown(due, ask)}.`) : line('No next one is promised.')),
      isOpen(incident.status) && line('To give one: ', { code: `/incident update ${key} TEXT next:30m` }),
    );
  },
};
