// GitHub's webhooks: deployments, their statuses and protection rules, as repositories, organisations and apps send them.
import { z } from 'zod';
import type { ChangeState } from '../../features/change/index.js';
import { deploymentEvent, reportFor, statusEvent } from './github-deployment.js';
import { readProtectionRule } from './github-protection.js';
import { type Delivery, fits, headerOf, isObject, misfit, type Reading, unused } from './kit.js';

// `inactive` is not here: it says that a later deployment took its place, which is no outcome of this one.
const states: Readonly<Record<string, ChangeState>> = {
  pending: 'planned',
  queued: 'planned',
  waiting: 'planned',
  in_progress: 'started',
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
};

/** Reads what GitHub sent. */
export function readGithub(delivery: Delivery): Reading {
  const event = headerOf(delivery, 'X-GitHub-Event', /^[a-z_]{1,60}$/, 'deployment_status');
  if (!isObject(delivery.value)) fits(z.looseObject({}), delivery.value);
  if (event === 'ping') return unused('ping: Andon hears this repository, and its secret is right');
  checkEvent(event, delivery.value as Record<string, unknown>);
  if (event === 'deployment') {
    const body = fits(deploymentEvent, delivery.value);
    if (body.action !== null && body.action !== 'created')
      return unused(`not used: deployment ${body.action}`);
    return { reports: [reportFor(delivery, body, 'planned', 0)], ignored: [] };
  }
  if (event === 'deployment_protection_rule') return readProtectionRule(delivery);
  if (event !== 'deployment_status') return unused(`not used: ${event}`);
  const body = fits(statusEvent, delivery.value);
  const { state, id: sequence } = body.deployment_status;
  const known = Object.hasOwn(states, state) ? states[state] : undefined;
  if (state === 'inactive')
    return unused('not used: inactive says only that a later deployment took its place');
  if (!known) return unused(`not used: the state ${state} is not known here`);
  // Waiting is before all that becomes of it, whenever it is said: what has begun or ended does not wait again.
  const place = known === 'planned' ? 0 : sequence;
  return { reports: [reportFor(delivery, body, known, place)], ignored: [] };
}

// A body that tells of a status under another event's name was not sent by GitHub so.
function checkEvent(event: string, body: Readonly<Record<string, unknown>>): void {
  const asks = 'deployment_callback_url' in body ? 'deployment_protection_rule' : null;
  const tells = 'deployment_status' in body ? 'deployment_status' : asks;
  const other =
    tells ?? ('deployment' in body && !/^(?:deployment|workflow)/.test(event) ? 'deployment' : null);
  if (other && other !== event)
    throw misfit(`The header X-GitHub-Event says ${event}, but the body is a ${other}.`);
}
