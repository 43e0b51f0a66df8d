// The words of the catalogue: environments and their tiers, and what a service is to the others.
import { z } from 'zod';

export const tiers = ['production', 'staging', 'testing', 'development', 'other'] as const;
export type Tier = (typeof tiers)[number];

/** A person as a file or Slack names them; the id is null where Slack's is not known. */
export const ownerSchema = z.object({ id: z.string().nullable(), name: z.string() });
export type Owner = z.infer<typeof ownerSchema>;

const usualNames: Readonly<Record<string, { name: string; tier: Tier }>> = {
  prod: { name: 'prod', tier: 'production' },
  production: { name: 'prod', tier: 'production' },
  live: { name: 'prod', tier: 'production' },
  staging: { name: 'staging', tier: 'staging' },
  stage: { name: 'staging', tier: 'staging' },
  stg: { name: 'staging', tier: 'staging' },
  preprod: { name: 'preprod', tier: 'staging' },
  test: { name: 'test', tier: 'testing' },
  testing: { name: 'test', tier: 'testing' },
  qa: { name: 'qa', tier: 'testing' },
  dev: { name: 'dev', tier: 'development' },
  development: { name: 'dev', tier: 'development' },
  local: { name: 'local', tier: 'development' },
};

/** What an environment is called here, and what it is for, where the catalogue does not say. */
export function usualEnvironment(word: string): { name: string; tier: Tier | null } {
  const found = usualNames[word.toLowerCase()];
  return found ?? { name: word, tier: null };
}
