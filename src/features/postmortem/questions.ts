// What people must think about: hypotheses, root causes, lessons and actions, asked from what the record knows.

import { changeSpans } from './changes.js';
import { type Block, heading, list, paragraph, question, type Span, said, words } from './document.js';
import { millis, millisOr, showInstant, type WallClock } from './durations.js';
import { referencedEntries, timeOf } from './entries.js';
import { affected } from './impact.js';
import type { Material } from './material.js';
import { type ComponentImpact, type Followup, impactLevels, type TimelineEntry } from './record.js';

export function hypothesesSection({ clock, entries }: Material): Block[] {
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

export function rootCausesSection({ record, clock }: Material): Block[] {
  const blocks = [heading(2, ...words('Root causes'))];
  const confirmed = record.changes.filter(({ relation }) => relation === 'cause');
  if (confirmed.length > 0)
    blocks.push(list(confirmed.map((change) => ({ spans: changeSpans(change, clock) }))));
  const worst = [...record.components].sort(
    (a, b) =>
      impactLevels.indexOf(a.level) - impactLevels.indexOf(b.level) || millisOr(a.from) - millisOr(b.from),
  )[0];
  const at = worst ? worst.from : record.startedAt;
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

export function lessonsSection({ record, durations }: Material): Block[] {
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

export function actionsSection({ record, clock }: Material): Block[] {
  const blocks = [heading(2, ...words('Actions'))];
  const items = record.followups.map((each) => todoItem(each, clock));
  if (items.length > 0) blocks.push(list(items));
  const tasks = record.tasks ?? [];
  if (tasks.length > 0) {
    blocks.push(paragraph(...words('To be done while it lasted:')));
    blocks.push(list(tasks.map((each) => todoItem(each, clock))));
  }
  const left = record.stepsLeft ?? [];
  if (left.length > 0) {
    blocks.push(paragraph(...words('Steps of checklists that were left open:')));
    blocks.push(list(left.map(stepItem)));
  }
  const more = items.length > 0 ? 'What else' : 'What';
  blocks.push(
    question(
      ...words(
        `${more} would prevent this, show it sooner or shorten the repair? Each with an owner and a date.`,
      ),
    ),
  );
  return blocks;
}

function stepItem({ key, text }: Followup) {
  return { done: false, spans: [said(key ?? '', 'strong'), ...words(' '), said(text)] };
}

function todoItem({ key, text, owner, dueAt, done }: Followup, clock: WallClock) {
  return {
    done: done === true,
    spans: [
      ...(key ? [said(key, 'strong'), ...words(' ')] : []),
      said(text),
      ...(owner ? [...words(' — '), said(owner.name)] : words(' — nobody owns it yet')),
      ...words(dueAt ? `, due ${clock.local.date(millis(dueAt))}` : ', no date'),
    ],
  };
}
