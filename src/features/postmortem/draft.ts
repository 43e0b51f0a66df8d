// The postmortem draft: everything the record knows, and a question wherever a person must answer.
import {
  type Block,
  type Document,
  heading,
  type ListItem,
  link,
  list,
  paragraph,
  question,
  type Span,
  said,
  strong,
  table,
  words,
} from './document.js';
import {
  type Duration,
  type Face,
  howToSay,
  humanDuration,
  type MomentName,
  measureDurations,
  millis,
  momentNames,
  showInstant,
  showOnFace,
  type WallClock,
  wallClock,
} from './durations.js';
import {
  type ChangeOnRecord,
  type ComponentImpact,
  type FreezeOnRecord,
  type IncidentRecord,
  impactLevels,
  incidentKey,
  type Person,
  type RoleHeld,
  type TimelineEntry,
} from './record.js';

/** A silence longer than this asks what happened in it. */
const longSilenceMinutes = 30;
/** Only the longest silences are asked about: nobody answers twenty such questions. */
const mostSilencesAsked = 5;
/** People and components named in a sentence before it says "and N more". */
const mostNamed = 3;

/** What the sections are written from. */
interface Facts {
  record: IncidentRecord;
  clock: WallClock;
  durations: Duration[];
  /** The entries a reader sees, in order. */
  entries: TimelineEntry[];
}

/** The draft of an incident's postmortem. Pure: the same record gives the same document, on any host. */
export function draftPostmortem(record: IncidentRecord): Document {
  const facts: Facts = {
    record,
    clock: wallClock(record.zone),
    durations: measureDurations(record),
    entries: orderEntries(record.timeline).filter(isForReaders),
  };
  const sections = [
    titleSection,
    summarySection,
    keyTimesSection,
    impactSection,
    timelineSection,
    peopleSection,
    changesSection,
    freezesSection,
    hypothesesSection,
    rootCausesSection,
    lessonsSection,
    actionsSection,
    linksSection,
    provenanceSection,
  ];
  const flags = `${record.drill ? 'DRILL ' : ''}${incidentKey(record)}`;
  return { title: `${flags}: ${record.title}`, blocks: sections.flatMap((section) => section(facts)) };
}

/** Entries as they happened. One whose time is unknown stands where it was recorded. */
export function orderEntries(timeline: readonly TimelineEntry[]): TimelineEntry[] {
  return timeline
    .map((entry) => ({ entry, at: placeOf(entry) }))
    .sort((a, b) => a.at - b.at || a.entry.seq - b.entry.seq)
    .map(({ entry }) => entry);
}

function placeOf(entry: TimelineEntry): number {
  return millis(timeOf(entry) ?? entry.recordedAt);
}

function timeOf(entry: TimelineEntry): string | null {
  return entry.precision === 'unknown' ? null : entry.occurredAt;
}

// Housekeeping, such as who joined the channel, is left out unless it says that it matters.
function isForReaders(entry: TimelineEntry): boolean {
  return entry.kind !== 'system' || entry.matters === true;
}

// ── Title and summary ────────────────────────────────────────────────────────────────────────────────────────

function titleSection({ record, clock, durations }: Facts): Block[] {
  const drill = record.drill ? 'DRILL ' : '';
  const resolve = durations.find(({ name }) => name === 'resolve')?.human ?? null;
  const day = record.startedAt ?? record.detectedAt ?? record.declaredAt;
  const facts = [
    record.severity ?? 'severity not set',
    record.status,
    day === null ? 'date unknown' : clock.local.longDate(millis(day)),
    resolve === null ? 'duration unknown' : `${resolve} from start to resolved`,
  ];
  const blocks = [
    heading(1, ...words(`${drill}${incidentKey(record)}: `), said(record.title)),
    paragraph(strong(facts.join(' · '))),
  ];
  if (record.drill)
    blocks.push(
      paragraph(strong('This was a drill.'), ...words(' Practice, not an outage: it counts in no figure.')),
    );
  if (record.private) {
    blocks.push(
      paragraph(
        strong('Private incident.'),
        ...words(' For its members only: ask them before you share it.'),
      ),
    );
  }
  return blocks;
}

function summarySection(facts: Facts): Block[] {
  const { record } = facts;
  const sentences = [
    whatSentence(facts),
    beginningSentence(facts),
    endSentence(facts),
    commandSentence(facts),
  ];
  if (record.summaryText)
    sentences.push([...words('The last word from the team: “'), said(record.summaryText), ...words('”')]);
  const spans = sentences.flatMap((sentence, index) =>
    index === 0 ? sentence : [...words(' '), ...sentence],
  );
  return [
    heading(2, ...words('Summary')),
    paragraph(...spans),
    question(
      ...words('In two sentences, for somebody who was not there: what did users notice, and what ended it?'),
    ),
  ];
}

function whatSentence({ record }: Facts): Span[] {
  const severity = record.severity ?? 'no severity set';
  const what = `${incidentKey(record)} ${isOver(record) ? 'was' : 'is'} a${record.drill ? ' drill of a' : ''}${record.private ? ' private' : ''} ${severity} incident`;
  const components = affected(record);
  if (components.length === 0) return words(`${what}; no component was named as affected.`);
  return [
    ...words(`${what} that affected `),
    ...named(components.map(([name]) => said(name, 'code'))),
    ...words('.'),
  ];
}

function beginningSentence({ record, clock, durations }: Facts): Span[] {
  const started = record.startedAt;
  const detect = durations.find(({ name }) => name === 'detect');
  const begun =
    started === null
      ? 'When the impact began is unknown'
      : `The impact began at ${keyTime(record, clock, 'started')}`;
  const declared = `declared at ${showInstant(clock, record.declaredAt)}${record.declaredBy ? ' by ' : ''}`;
  let detected =
    record.detectedAt === null
      ? 'when it was detected is unknown'
      : `it was detected at ${keyTime(record, clock, 'detected')}`;
  if (detect?.seconds !== null && detect?.seconds !== undefined) {
    const ago = humanDuration(Math.abs(detect.seconds));
    detected = detect.seconds < 0 ? `it was detected ${ago} before that` : `it was detected ${ago} later`;
  }
  return [
    ...words(`${begun}; ${detected}, and ${declared}`),
    ...(record.declaredBy ? [said(record.declaredBy.name)] : []),
    ...words('.'),
  ];
}

function endSentence({ record, clock, durations }: Facts): Span[] {
  const after = (name: Duration['name'], at: string, verb: string) => {
    const seconds = durations.find((each) => each.name === name)?.seconds ?? null;
    const ago =
      seconds === null
        ? ''
        : `, ${humanDuration(Math.abs(seconds))} ${seconds < 0 ? 'before' : 'after'} it began`;
    return `It was ${verb} at ${showInstant(clock, at)}${ago}.`;
  };
  const { mitigatedAt, resolvedAt } = record;
  const mitigated =
    mitigatedAt === null ? 'No mitigation is on record.' : after('mitigate', mitigatedAt, 'mitigated');
  const unresolved = isOver(record) ? 'When it was resolved is unknown.' : 'It is not resolved yet.';
  const resolved = resolvedAt === null ? unresolved : after('resolve', resolvedAt, 'resolved');
  return words(`${mitigated} ${resolved}`);
}

function isOver({ status }: IncidentRecord): boolean {
  return status === 'resolved' || status === 'closed';
}

function commandSentence({ record }: Facts): Span[] {
  const [first, ...later] = heldInOrder(record.roles.filter(({ role }) => role === 'commander'));
  if (!first) return words('Nobody is on record as commander.');
  const names = later.map(({ user }) => said(user.name));
  const then = names.length > 0 ? [...words(', then '), ...named(names, 'then ')] : [];
  return [said(first.user.name), ...words(' commanded'), ...then, ...words('.')];
}

// "a, b and 2 more": a sentence stays a sentence.
function named(spans: Span[], between = ''): Span[] {
  const first = spans.slice(0, mostNamed + 1);
  if (spans.length > first.length) first.splice(mostNamed);
  const rest = spans.length - first.length;
  const joined = first.flatMap((span, index) => {
    if (index === 0) return [span];
    const isLast = rest === 0 && index === first.length - 1;
    return [...words(isLast && !between ? ' and ' : `, ${between}`), span];
  });
  return rest === 0 ? joined : [...joined, ...words(` and ${rest} more`)];
}

// ── Key times and durations ──────────────────────────────────────────────────────────────────────────────────

function keyTimesSection({ record, clock, durations }: Facts): Block[] {
  const zones = clock.utc === null ? ['UTC'] : [clock.zone, 'UTC'];
  const times = momentNames.map((name) => {
    const faces = clock.utc === null ? [clock.local] : [clock.local, clock.utc];
    const shown = faces.map((on) => keyTimeOn(record, on, name));
    return [
      words(name),
      ...shown.map(words),
      writtenDifferently(record.keyTimes?.[name]?.asWritten, shown, clock),
    ];
  });
  const measured = durations.map((each) => [
    words(`to ${each.name}`),
    words(each.human === null ? 'unknown' : `${isRough(record, each) ? '~' : ''}${each.human}`),
    words(`${each.from} → ${each.to}`),
  ]);
  const notes = durations.flatMap((each) => [
    ...each.explanations,
    ...(isRough(record, each)
      ? [`${each.human} to ${each.name} is about: one of its two times is not exact`]
      : []),
  ]);
  for (const name of momentNames) {
    if (record.keyTimes?.[name]?.derived !== true || record[`${name}At`] === null) continue;
    notes.push(
      `nobody said when it was ${name}, the time follows from the status: say it with ${howToSay[name]} if it was another`,
    );
  }
  const blocks = [
    heading(2, ...words('Key times and durations')),
    table(['', ...zones, 'as written'], times),
    table(['', 'took', 'from → to'], measured),
  ];
  if (notes.length > 0) blocks.push(list([...new Set(notes)].map((note) => ({ spans: words(note) }))));
  return blocks;
}

function keyTimeOn(record: IncidentRecord, on: Face, name: MomentName): string {
  const at = record[`${name}At`];
  const how = record.keyTimes?.[name];
  if (at === null || how?.precision === 'unknown') return 'unknown';
  return showOnFace(on, millis(at), how?.until ? millis(how.until) : null, how?.precision ?? 'exact');
}

function keyTime(record: IncidentRecord, clock: WallClock, name: MomentName): string {
  const about = record.keyTimes?.[name]?.precision === 'approximate' ? '~' : '';
  return about + showInstant(clock, record[`${name}At`]);
}

function isRough(record: IncidentRecord, duration: Duration): boolean {
  if (duration.seconds === null) return false;
  return [duration.from, duration.to].some(
    (name) => (record.keyTimes?.[name]?.precision ?? 'exact') !== 'exact',
  );
}

// The words a person used, unless they say what is shown already.
function writtenDifferently(asWritten: string | null | undefined, shown: string[], clock: WallClock): Span[] {
  if (!asWritten) return [];
  const plain = (text: string) => text.toLowerCase().replace(/\s+/g, '').replace(/[–—]/g, '-');
  const [local = '', utc = local] = shown.map(plain);
  const same = [local, `${local}${clock.zone.toLowerCase()}`, `${utc}utc`, `${utc}z`];
  const without = same.map((text) => text.replace(/^(~?)\d{4}-\d\d-\d\d/, '$1'));
  return [...same, ...without].includes(plain(asWritten)) ? [] : [said(asWritten)];
}

// ── Impact ───────────────────────────────────────────────────────────────────────────────────────────────────

function impactSection({ record, clock }: Facts): Block[] {
  const title = heading(2, ...words('Impact per component'));
  const ask = question(
    ...words('How many users or requests were hit, what did they see, and was anything lost for good?'),
  );
  if (record.components.length === 0) {
    return [title, paragraph(...words('No component is on record as affected.')), ask];
  }
  const rows = affected(record, true).flatMap(([, impacts]) =>
    impacts.map((impact) => impactRow(impact, clock)),
  );
  return [title, table(['component', 'impact', 'from', 'until', 'for'], rows), ask];
}

function impactRow({ component, level, from, until }: ComponentImpact, clock: WallClock): Span[][] {
  const lasted =
    from === null || until === null ? 'unknown' : humanDuration((millis(until) - millis(from)) / 1000);
  const end = until === null ? 'no end on record' : showInstant(clock, until);
  return [
    [said(component, 'code')],
    words(level.replace('_', ' ')),
    words(showInstant(clock, from)),
    words(level === 'operational' && until === null ? '' : end),
    words(level === 'operational' ? '' : lasted),
  ];
}

// Components in the order in which they were hit, each with its impacts over time.
function affected(record: IncidentRecord, withHealthy = false): [string, ComponentImpact[]][] {
  const byComponent = new Map<string, ComponentImpact[]>();
  for (const impact of record.components) {
    const before = byComponent.get(impact.component);
    if (before) before.push(impact);
    else byComponent.set(impact.component, [impact]);
  }
  for (const impacts of byComponent.values()) impacts.sort((a, b) => millisOr(a.from) - millisOr(b.from));
  return [...byComponent].filter(
    ([, all]) => withHealthy || all.some(({ level }) => level !== 'operational'),
  );
}

function millisOr(at: string | null, otherwise = 0): number {
  return at === null ? otherwise : millis(at);
}

// ── Timeline ─────────────────────────────────────────────────────────────────────────────────────────────────

function timelineSection(facts: Facts): Block[] {
  const { record, clock, entries } = facts;
  const blocks: Block[] = [
    heading(2, ...words('Timeline')),
    paragraph(...words(timelineIntroduction(facts))),
  ];
  const silences = new Map(findSilences(facts).map((silence) => [silence.after, silence]));
  const references = referencedEntries(entries);
  let day = '';
  let offset = entries[0] ? clock.local.offset(placeOf(entries[0])) : '';
  let items: ListItem[] = [];
  const flush = () => {
    if (items.length > 0) blocks.push(list(items));
    items = [];
  };
  for (const entry of entries) {
    const at = placeOf(entry);
    if (clock.local.offset(at) !== offset) {
      flush();
      const before = offset;
      offset = clock.local.offset(at);
      blocks.push(
        paragraph(...words(`The clocks changed: from here ${clock.zone} is ${offset}, it was ${before}.`)),
      );
    }
    if (clock.local.date(at) !== day) {
      flush();
      day = clock.local.date(at);
      blocks.push(heading(3, ...words(clock.local.longDate(at))));
    }
    items.push({ spans: entrySpans(entry, clock, day, references) });
    const silence = silences.get(entry.id);
    if (silence) {
      flush();
      blocks.push(question(...words(silence.question)));
    }
  }
  flush();
  const leftOut = record.timeline.length - entries.length;
  if (leftOut > 0)
    blocks.push(
      paragraph(
        ...words(`${count(leftOut, 'entry', 'entries')} of housekeeping left out here; the record has all.`),
      ),
    );
  return blocks;
}

function timelineIntroduction({ clock, entries }: Facts): string {
  const first = entries[0];
  if (!first) return 'The record has no entries.';
  if (!clock.utc) return 'All times are UTC.';
  return `Times are ${clock.zone} (${clock.local.offset(placeOf(first))}), with UTC in brackets.`;
}

/** Entries that others point at, by id: only these need to show their number. */
type References = Map<string, { seq: number; correctedBy: number | null }>;

function referencedEntries(entries: TimelineEntry[]): References {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const references: References = new Map();
  for (const entry of entries) {
    const old = entry.corrects === null ? undefined : byId.get(entry.corrects);
    if (!old) continue;
    const correctedBy = Math.max(entry.seq, references.get(old.id)?.correctedBy ?? 0);
    references.set(old.id, { seq: old.seq, correctedBy });
    references.set(entry.id, { seq: entry.seq, correctedBy: references.get(entry.id)?.correctedBy ?? null });
  }
  return references;
}

function entrySpans(entry: TimelineEntry, clock: WallClock, day: string, references: References): Span[] {
  const shown = entryTimes(entry, clock, day);
  const [local = '', utc] = shown;
  const time = [strong(local), ...words(utc === undefined ? ' ' : ` (${utc} UTC) `)];
  if (entry.redacted)
    return [...time, ...words(`${entry.kind} · redacted: its words were taken out of the record`)];
  const reference = references.get(entry.id);
  const gone = entry.struck || (reference?.correctedBy ?? null) !== null;
  const written = writtenDifferently(entry.asWritten, shown, clock);
  return [
    ...time,
    ...words(`${entry.kind}${reference ? ` (${entryNumbers(entry, references)})` : ''} · `),
    said(entry.text, gone ? 'struck' : 'text'),
    ...(entry.struck ? strikeSpans(entry) : []),
    ...(entry.author
      ? [...words(' — '), said(entry.author.name)]
      : words(entry.source === 'pipeline' ? ' — a pipeline' : '')),
    ...(written.length > 0 ? [...words(', written “'), ...written, ...words('”')] : []),
  ];
}

function entryTimes(entry: TimelineEntry, clock: WallClock, day: string): string[] {
  const at = timeOf(entry);
  const faces = clock.utc ? [clock.local, clock.utc] : [clock.local];
  if (at === null) {
    const recorded = faces.map((on) => showOnFace(on, millis(entry.recordedAt), null, 'exact', day));
    return recorded.map((text, index) => (index === 0 ? `time unknown, recorded ${text}` : text));
  }
  const until = entry.occurredUntil === null ? null : millis(entry.occurredUntil);
  return faces.map((on) => showOnFace(on, millis(at), until, entry.precision, day));
}

function entryNumbers(entry: TimelineEntry, references: References): string {
  const old = entry.corrects === null ? undefined : references.get(entry.corrects);
  const correctedBy = references.get(entry.id)?.correctedBy ?? null;
  return [
    `entry ${entry.seq}`,
    old ? `corrects entry ${old.seq}` : '',
    correctedBy === null ? '' : `corrected by entry ${correctedBy}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function strikeSpans(entry: TimelineEntry): Span[] {
  const verb = entry.kind === 'hypothesis' ? 'ruled out' : 'struck';
  return entry.strikeReason ? [...words(` ${verb}: `), said(entry.strikeReason)] : words(` ${verb}`);
}

interface Silence {
  /** The entry after which the question stands. */
  after: string;
  seconds: number;
  question: string;
}

// Before the detection nobody could write, and after the end nobody must: only the time between is asked about.
function findSilences({ record, clock, entries }: Facts): Silence[] {
  const timed = entries.filter((entry) => timeOf(entry) !== null);
  const begin = millisOr(record.detectedAt ?? record.declaredAt, Number.NEGATIVE_INFINITY);
  const end = millisOr(record.resolvedAt, Number.POSITIVE_INFINITY);
  const found: Silence[] = [];
  let quietSince = Number.NEGATIVE_INFINITY;
  for (const [index, entry] of timed.entries()) {
    quietSince = Math.max(quietSince, placeOf(entry), millisOr(entry.occurredUntil));
    const next = timed[index + 1];
    const from = Math.max(quietSince, begin);
    const until = Math.min(next ? placeOf(next) : record.resolvedAt === null ? from : end, end);
    const seconds = Math.trunc((until - from) / 1000);
    if (seconds <= longSilenceMinutes * 60) continue;
    const between = `${showOnFace(clock.local, from, null, 'exact', clock.local.date(placeOf(entry)))} and ${showOnFace(clock.local, until, null, 'exact', clock.local.date(from))}`;
    found.push({
      after: entry.id,
      seconds,
      question: `Nothing is recorded between ${between} (${humanDuration(seconds)}). What happened then?`,
    });
  }
  return found.sort((a, b) => b.seconds - a.seconds).slice(0, mostSilencesAsked);
}

// ── People, changes, freezes ─────────────────────────────────────────────────────────────────────────────────

function peopleSection({ record, clock, entries }: Facts): Block[] {
  const title = heading(2, ...words('People and roles'));
  const holders = new Set(record.roles.map(({ user }) => user.id));
  const writers = new Map<string, Person>();
  for (const { author, redacted } of entries) {
    if (author && !redacted && !holders.has(author.id)) writers.set(author.id, author);
  }
  const blocks = [title];
  if (record.roles.length > 0) {
    blocks.push(list(heldInOrder(record.roles).map((held) => ({ spans: roleSpans(held, record, clock) }))));
  }
  if (writers.size > 0) {
    blocks.push(
      paragraph(
        ...words('Also in the record: '),
        ...named([...writers.values()].map(({ name }) => said(name))),
        ...words('.'),
      ),
    );
  }
  if (!record.roles.some(({ role }) => role === 'commander')) {
    blocks.push(question(...words('Nobody is on record as commander. Who led, and from when?')));
  }
  return blocks;
}

function heldInOrder(roles: RoleHeld[]): RoleHeld[] {
  const firstSeen = new Map<string, number>();
  for (const { role } of roles) if (!firstSeen.has(role)) firstSeen.set(role, firstSeen.size);
  return [...roles].sort(
    (a, b) =>
      (firstSeen.get(a.role) ?? 0) - (firstSeen.get(b.role) ?? 0) || millisOr(a.from) - millisOr(b.from),
  );
}

function roleSpans(held: RoleHeld, record: IncidentRecord, clock: WallClock): Span[] {
  const next = record.roles.find(
    (other) => other !== held && other.role === held.role && held.until !== null && other.from === held.until,
  );
  const until =
    held.until === null
      ? isOver(record)
        ? 'to the end'
        : 'and still'
      : `until ${showInstant(clock, held.until)}`;
  return [
    said(held.role, 'strong'),
    ...words(': '),
    said(held.user.name),
    ...words(`, from ${showInstant(clock, held.from)} ${until}`),
    ...(next ? [...words(', handed over to '), said(next.user.name)] : []),
  ];
}

function changesSection({ record, clock }: Facts): Block[] {
  if (record.changes.length === 0) return [];
  const items = record.changes.map((change) => ({ spans: changeSpans(change, clock) }));
  return [heading(2, ...words('Changes around it')), list(items)];
}

const relations = {
  cause: 'confirmed as a cause',
  rollback: 'rolled back for this',
  related: 'said to be related',
  unrelated: 'said to be unrelated',
} as const;

function changeSpans(change: ChangeOnRecord, clock: WallClock): Span[] {
  const { key, title, kind, state, components, owner, startedAt, finishedAt, url, relation } = change;
  return [
    ...(key ? [said(key, 'strong'), ...words(' ')] : []),
    said(title),
    ...aside([kind, state]),
    ...onComponents(components),
    ...words(
      ` · ${showInstant(clock, startedAt)} – ${finishedAt ? showInstant(clock, finishedAt) : 'no end on record'}`,
    ),
    ...words(relation ? ` · ${relations[relation]}` : ' · a suspect at most: nobody confirmed it'),
    ...(owner ? [...words(' — '), said(owner.name)] : []),
    ...(url ? [...words(' '), link(url)] : []),
  ];
}

function freezesSection({ record, clock }: Facts): Block[] {
  if (record.freezes.length === 0) return [];
  const items = record.freezes.map((freeze) => ({ spans: freezeSpans(freeze, clock) }));
  return [heading(2, ...words('Freezes')), list(items)];
}

function freezeSpans(
  { key, reason, mode, components, owner, from, until }: FreezeOnRecord,
  clock: WallClock,
): Span[] {
  return [
    ...(key ? [said(key, 'strong'), ...words(' ')] : []),
    said(reason),
    ...aside([mode]),
    ...onComponents(components),
    ...words(` · ${showInstant(clock, from)} – ${until ? showInstant(clock, until) : 'no end on record'}`),
    ...(owner ? [...words(' — '), said(owner.name)] : []),
  ];
}

function aside(parts: (string | null | undefined)[]): Span[] {
  const known = parts.filter((part): part is string => Boolean(part));
  return known.length === 0 ? [] : [...words(' ('), said(known.join(', ')), ...words(')')];
}

function onComponents(components: string[] | null | undefined): Span[] {
  if (!components || components.length === 0) return [];
  return [...words(' on '), ...named(components.map((each) => said(each, 'code')))];
}

// ── What people must think about ─────────────────────────────────────────────────────────────────────────────

function hypothesesSection({ clock, entries }: Facts): Block[] {
  const references = referencedEntries(entries);
  const hypotheses = entries.filter(
    (entry) =>
      entry.kind === 'hypothesis' &&
      !entry.redacted &&
      (references.get(entry.id)?.correctedBy ?? null) === null,
  );
  const ruledOut = hypotheses.filter(({ struck }) => struck);
  const open = hypotheses.filter(({ struck }) => !struck);
  const blocks = [heading(2, ...words('Hypotheses ruled out'))];
  if (ruledOut.length > 0)
    blocks.push(list(ruledOut.map((entry) => ({ spans: hypothesisSpans(entry, clock) }))));
  if (ruledOut.some(({ strikeReason }) => !strikeReason)) {
    blocks.push(question(...words('Where no reason stands: what showed that it was not so?')));
  }
  if (open.length > 0) {
    blocks.push(paragraph(...words('Still open: nobody confirmed these or ruled them out.')));
    blocks.push(list(open.map((entry) => ({ spans: hypothesisSpans(entry, clock) }))));
    blocks.push(
      question(
        ...words(open.length === 1 ? 'Was it so? How do we know?' : 'Which of these was it? How do we know?'),
      ),
    );
  }
  if (hypotheses.length === 0) {
    blocks.push(
      question(
        ...words('None is on record. What did you suspect first, and what showed that it was not so?'),
      ),
    );
  }
  return blocks;
}

function hypothesisSpans(entry: TimelineEntry, clock: WallClock): Span[] {
  const { text, strikeReason, author } = entry;
  return [
    said(text),
    ...(strikeReason ? [...words(' — ruled out: '), said(strikeReason)] : []),
    ...words(` · ${showInstant(clock, timeOf(entry))}`),
    ...(author ? [...words(' — '), said(author.name)] : []),
  ];
}

const verbs: Record<ComponentImpact['level'], string> = {
  major_outage: 'go down',
  partial_outage: 'fail in part',
  degraded: 'get worse',
  maintenance: 'need maintenance',
  operational: 'fail',
};

function rootCausesSection({ record, clock }: Facts): Block[] {
  const blocks = [heading(2, ...words('Root causes'))];
  const confirmed = record.changes.filter(({ relation }) => relation === 'cause');
  if (confirmed.length > 0)
    blocks.push(list(confirmed.map((change) => ({ spans: changeSpans(change, clock) }))));
  const worst = [...record.components].sort(
    (a, b) =>
      impactLevels.indexOf(a.level) - impactLevels.indexOf(b.level) || millisOr(a.from) - millisOr(b.from),
  )[0];
  const at = worst?.from ?? record.startedAt;
  const when = at === null ? '' : ` at ${clock.local.time(millis(at))}${clock.utc ? '' : ' UTC'}`;
  const others = affected(record).length - 1;
  const which = worst
    ? [
        ...words('Which change or condition made '),
        said(worst.component, 'code'),
        ...words(`${others > 0 ? ` (and ${others} more)` : ''} ${verbs[worst.level]}${when}?`),
      ]
    : [...words('Which change or condition led to “'), said(record.title), ...words(`”${when}?`)];
  blocks.push(question(...which, ...words(' Why was it possible?')));
  blocks.push(
    question(...words('Which test, review, limit or alert could have stopped it, and why did it not?')),
  );
  return blocks;
}

function lessonsSection({ record, durations }: Facts): Block[] {
  const known = durations.filter(({ seconds }) => seconds !== null && seconds >= 0);
  const repair =
    known.find(({ name }) => name === 'mitigate') ?? known.find(({ name }) => name === 'resolve');
  const detect = known.find(({ name }) => name === 'detect');
  const acknowledge = known.find(({ name }) => name === 'acknowledge');
  const slow = [
    detect ? `${detect.human} until it was detected` : '',
    acknowledge ? `${acknowledge.human} more until somebody had it` : '',
    repair ? `${repair.human} until it was ${repair.to}` : '',
  ].filter(Boolean);
  const badly =
    slow.length > 0 ? `It took ${slow.join(', ')}. Where did the time go?` : 'What cost the most time?';
  const well = repair
    ? `What kept this to ${repair.human}, and must stay?`
    : 'What helped most, and must stay?';
  const lucky = record.private
    ? 'What could have made this worse, and did not? Would as few people have needed to know?'
    : 'What could have made this worse, and did not?';
  return [
    heading(2, ...words('Lessons')),
    heading(3, ...words('What went well')),
    question(...words(well)),
    heading(3, ...words('What went badly')),
    question(...words(badly)),
    heading(3, ...words('Where we were lucky')),
    question(...words(lucky)),
  ];
}

function actionsSection({ record, clock }: Facts): Block[] {
  const blocks = [heading(2, ...words('Actions'))];
  const items = record.followups.map(({ key, text, owner, dueAt, done }) => ({
    done: done === true,
    spans: [
      ...(key ? [said(key, 'strong'), ...words(' ')] : []),
      said(text),
      ...(owner ? [...words(' — '), said(owner.name)] : words(' — nobody owns it yet')),
      ...words(dueAt ? `, due ${clock.local.date(millis(dueAt))}` : ', no date'),
    ],
  }));
  if (items.length > 0) blocks.push(list(items));
  const more = items.length > 0 ? 'What else' : 'What';
  blocks.push(
    question(
      ...words(
        `${more} would prevent this, show it sooner or shorten the repair? Each with an owner and a date: \`/incident followup TEXT\``,
      ),
    ),
  );
  return blocks;
}

// ── Links and provenance ─────────────────────────────────────────────────────────────────────────────────────

function linksSection({ record }: Facts): Block[] {
  const { channel, links = [] } = record;
  const items: ListItem[] = links.map(({ title, url }) => ({
    spans: [said(title), ...words(': '), link(url)],
  }));
  if (channel)
    items.unshift({
      spans: [...words('Slack channel '), said(channel.name), ...words(': '), link(channel.url)],
    });
  const ask = question(
    ...words(
      'Which dashboards, pull requests and documents does a reader need? `/incident link URL` keeps them',
    ),
  );
  return [
    heading(2, ...words('Links')),
    ...(items.length > 0 ? [list(items)] : []),
    ...(links.length === 0 ? [ask] : []),
  ];
}

function provenanceSection({ record }: Facts): Block[] {
  const last = record.timeline.reduce<TimelineEntry | null>(
    (max, entry) => (max && max.seq > entry.seq ? max : entry),
    null,
  );
  const hash = record.lastHash ?? last?.hash;
  const made = `Drafted by Andon from the record of ${incidentKey(record)}: ${count(record.timeline.length, 'entry', 'entries')}${last ? `, up to entry ${last.seq}` : ''}.`;
  return [
    { kind: 'rule' },
    paragraph(
      ...words(made),
      ...(hash ? [...words(' Hash of the last one: '), said(hash, 'code'), ...words('.')] : []),
    ),
  ];
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
