// The title and the summary: what a reader of the first screen learns.
import { showDuration } from '../../core/time/index.js';
import { isOpen } from '../incident/index.js';
import { type Block, heading, paragraph, question, type Span, said, strong, words } from './document.js';
import { type Duration, millis, showInstant } from './durations.js';
import { affected } from './impact.js';
import { keyTime } from './key-times.js';
import type { Material } from './material.js';
import { heldInOrder } from './people.js';
import { named } from './phrases.js';
import { incidentKey } from './record.js';

export function titleSection({ record, clock, durations }: Material): Block[] {
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

export function summarySection(material: Material): Block[] {
  const { record } = material;
  const sentences = [
    whatSentence(material),
    beginningSentence(material),
    endSentence(material),
    commandSentence(material),
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

function whatSentence({ record }: Material): Span[] {
  const severity = record.severity ?? 'no severity set';
  const what = `${incidentKey(record)} ${isOpen(record.status) ? 'is' : 'was'} a${record.drill ? ' drill of a' : ''}${record.private ? ' private' : ''} ${severity} incident`;
  const components = affected(record);
  if (components.length === 0) return words(`${what}; no component was named as affected.`);
  return [
    ...words(`${what} that affected `),
    ...named(components.map(([name]) => said(name, 'code'))),
    ...words('.'),
  ];
}

function beginningSentence({ record, clock, durations }: Material): Span[] {
  const started = record.startedAt;
  const detect = durations.find(({ name }) => name === 'detect');
  const begun =
    started === null
      ? 'When the impact began is unknown'
      : `The impact began at ${keyTime(record, clock, 'started')}`;
  const declared = `declared at ${showInstant(clock, record.declaredAt)}${record.declaredBy ? ' by ' : ''}`;
  let detected =
    record.detectedAt === null
      ? 'it was detected at an unknown time'
      : `it was detected at ${keyTime(record, clock, 'detected')}`;
  if (detect?.seconds !== null && detect?.seconds !== undefined) {
    const ago = showDuration(Math.abs(detect.seconds) * 1000);
    detected = detect.seconds < 0 ? `it was detected ${ago} before that` : `it was detected ${ago} later`;
  }
  return [
    ...words(`${begun}; ${detected}; it was ${declared}`),
    ...(record.declaredBy ? [said(record.declaredBy.name)] : []),
    ...words('.'),
  ];
}

function endSentence({ record, clock, durations }: Material): Span[] {
  const after = (name: Duration['name'], at: string, verb: string) => {
    const seconds = durations.find((each) => each.name === name)?.seconds ?? null;
    const ago =
      seconds === null
        ? ''
        : `, ${showDuration(Math.abs(seconds) * 1000)} ${seconds < 0 ? 'before' : 'after'} it began`;
    return `It was ${verb} at ${showInstant(clock, at)}${ago}.`;
  };
  const { mitigatedAt, resolvedAt } = record;
  const mitigated =
    mitigatedAt === null ? 'No mitigation is on record.' : after('mitigate', mitigatedAt, 'mitigated');
  const unresolved = isOpen(record.status) ? 'It is not resolved yet.' : 'When it was resolved is unknown.';
  const resolved = resolvedAt === null ? unresolved : after('resolve', resolvedAt, 'resolved');
  return words(`${mitigated} ${resolved}`);
}

function commandSentence({ record }: Material): Span[] {
  const [first, ...later] = heldInOrder(record.roles.filter(({ role }) => role === 'commander'));
  if (!first) return words('Nobody is on record as commander.');
  const names = later.map(({ user }) => said(user.name));
  const then = names.length > 0 ? [...words(', then '), ...named(names, 'then ')] : [];
  return [said(first.user.name), ...words(' commanded'), ...then, ...words('.')];
}
