// CDEvents 0.4 to 0.6 in CloudEvents: what was deployed, upgraded or rolled back, and runs of pipelines.
import { z } from 'zod';
import type { ChangeState, Report } from '../../features/change/index.js';
import { type CloudEvent, readEvents } from './cloudevents.js';
import {
  changeNamed,
  type Delivery,
  details,
  fits,
  instant,
  isObject,
  kindOf,
  lastPart,
  link,
  misfit,
  name,
  type Reading,
  reportOf,
  textIn,
  titleOf,
  unused,
  urlOf,
  words,
} from './kit.js';

const version = z
  .string()
  .regex(/^0\.[456](?:\.\d+)?(?:-[\w.]+)?$/, { error: 'must be a version of CDEvents from 0.4 to 0.6' });

const shape = z
  .object({
    context: z.object({
      // Called `version` before 0.5, and by some senders after.
      specversion: version.optional(),
      version: version.optional(),
      id: name,
      source: name,
      type: name,
      timestamp: instant,
      chainId: words,
    }),
    subject: z.object({ id: name, source: words, content: z.record(z.string(), z.unknown()) }),
    customData: details,
  })
  .refine(({ context }) => context.specversion ?? context.version, {
    path: ['context', 'specversion'],
    error: 'is missing',
  });
type Event = z.infer<typeof shape>;

const serviceContent = z.object({ environment: z.object({ id: name }), artifactId: name });
const environmentContent = z.object({ name: words, uri: link });
const runContent = z.object({
  pipelineName: words,
  taskName: words,
  pipelineRun: z.object({ id: words }).nullish(),
  uri: link,
  url: link,
  outcome: words,
  errors: words,
});

/** What one event says. */
interface Told {
  readonly delivery: Delivery;
  readonly event: Event;
  readonly predicate: string;
  /** Where the subject's content is in the body. */
  readonly at: readonly PropertyKey[];
}

const readers: Readonly<Record<string, (told: Told) => Report | string>> = {
  'service.deployed': ofService,
  'service.upgraded': ofService,
  'service.rolledback': ofService,
  'environment.modified': ofEnvironment,
  'pipelinerun.started': ofRun,
  'pipelinerun.finished': ofRun,
  'taskrun.started': ofRun,
  'taskrun.finished': ofRun,
};

/** Reads what came: all of a batch, or none. */
export function readCdevents(delivery: Delivery): Reading {
  const readings = readEvents(delivery).map((each) => readEvent(delivery, each));
  return {
    // The oldest first, whatever the order in the batch.
    reports: readings.flatMap((each) => each.reports).sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0)),
    ignored: readings.flatMap((each) => each.ignored),
  };
}

function readEvent(whole: Delivery, { type, data, at, text }: CloudEvent): Reading {
  const found = /^dev\.cdevents\.([a-z]+\.[a-z]+)\.\d+\.\d+\.\d+(?:-[\w.]+)?$/.exec(type);
  if (!found?.[1]) return unused(`not a change: ${type}`);
  if (!isObject(data)) fits(z.looseObject({}), data, at);
  const event = fits(shape, data, at);
  if (event.context.type !== type)
    throw misfit(`The CloudEvent says that it is ${type}, and the CDEvent in it ${event.context.type}.`);
  const predicate = found[1];
  const reader = Object.hasOwn(readers, predicate) ? readers[predicate] : undefined;
  if (!reader) return unused(`not a change: ${predicate}`);
  const report = reader({
    delivery: { ...whole, text },
    event,
    predicate,
    at: [...at, 'subject', 'content'],
  });
  return typeof report === 'string' ? unused(report) : { reports: [report], ignored: [] };
}

function ofService({ delivery, event, predicate, at }: Told): Report {
  const { context, subject, customData: more } = event;
  const { environment, artifactId } = fits(serviceContent, subject.content, at);
  const service = textIn(more, 'service') ?? lastPart(subject.id);
  const rollback = predicate === 'service.rolledback';
  // One chain may bring one service to one environment after the other, so it names the change only with both.
  const where = `${subject.id}@${environment.id}`;
  const key = `${context.chainId ?? artifactId}/${where}`;
  // CDEvents calls every newer version an upgrade; one that people are to attend says so of itself.
  const kind = rollback ? 'deploy' : (kindOf(textIn(more, 'kind')) ?? 'deploy');
  const verb = rollback ? 'Roll back' : kind === 'upgrade' ? 'Upgrade' : 'Deploy';
  const title = titleOf(verb, delivery.hook.service ?? service, artifactId, environment.id);
  const place = { service, environment: environment.id, cluster: textIn(more, 'cluster') };
  return reportOf(delivery, place, {
    ...sharedBy(event, title),
    key: rollback ? `rollback/${key}` : key,
    sequence: context.timestamp.getTime() * ranks,
    kind,
    // There is no event for the beginning: it is over when it is told.
    state: 'succeeded',
    artifact: artifactId,
    rollback,
    rollbackOf: rollback && context.chainId ? key : null,
  });
}

function ofEnvironment({ delivery, event, at }: Told): Report {
  const { context, subject, customData: more } = event;
  const content = fits(environmentContent, subject.content, at);
  const environment = content.name ?? lastPart(subject.id);
  const title = `Modify the environment ${delivery.hook.environment ?? environment}`;
  // It is no service's, and yet somewhere.
  const place = { service: textIn(more, 'service') ?? 'environment', environment };
  return reportOf(delivery, place, {
    ...sharedBy(event, title),
    key: `environment/${subject.id}/${context.id}`,
    sequence: context.timestamp.getTime() * ranks,
    kind: kindOf(textIn(more, 'kind')) ?? 'infrastructure',
    state: 'succeeded',
    url: linkIn(more) ?? content.uri,
  });
}

const ranks = 10;
const outcomes: Readonly<Record<string, ChangeState>> = {
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
  cancel: 'cancelled',
  cancelled: 'cancelled',
};

// A run says nothing of what it changes, if it changes anything: whoever made the hook says that.
function ofRun({ delivery, event, predicate, at }: Told): Report | string {
  const { context, subject, customData: more } = event;
  const content = fits(runContent, subject.content, at);
  const service = textIn(more, 'service');
  if (!delivery.hook.service && !service)
    return `not a change: ${predicate} does not say what it changes; make the hook with --service, or send customData.service`;
  if (content.pipelineRun?.id)
    return `not a change of its own: ${predicate} is a part of ${content.pipelineRun.id}`;
  const over = predicate.endsWith('.finished');
  const what = content.pipelineName ?? content.taskName ?? lastPart(subject.id);
  const place = {
    service,
    environment: textIn(more, 'environment'),
    cluster: textIn(more, 'cluster'),
  };
  const known = Object.hasOwn(outcomes, content.outcome ?? '') ? outcomes[content.outcome ?? ''] : undefined;
  return reportOf(delivery, place, {
    ...sharedBy(event, `Run ${what}`),
    key: `${predicate.split('.')[0]}/${subject.id}`,
    // Both may be of one millisecond, so there is room between two.
    sequence: context.timestamp.getTime() * ranks + (over ? 1 : 0),
    kind: kindOf(textIn(more, 'kind')) ?? 'deploy',
    // Over, and nobody said how it went: people are to say.
    state: over ? (known ?? 'validating') : 'started',
    text: over && !known ? 'It is over, and the pipeline did not say how it went' : content.errors,
    artifact: textIn(more, 'artifact', 'sha'),
    url: linkIn(more) ?? content.uri ?? content.url,
  });
}

function sharedBy({ context, customData: more }: Event, made: string) {
  const title = textIn(more, 'title') ?? made;
  const owner = textIn(more, 'owner');
  return {
    source: `cdevents:${context.source}`,
    title,
    owner: owner ? { id: null, name: owner } : null,
    by: textIn(more, 'initiator', 'author', 'triggeredBy'),
    at: context.timestamp,
    previousArtifact: textIn(more, 'previousArtifact'),
    url: linkIn(more),
    change: changeNamed(textIn(more, 'change')),
    format: 'cdevents',
  };
}

function linkIn(more: Readonly<Record<string, unknown>>): string | null {
  return link.parse(urlOf(textIn(more, 'url', 'uri'))?.href ?? null);
}
