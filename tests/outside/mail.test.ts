// Letters over a real SMTP server on loopback: what arrives, and what each answer means for the job.
import { expect, test, vi } from 'vitest';
import { OutsideBusy, OutsideRefused, OutsideUnreachable } from '../../src/core/outside.js';
import { isAddress } from '../../src/features/oncall/index.js';
import type { Outside } from '../../src/outside/context.js';
import { checkMail } from '../../src/outside/doctor.js';
import { post } from '../../src/outside/mail.js';
import { MailLater, mailProblem, sendLetter } from '../../src/outside/smtp.js';
import { openMailbox } from '../helpers/mailbox.js';

const from = 'Andon <andon@example.com>';
const letter = { id: 'job-1', to: 'ana@example.com', subject: 'Hello', text: 'It burns.\n' };

test('a letter arrives with its words, says that a machine wrote it, and bears the id of its job', async () => {
  const mailbox = await openMailbox();
  await sendLetter({ url: mailbox.url, from }, { ...letter, subject: 'Übung: 測試', text: 'Grüße\nzwei\n' });
  expect(mailbox.letters).toHaveLength(1);
  const [arrived] = mailbox.letters;
  expect(arrived).toMatchObject({
    from: 'andon@example.com',
    to: ['ana@example.com'],
    subject: 'Übung: 測試',
  });
  expect(arrived?.text).toBe('Grüße\nzwei');
  expect(arrived?.headers['message-id']).toBe('<job-1@example.com>');
  expect(arrived?.headers['auto-submitted']).toBe('auto-generated');
});

test('no words become headers, and no address becomes two', async () => {
  const mailbox = await openMailbox();
  const subject = 'x\r\nBcc: eve@example.com\r\n\r\nbody';
  await sendLetter({ url: mailbox.url, from }, { ...letter, subject, id: 'a>\r\nX-Evil: 1' });
  const [arrived] = mailbox.letters;
  expect(arrived?.to).toEqual(['ana@example.com']);
  expect(Object.keys(arrived?.headers ?? {})).not.toContain('bcc');
  expect(Object.keys(arrived?.headers ?? {})).not.toContain('x-evil');
  expect(arrived?.text).toBe('It burns.');
  for (const to of ['a@b.c,eve@example.com', 'a@b.c\r\nRCPT TO:<eve@example.com>', '<a@b.c>', 'ana', ''])
    await expect(sendLetter({ url: mailbox.url, from }, { ...letter, to })).rejects.toThrow(OutsideRefused);
  expect(isAddress('ana+page@mail.example.com')).toBe(true);
  expect(mailbox.letters).toHaveLength(1);
});

test('a no is a no with the server’s words, a not-now is later, and silence is unreachable', async () => {
  const mailbox = await openMailbox();
  const settings = { url: mailbox.url, from };
  mailbox.refuse('refuse');
  await expect(sendLetter(settings, letter)).rejects.toMatchObject({
    error: expect.stringContaining('550 no such mailbox here'),
  });
  mailbox.refuse('busy');
  await expect(sendLetter(settings, letter)).rejects.toThrow(MailLater);
  mailbox.refuse('unauthorized');
  const withUser = { url: mailbox.url.replace('smtp://', 'smtp://andon:secret@'), from };
  await expect(sendLetter(withUser, letter)).rejects.toMatchObject({ needed: 'SMTP_URL' });
  await expect(mailProblem(withUser)).resolves.toContain('535');
  mailbox.refuse('take');
  await expect(mailProblem(withUser)).resolves.toBeNull();
  await mailbox.close();
  const error = await sendLetter(settings, letter).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(OutsideUnreachable);
  expect(error).toMatchObject({ sent: false });
});

test('where the answer to a whole letter is lost, it may have been taken; the repeat bears the same id', async () => {
  const mailbox = await openMailbox();
  const settings = { url: mailbox.url, from };
  mailbox.refuse('hangUp');
  const error = await sendLetter(settings, letter).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(OutsideUnreachable);
  expect(error).toMatchObject({ sent: true });
  mailbox.refuse('take');
  await sendLetter(settings, letter);
  const ids = mailbox.letters.map((each) => each.headers['message-id']);
  expect(ids).toEqual(['<job-1@example.com>', '<job-1@example.com>']);
});

test('a password goes over no open line to another machine', async () => {
  const error = await sendLetter({ url: 'smtp://andon:secret@mail.invalid', from }, letter).catch(
    (each: unknown) => each,
  );
  expect(String(error)).not.toContain('secret');
});

test('a server that asks to come back is asked a few times, and then it was a no with its words', async () => {
  const mailbox = await openMailbox();
  mailbox.refuse('busy');
  const notes: Record<string, string> = {};
  const note = vi.fn(async (more: Record<string, string>) => void Object.assign(notes, more));
  const context = {
    mail: { url: mailbox.url, from },
    job: { id: 'job-1', notes },
    note,
  } as unknown as Outside;
  const waits = [1_000, 2_000];
  for (const retryAfterMs of waits) {
    const error = await post(context, letter, waits).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(OutsideBusy);
    expect(error).toMatchObject({ retryAfterMs });
  }
  await expect(post(context, letter, waits)).rejects.toMatchObject({
    error: expect.stringContaining('451 try again later'),
  });
  await expect(post({ ...context, mail: null }, letter, waits)).rejects.toMatchObject({
    error: 'not_set_up',
    needed: 'SMTP_URL',
  });
});

test('andon doctor says whether the server lets us in, in its words, and names no password', async () => {
  const mailbox = await openMailbox();
  const settings = { url: mailbox.url.replace('smtp://', 'smtp://andon:secret@'), from };
  expect(await checkMail(null)).toMatchObject({ outcome: 'ok' });
  expect(await checkMail(settings)).toMatchObject({ outcome: 'ok' });
  mailbox.refuse('unauthorized');
  const found = await checkMail(settings);
  expect(found).toMatchObject({ outcome: 'FAIL', said: expect.stringContaining('535') });
  expect(JSON.stringify(found)).not.toContain('secret');
});
