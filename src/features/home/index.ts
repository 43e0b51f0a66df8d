// App Home: what each person sees of Andon when they open it. Features add to its parts; this one draws them.
import { z } from 'zod';
import { type Ask, accept, defineCommand, internalVerb } from '../../core/command.js';
import type { Effect } from '../../core/effect.js';
import { on } from '../../core/fact.js';
import { type Feature, type HomePlace, homePlaces, type Reaction } from '../../core/feature.js';
import { buttons, divider, line, type Message, message, type Part, title } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { idOf } from '../incident/index.js';
import { channelRenamed, messagePosted, noticeSlot } from '../places/index.js';
import { tasksRedrawn } from '../tasks/index.js';
import { entryRedacted, wordsRedacted } from '../timeline/index.js';
import { missingSection, onFireSection, yourRolesSection } from './sections.js';

/** The kinds of fact that change nothing on App Home. Any other may, so that a new kind is shown unless it is named. */
const quietFacts: ReadonlySet<string> = new Set([
  'ImpactSet',
  'IncidentAbsorbed',
  'NoteTaken',
  'EntryStruck',
  'EntryCorrected',
  'LinkAdded',
  'ExportAsked',
  'MessageTaken',
  'MessageNoted',
  'MessageEdited',
  'MessageEditedSince',
  'MessageWithdrawn',
  'MessageRestored',
  'MessageMarked',
  'FileUploaded',
  'FileRemoved',
  'ChangeReported',
  'SupportTold',
  'DigestMade',
  'StatsAsked',
  'CauseSuggested',
  'ProtectionAnswered',
  'ProtectionUnanswered',
  'FreezeLoosened',
  'VerdictGiven',
  'VerdictRevised',
  'PlansFrozen',
  'ExceptionReminded',
  'HeldLeft',
  'ThawBegan',
  'GateLooked',
  'PeopleAsked',
  'PeoplePlaced',
  'PeopleGone',
  'AlertFired',
  'AlertResolved',
  'AlertFlaps',
  'AlertsCounted',
  'AlertsQuiet',
  'AlertsStillFire',
  'AlertsRefused',
  'PageJoined',
  'ReportMade',
  'ReportTied',
  'ReportsGathered',
  'ReportsReminded',
  'ReportsPaged',
  'GatheringAnswered',
  'GatheringRedrawn',
  'UpdateDelivered',
  'UpdateCopiesRedrawn',
  'UpdateUndelivered',
  'UpdateLetterSent',
  'SubscriptionMade',
  'SubscriptionEnded',
  'TaskReminded',
  'HandoverReminded',
  'RoleHeldLong',
  'RoleKept',
  'RoleDefined',
  'RoleUndefined',
  'ScheduleSet',
  'ScheduleRemoved',
  'ShiftEntered',
  'ShiftsRelieved',
  'EscalationSet',
  'EscalationRemoved',
  'ContactSet',
  'ContactTried',
  'ContactTested',
  'FeedRead',
  'FeedRefused',
  'FeedsAsked',
  'ScheduleEnds',
  'GroupsAsked',
  'GroupRefused',
  'ChecklistDefined',
  'ChecklistRemoved',
  'ChecklistRedrawn',
  'MonitorSet',
  'MonitorRemoved',
]);

const headings: Record<HomePlace, string> = {
  ringing: 'You are called',
  fire: 'On fire',
  waiting: 'Waiting for you',
  changing: 'Changing',
  frozen: 'Frozen',
  missing: 'Missing',
};
/** Said where nothing is to be shown; the other parts are left out then. */
const nothing: Partial<Record<HomePlace, string>> = {
  fire: 'No incident is open.',
  waiting: 'Nothing.',
};

/**
 * Somebody opened App Home, or those who did are to see what changed: states nothing, so that what follows from it is
 * enqueued where all else is.
 */
export const homeAsked = defineCommand<null, null, null>({
  verb: internalVerb('home'),
  input: z.null(),
  locate: async () => ({ streams: [], target: null }),
  load: async () => null,
  decide: () => accept([], message()),
});

/** Draws App Home for the one who asks. */
export async function drawHome(features: readonly Feature[], tx: Tx, ask: Ask): Promise<Message> {
  const parts: Part[] = [];
  for (const place of homePlaces) {
    const shown = await sectionsOf(features, place, tx, ask);
    if (shown.length > 0) parts.push(title(headings[place]), ...shown);
    if (place === 'waiting') parts.push(divider, declareButton);
  }
  return message(
    ...parts,
    divider,
    line(
      'Help: ',
      { code: '/incident help' },
      '. In a thread, mention me instead: ',
      { code: '@Andon note …' },
      '. As of ',
      { at: ask.now },
      '.',
    ),
  );
}

/** The effect that shows one person their App Home anew; `opened` tells who opened it from who is only kept current. */
export function publishHome(userId: string, opened: boolean): Effect {
  return {
    ...apart,
    lane: `${homeLanes}${userId}`,
    collapse: opened ? openedHome : 'home/changed',
    kind: { do: 'publishHome', userId },
  };
}

/** What the lanes of App Homes begin with, and how the jobs of those that were opened are told. */
export const homeLanes = 'home/';
export const openedHome = 'home/opened';

const apart = { step: 0, incidentId: null, first: false, essential: false } as const;
const refreshHomes: Effect = { ...apart, lane: 'homes', collapse: 'homes', kind: { do: 'refreshHomes' } };

const declareButton = buttons({
  label: 'Declare an incident',
  command: '/incident declare',
  style: 'primary',
});

/** What App Home shows anew of itself, and of which facts more must be known than their kind. */
const own: readonly Reaction[] = [
  on(entryRedacted, (fact) => [fact.data.title ? refreshEveryHome(idOf(fact)) : refreshHomes]),
  on(wordsRedacted, ({ data: { id, facts } }) => {
    const since = facts[0]?.at.toISOString();
    return since ? [refreshHomesSince(id, since)] : [];
  }),
  on(channelRenamed, (fact) => [refreshEveryHome(fact.data.incidentId)]),
  // Whoever was to do it has its words there.
  on(tasksRedrawn, (fact) => [refreshEveryHome(idOf(fact))]),
  // What was refused is said here only until it could be said on the incident.
  on(messagePosted, ({ data }) =>
    data.incidentId && data.slot === noticeSlot(data.incidentId) ? [refreshHomes] : [],
  ),
];

function reactionsTo(features: readonly Feature[]): Reaction[] {
  const apart = new Set([...quietFacts, ...own.map((rule) => rule.type)]);
  const kinds = features.flatMap((feature) => feature.facts).filter((kind) => !apart.has(kind.type));
  return [...kinds.map(({ type }) => ({ type, run: () => [refreshHomes] })), ...own];
}

// What was redacted must not stay on a home that nobody looked at since.
function refreshEveryHome(incidentId: string): Effect {
  return {
    ...refreshHomes,
    essential: true,
    collapse: `homes/${incidentId}`,
    kind: { do: 'refreshHomes', incidentId },
  };
}

function refreshHomesSince(id: string, since: string): Effect {
  const kind = { do: 'refreshHomes', since } as const;
  return { ...refreshHomes, essential: true, collapse: `homes/${id}`, kind };
}

/** The feature that draws what the others show, again after whatever may change it. */
export function homeFeature(features: readonly Feature[]): Feature {
  return {
    name: 'home',
    facts: [],
    react: reactionsTo(features),
    home: { fire: onFireSection, waiting: yourRolesSection, missing: missingSection },
  };
}

async function sectionsOf(
  features: readonly Feature[],
  place: HomePlace,
  tx: Tx,
  ask: Ask,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const feature of features) parts.push(...((await feature.home?.[place]?.(tx, ask)) ?? []));
  const said = nothing[place];
  return parts.length === 0 && said ? [line(said)] : parts;
}
