// Redacting: words are taken out of the record wherever they stand, be they of an incident or of none.
import { z } from 'zod';
import { type CommandSpec, defineCommand } from '../../core/command.js';
import type { Feature } from '../../core/feature.js';
import { textOf } from '../../core/text.js';
import { nameWord } from '../heartbeat/index.js';
import { findIncident, type Incident, onIncidentInput } from '../incident/index.js';
import { readPageKey } from '../paging/index.js';
import { reportWord } from '../reports/index.js';
import { entryFamily, entryWord, madeBy } from '../timeline/index.js';
import { loadRedaction } from './copies.js';
import { decideKeyed, decideRedact, type KeyedState, type RedactState } from './decide.js';
import { type Key, type Keyed, locateKeyed, readKeyed } from './keyed.js';

/** An entry by its number, or what is named by a key: `REP-3`, `PAGE-2`, `heartbeat:nightly`. */
const whatWord = z
  .string({ error: 'Say what: an entry by its number, such as #7, or REP-3, PAGE-2 or heartbeat:NAME.' })
  .transform((word, context): number | Key => {
    const key = /^(rep|page|heartbeat)[-:]?(.+)$/i.exec(word);
    const kind = key?.[1]?.toLowerCase();
    if (kind === 'heartbeat') return { of: kind, name: parsed(nameWord, key?.[2], context) ?? '' };
    if (kind === 'rep') return { of: 'report', number: parsed(reportWord, word, context) ?? 0 };
    if (kind === 'page') {
      const number = readPageKey(word);
      if (number !== null) return { of: 'page', number };
    }
    return parsed(entryWord, word, context) ?? 0;
  });

interface RedactInput {
  readonly incident?: number | undefined;
  readonly remarks: readonly string[];
  readonly entry: number | Key;
  readonly reason: string;
}
type Target = { readonly incident: Incident } | { readonly keyed: Keyed };
type State = { readonly entry: RedactState } | { readonly keyed: KeyedState };

const reasonText = textOf({
  missing: 'Say why; the reason stays on record, so without what has to go.',
});

/** `/incident redact ENTRY REASON`. */
const redact: CommandSpec<RedactInput, Target, State> = {
  verb: {
    surface: 'incident',
    words: ['redact'],
    usage: 'ENTRY REASON',
    summary:
      'Takes the words of an entry out everywhere, for good; that it was there stays. REP-3, PAGE-2 and heartbeat:NAME name words of no incident.',
    example: '/incident redact #7 a customer’s password',
    onIncident: true,
  },
  input: z.object({ ...onIncidentInput, entry: whatWord, reason: reasonText }),
  async locate(tx, input, ask) {
    if (typeof input.entry !== 'number') {
      const found = await locateKeyed(tx, input.entry, ask);
      return 'refused' in found ? found : { ...found, target: { keyed: found.target } };
    }
    const found = await findIncident(tx, input, ask);
    return 'refused' in found ? found : { ...found, target: { incident: found.target } };
  },
  async load(tx, { entry: seq }, target) {
    if ('keyed' in target) return { keyed: await readKeyed(tx, target.keyed) };
    const incident = await tx.incident.findUniqueOrThrow({ where: { id: target.incident.id } });
    const found = await entryFamily(tx, incident.id, Number(seq));
    const made = await madeBy(tx, found.family);
    return { entry: await loadRedaction(tx, { incident, ...found, madeBy: made }) };
  },
  decide(state, { entry, reason }, ask) {
    if ('keyed' in state) return decideKeyed(state.keyed, { reason }, ask);
    return decideRedact(state.entry, { entry: Number(entry), reason }, ask);
  },
};

interface ReportInput {
  readonly rep: number;
  readonly reason?: string | undefined;
}

/** `/report redact REP [REASON]`: the same, where whoever complained is. */
const redactReport: CommandSpec<ReportInput, Keyed, KeyedState> = {
  verb: {
    surface: 'report',
    words: ['redact'],
    topic: 'signals',
    usage: 'REP [REASON]',
    summary: 'Takes the words of a report out everywhere, for good; that it was there stays.',
    example: '/report redact REP-3 a customer’s name',
    onIncident: false,
    inDrill: 'allowed',
  },
  input: z.object({ rep: reportWord, reason: reasonText.optional() }),
  locate: (tx, { rep: number }, ask) => locateKeyed(tx, { of: 'report', number }, ask),
  load: (tx, _input, keyed) => readKeyed(tx, keyed),
  decide: (state, { reason = null }, ask) => decideKeyed(state, { reason }, ask),
};

export const redactionFeature: Feature = {
  name: 'redaction',
  topic: 'record',
  facts: [],
  commands: [defineCommand(redact), defineCommand(redactReport)],
};

function parsed<T>(schema: z.ZodType<T>, word: unknown, context: z.RefinementCtx): T | null {
  const read = schema.safeParse(word);
  if (read.success) return read.data;
  context.issues.push({ code: 'custom', input: word, message: read.error.issues[0]?.message ?? '' });
  return null;
}
