// What was typed and not sent, for each person and place; it outlives a reload, not the window.

/** Where a draft belongs. */
export function draftKey(person: string, channel: string, threadTs?: string): string {
  return `draft ${person} ${channel} ${threadTs ?? ''}`;
}

/** The draft, or nothing. */
export function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/** Keeps a draft; an empty one is forgotten. */
export function keepDraft(key: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // A browser that stores nothing still sends.
  }
}
