// Times in a line: where they may stand, where they end, and what is said where the text looks like one.
import { expect, test } from 'vitest';
import { readFields, readWords } from '../../src/core/usage.js';
import { context, declare, instant, read, refusal } from '../helpers/words.js';

function remarks(usage: string, text: string): readonly string[] {
  const result = readWords(usage, text, context);
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result.remarks;
}

test('where no text follows, all of it is the time: unknown, dotted, or what else would be a word', () => {
  for (const usage of ['TIME', '[TIME]', '[TIME] [TEXT]'])
    expect(read(usage, 'unknown').time).toMatchObject({ at: null, precision: 'unknown' });
  expect(instant(read('TIME', '10.42').time)).toBe('2026-03-10T10:42:00.000Z');
  expect(read('[TIME] TEXT', 'unknown')).toEqual({ text: 'unknown' });
});

test('at: gives a note its time wherever it stands, known or not', () => {
  expect(read('[TIME] TEXT', 'failing over at:unknown')).toMatchObject({
    text: 'failing over',
    time: { at: null, precision: 'unknown' },
  });
  expect(read('[TIME] TEXT', 'at:unknown failing over')).toMatchObject({
    text: 'failing over',
    time: { precision: 'unknown' },
  });
  const between = read('[TIME] TEXT', 'failing over at:10:22 to eu-2');
  expect(between.text).toBe('failing over to eu-2');
  expect(instant(between.time)).toBe('2026-03-10T10:22:00.000Z');
  expect(refusal('[TIME] TEXT', 'failing over at:13:55 PM')).toContain('13:55 or 1:55 PM');
  expect(remarks('[TIME] TEXT', 'look at:the logs')).toEqual(['“at:the” is no time and stays in the text.']);
});

test('a time of a key takes no word that may be text, and goes no further than the next key or flag', () => {
  const central = 'writes stuck started:10:22 Central database is down';
  expect(read(declare, central)).toMatchObject({ title: 'writes stuck Central database is down' });
  expect(remarks(declare, central).join(' ')).toContain('“Central” stays in the text');
  const two = read(declare, 'stuck started:4:22 Central detected:4:30 Central private');
  expect(two).toMatchObject({ title: 'stuck', private: true });
  expect([instant(two.started), instant(two.detected)]).toEqual([
    '2026-03-10T09:22:00.000Z',
    '2026-03-10T09:30:00.000Z',
  ]);
});

test('what counts from now belongs to the key: due:2h, due:in 2h and due:2h from now', () => {
  const task = 'TEXT [owner:@user] [due:WHEN]';
  for (const when of ['2h', 'in 2h', '2h from now', '"2h from now"', '2 hours from now']) {
    const values = read(task, `look at the disk due:${when}`);
    expect(values.text, when).toBe('look at the disk');
    expect(instant(values.due), when).toBe('2026-03-10T12:45:00.000Z');
    const between = read(task, `look at due:${when} the disk`);
    expect(between.text, when).toBe('look at the disk');
  }
  for (const when of ['2h', 'in 2h', '2h from now'])
    expect(instant(read('TASK [WHEN] [none]', `T1 ${when}`).time), when).toBe('2026-03-10T12:45:00.000Z');
  expect(instant(read('[TITLE] [at:WHEN] [begun]', 'a deploy at:in 2h').at)).toBe('2026-03-10T12:45:00.000Z');
  for (const next of ['2h from now', 'in 2h', '"in 2h"', '2 hours from now'])
    expect(read('TEXT [next:] [at:TIME]', `it fails next:${next} we look`), next).toEqual({
      text: 'it fails we look',
      next: next.replaceAll('"', ''),
    });
  expect(read('[TIME] TEXT', '2h from now we roll back')).toEqual({ text: '2h from now we roll back' });
});

test('a text that begins as a time does, where none was said, is pointed at', () => {
  expect(remarks('[TIME] TEXT', 'TBC failing over').join(' ')).toContain('write at:unknown');
  expect(remarks('STATUS [TEXT] [at:TIME]', 'resolved 10:22 all is well').join(' ')).toContain(
    'write at:10:22',
  );
  expect(remarks(declare, '10:22 writes are stuck').join(' ')).toContain('write started:10:22');
  expect(remarks('[TIME] TEXT', 'TBC failing over at:10:22')).toEqual([]);
  expect(remarks('ENTRY REASON', '10:22 is wrong')).toEqual([]);
  const form = readFields('[TIME] TEXT', { text: '10:22 failing over' }, context);
  expect(form.ok && form.remarks.join(' ')).toContain('say it as the time, not in the text: 10:22');
});

test('a long text beside a time takes no more than a few milliseconds', () => {
  for (const filler of [' ', ' x', ' at', ' at:10:22 ', ' 10:22 ', ' private']) {
    const text = `started:10:22 ${filler.repeat(10_000)}`.slice(0, 10_000);
    const ms = [0, 1, 2].map(() => {
      const start = performance.now();
      readWords(declare, text, context);
      readWords('[TIME] TEXT', text, context);
      return performance.now() - start;
    });
    expect(Math.min(...ms), filler).toBeLessThan(50);
  }
});

test('a bare time of WHEN is still to come, and one of TIME has been', () => {
  const plan = 'TITLE [at:WHEN] [for:]';
  expect(instant(read(plan, 'upgrade the database at:02:00 for:2h').at)).toBe('2026-03-11T02:00:00.000Z');
  expect(read(plan, 'upgrade the database at:02:00 for:2h')).toMatchObject({
    title: 'upgrade the database',
    for: '2h',
  });
  expect(instant(read('WHEN', '02:00').time)).toBe('2026-03-11T02:00:00.000Z');
  expect(instant(read('WORD [WHEN] [TEXT]', 'CHG-7 02:00 since db is late').time)).toBe(
    '2026-03-11T02:00:00.000Z',
  );
  expect(instant(read('TITLE [at:TIME]', 'it broke at:02:00').at)).toBe('2026-03-10T02:00:00.000Z');
  const fields = readFields(plan, { title: 'upgrade', at: '02:00' }, context);
  expect(fields.ok && instant(fields.values.at)).toBe('2026-03-11T02:00:00.000Z');
});

test('a WHEN that names its day is that day, though it be past', () => {
  expect(instant(read('TITLE [at:WHEN]', 'upgrade at:2026-03-09T02:00Z').at)).toBe(
    '2026-03-09T02:00:00.000Z',
  );
  expect(refusal('TITLE [at:WHEN]', 'upgrade at:25:00')).not.toBe('');
});
