// What is a command and what a message, and what cannot be sent. Pure.

/** Larger files are no help in a local copy, and would be held in memory. */
export const largestFileBytes = 5_000_000;

/** The command a text begins with, such as `/incident`; null: it is a message. */
export function commandIn(text: string): string | null {
  return /^(\/[a-z][\w-]*)(?:\s|$)/i.exec(text)?.[1] ?? null;
}

/** As Slack's client says it. */
export function inThreadRefusal(command: string): string {
  return `${command} is not supported in threads. Sorry!`;
}

/** Why a file is not sent; null: it may be. */
export function tooLarge(name: string, bytes: number): string | null {
  if (bytes <= largestFileBytes) return null;
  return `${name} is larger than ${largestFileBytes / 1_000_000} MB, more than this local copy takes. Try a smaller one.`;
}
