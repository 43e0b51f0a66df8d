// The rules of declaring. Pure: everything they know is in their arguments.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { type ButtonSpec, buttons, line, type Message, message, say, shorten } from '../../core/message.js';
import { fewNames, oneLine, sameWords } from '../../core/text.js';
import { showUnderstood, type WrittenTime } from '../../core/time/index.js';
import { about, understoodLine, zoneAssumed } from './decide.js';
import * as facts from './facts.js';
import type { Incident } from './row.js';
import { incidentKey } from './store.js';
import {
  type Component,
  componentName,
  defaultSeverity,
  levelFor,
  levelName,
  type Severity,
  type Slip,
} from './words.js';

/** The longest title: it stands in channel names, topics and headers. */
export const titleLimit = 120;
/** A second declaration like the first within this time is probably the same one, sent twice. */
export const repeatMinutes = 2;
/** How many components a reply names. */
const componentsShown = 6;
/** How much of a title the line to declare it anyway repeats. */
const repeatedWordsMax = 2_000;
/** The words that say something of an incident, and are no title alone. */
const flagWords = new Set(['private', 'drill', 'anyway']);

export interface DeclareInput {
  readonly title: string;
  readonly sev?: Severity;
  readonly on: readonly Component[];
  readonly at?: WrittenTime;
  readonly started?: WrittenTime;
  readonly detected?: WrittenTime;
  readonly private: boolean;
  readonly drill: boolean;
  /** It is another one than a moment ago; and what a title says of drills and of what is private is only its title. */
  readonly anyway: boolean;
  /** The title has words that may be meant as flags. */
  readonly slip?: Slip | undefined;
  /** The ids of people who are invited besides. */
  readonly members?: readonly string[];
  readonly remarks: readonly string[];
}

export interface DeclareState {
  readonly id: string;
  readonly number: number;
  /** What the same person declared in the last minutes. */
  readonly recent: readonly Incident[];
}

export function decideDeclare(state: DeclareState, input: DeclareInput, ask: Ask): Decision {
  const words = oneLine(input.title);
  if (flagWords.has(words.toLowerCase())) return refuse(titleMissing(words.toLowerCase()), 'title');
  const title = shorten(words, titleLimit);
  const twin = state.recent.find((each) => sameWords(each.title, title));
  // A button that says “anyway” of its words is pressed twice more often than the same is declared twice.
  if (twin && input.slip) return refuse(declaredAlready(twin), 'title');
  if (twin && !input.anyway) return refuse(askAgain(twin, words, input), 'title');
  if (input.slip && !input.anyway) return refuse(askWhich(input.slip, words, input), 'title');
  if (input.private && !isInSlack(ask.actor.id) && !input.members?.length)
    return refuse(
      say(
        'Nobody would be in its channel. Name at least one person: members, the ids of Slack users, such as ["U012AB3CD"]. Nothing was recorded.',
      ),
      'members',
    );
  const severity = input.sev ?? defaultSeverity;
  const components = [...new Map(input.on.map((each) => [componentName(each), each])).values()];
  // Their names are Slack's to tell, and shown by it.
  const members = [...new Set(input.members)].map((id) => ({ id, name: id }));
  const fact = facts.incidentDeclared(
    {
      number: state.number,
      title,
      description: title === words ? null : input.title,
      severity,
      private: input.private,
      drill: input.drill,
      level: levelFor(severity),
      components,
      started: input.started ?? null,
      detected: input.detected ?? null,
      declarer: { id: ask.actor.id, name: ask.actor.name },
      ...(members.length > 0 ? { members } : {}),
    },
    about({ id: state.id }, input.at),
  );
  return accept(
    [fact],
    declareReply(state.number, title, words, severity, { ...input, on: components }, ask),
  );
}

function declareReply(
  number: number,
  title: string,
  words: string,
  severity: Severity,
  input: DeclareInput,
  ask: Ask,
): Message {
  const place = input.private ? 'Its private channel' : 'Its channel';
  const first = line(
    { bold: `INC-${number}` },
    ` ${input.drill ? 'drill ' : ''}declared, ${severity}: ${title}. ${place} is being opened${isInSlack(ask.actor.id) ? '; you will be invited' : input.members?.length ? '; those you named will be invited' : ''}.`,
  );
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const times = (['started', 'detected'] as const).flatMap((name) => {
    const time = input[name];
    return time ? [`${name} ${showUnderstood(time, zone)}`] : [];
  });
  const odd = input.started?.at && input.detected?.at && input.detected.at < input.started.at;
  return message(
    first,
    input.sev
      ? null
      : line(
          `Nobody said the severity, so it is ${severity}; `,
          { code: '/incident severity' },
          ' changes it.',
        ),
    input.on.length > 0 &&
      line(
        `${namesOf(input.on)}: ${levelName(levelFor(severity))}; `,
        { code: '/incident affects' },
        ' changes it.',
      ),
    times.length > 0 && line(`Understood: ${times.join('; ')}.${input.at ? '' : zoneAssumed(ask)}`),
    understoodLine(input.at, ask),
    odd && line('It was detected before it started. Both are recorded as you said them.'),
    title !== words &&
      line('The title was long: its beginning names the incident, all of it is on the timeline.'),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
  );
}

function namesOf(components: readonly Component[]): string {
  return fewNames(components.map(componentName), componentsShown);
}

function titleMissing(flag: string): Message {
  return flag === 'anyway'
    ? say('Say what is wrong, and put “anyway” after it.')
    : say(
        `Say what is wrong; to make it ${flag === 'drill' ? 'a drill' : flag} put the word after it: `,
        { code: `/incident declare writes are stuck ${flag}` },
        '.',
      );
}

// The whole line again: one that lost its `private` would show what it was to hide.
function askAgain(twin: Incident, words: string, input: DeclareInput): Message {
  return message(
    line(
      `You declared ${incidentKey(twin)} “${twin.title}” a moment ago, so nothing was done. If this is another one:`,
    ),
    line({ code: declareLine(words, { ...input, anyway: true }) }),
  );
}

function declaredAlready(twin: Incident): Message {
  return say(
    `You declared ${incidentKey(twin)} “${twin.title}” a moment ago, so nothing was done. If this is another one, say it in other words.`,
  );
}

// A button's line is its id too, and Slack takes no longer one.
const buttonMax = 250;

// What `drill` or `private` means where it does not stand at the end: either mistake is heard by many at once.
function askWhich({ flags, rest }: Slip, words: string, input: DeclareInput): Message {
  const [flag = 'drill'] = flags;
  if (rest === '') return titleMissing(flag);
  const both = flags.length > 1;
  const marked = {
    private: input.private || flags.includes('private'),
    drill: input.drill || flags.includes('drill'),
  };
  const steps: ButtonSpec[] = [
    {
      label: both ? 'A private drill' : flag === 'drill' ? 'A drill' : 'A private incident',
      command: declareLine(oneLine(rest), { ...input, ...marked }),
      style: 'primary',
    },
    {
      label: both ? 'Real, and for everybody' : flag === 'drill' ? 'A real incident' : 'For everybody to see',
      command: declareLine(words, { ...input, anyway: true }),
    },
  ];
  return message(
    line(
      `Nothing was declared yet: ${flags.map((each) => `“${each}”`).join(' and ')} ${both ? 'count' : 'counts'} only at the end of the line. Which is it?`,
    ),
    ...steps.map(({ label, command }) => line(`${label}: `, { code: command })),
    steps.every(({ command }) => command.length <= buttonMax) && buttons(...steps),
  );
}

function declareLine(words: string, input: DeclareInput): string {
  const on = input.on.map(componentName).map((name) => (name.includes(' ') ? `"${name}"` : name));
  const times = (['started', 'detected', 'at'] as const).flatMap((key) => {
    const time = input[key];
    return time ? [`${key}:"${time.asWritten}"`] : [];
  });
  return [
    `/incident declare ${shorten(words, repeatedWordsMax)}`,
    ...(input.sev ? [`sev:${input.sev.slice(3)}`] : []),
    ...(on.length > 0 ? [`on:${on.join(',')}`] : []),
    ...times,
    ...(input.private ? ['private'] : []),
    ...(input.drill ? ['drill'] : []),
    ...(input.anyway ? ['anyway'] : []),
  ].join(' ');
}
