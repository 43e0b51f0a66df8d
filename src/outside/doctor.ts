// Does the mail server let Andon in? Asks it, and sends nothing.
import { type Finding, fail, ok, warn } from '../core/finding.js';
import type { Tx } from '../db/tx.js';
import { isLoopback, isOfThisMachine } from './http.js';
import { type MailSettings, mailProblem } from './smtp.js';

const check = 'mail';

/** Whether whoever gets a page outside of Slack can follow its link; nothing where none goes there. */
export async function linkFindings(
  tx: Tx,
  workspaceId: string,
  publicUrl: string,
  letters: boolean,
): Promise<Finding[]> {
  const pagers = await tx.pager.count({ where: { workspaceId, revokedAt: null } });
  if (!isOfThisMachine(publicUrl) || (!letters && pagers === 0)) return [];
  return [
    warn(
      'links',
      `Letters and pagers carry no link to acknowledge a page: ${publicUrl} leads to this machine alone.`,
      'Set PUBLIC_URL to the address at which people reach Andon, such as https://andon.example.com.',
    ),
  ];
}

/** Whether letters can go out. Where people are on call without any, that is said of them. */
export async function checkMail(settings: MailSettings | null): Promise<Finding> {
  if (!settings)
    return ok(check, 'No mail server is set up: nothing goes by e-mail. SMTP_URL and MAIL_FROM set one.');
  const { hostname } = new URL(settings.url);
  const problem = await mailProblem(settings);
  if (problem !== null)
    return fail(
      check,
      `The mail server ${hostname} does not take letters: ${problem}.`,
      'Check SMTP_URL: the name, the port, user and password; smtps:// is TLS from the start, smtp:// STARTTLS.',
    );
  const open = isLoopback(hostname) ? ', on this machine' : '';
  return ok(check, `The mail server ${hostname}${open} answers. \`/incident contact test\` sends a letter.`);
}
