// Text that wants to be something else, and a record that has it in every field.
import fc from 'fast-check';
import type { IncidentRecord } from '../../../src/features/postmortem/record.js';
import { deletedCluster } from './sample.js';

const bits = [
  ...[
    '#',
    '##',
    ' ',
    '    ',
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    '-',
    '+',
    '*',
    '**',
    '_',
    '~',
    '~~',
    '`',
    '```',
    '~~~',
  ],
  ...[
    '|',
    '||',
    '\\',
    '<',
    '>',
    '<b>',
    '</li>',
    '<script>',
    '<!--',
    '-->',
    '[',
    ']',
    '(',
    ')',
    '![',
    '[x](http://e.vil)',
  ],
  ...[
    '[a]: b',
    '@ana',
    '@everyone',
    '<!channel>',
    '<@U1>',
    '&amp;',
    '&#64;',
    '#12',
    '1.',
    '1)',
    '=',
    '===',
    '---',
    '- [ ]',
  ],
  ...[
    'https://a.b/c_d*e',
    'https://ü.de/x',
    'www.q.rs',
    'ftp://a',
    'a',
    '.',
    '!',
    ':-',
    '|-|',
    '$x$',
    '"',
    "'",
    'ana@ex.am',
  ],
  ...['\u202e', '\u2067', '\u0007', '\u0085', '\u2028', '\u00a0', '\ud800', '😀', 'مرحبا'],
];

/** Text of markup in any order, or of any characters at all. Never blank: blank text has a test of its own. */
export function hostileText(): fc.Arbitrary<string> {
  const markup = fc
    .array(fc.constantFrom(...bits), { minLength: 1, maxLength: 14 })
    .map((parts) => parts.join(''));
  return fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 30 })).filter((text) => text.trim() !== '');
}

/** A whole record with the text wherever a person or pipeline may write one; addresses stay. */
export function recordOf(text: string): IncidentRecord {
  const base = deletedCluster({ title: text, summaryText: text, zone: 'Asia/Tokyo', lastHash: text });
  const user = { id: 'U1', name: text };
  return {
    ...base,
    declaredBy: user,
    keyTimes: { started: { asWritten: text, precision: 'exact' } },
    components: base.components.map((impact) => ({ ...impact, component: text })),
    roles: base.roles.map((held) => ({ ...held, user, role: held.role === 'commander' ? held.role : text })),
    timeline: base.timeline.map((each) => ({
      ...each,
      text,
      author: each.author && user,
      asWritten: text,
      strikeReason: text,
    })),
    changes: base.changes.map((each) => ({
      ...each,
      key: text,
      title: text,
      kind: text,
      state: text,
      components: [text],
      owner: user,
    })),
    freezes: base.freezes.map((each) => ({
      ...each,
      key: text,
      reason: text,
      components: [text],
      owner: user,
    })),
    followups: base.followups.map((each) => ({ ...each, key: text, text, owner: user })),
    channel: base.channel ? { ...base.channel, name: text } : null,
    links: base.links?.map((each) => ({ ...each, title: text })),
  };
}
