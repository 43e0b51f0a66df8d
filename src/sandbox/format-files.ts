// How files look on Slack's wire.
import type { FileView, Json } from './types.js';
import type { World } from './world.js';

export function fileOf(world: World, id: string): Json {
  const file = world.files.get(id);
  return file ? fileJson(world, file) : { id, mode: 'tombstone' };
}

export function fileJson(world: World, file: FileView): Json {
  const extension = file.name.includes('.') ? (file.name.split('.').at(-1) ?? '') : '';
  const url = `${world.baseUrl}/files/${file.id}/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: mimeOf(extension),
    filetype: extension || 'text',
    pretty_type: extension.toUpperCase() || 'Plain Text',
    user: file.user,
    user_team: world.team.id,
    editable: false,
    size: file.content.length,
    ...(file.alt ? { alt_txt: file.alt } : {}),
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: file.channels.some((id) => world.channels.get(id)?.kind === 'channel'),
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: url,
    url_private_download: url,
    permalink: `${world.team.url}files/${file.user}/${file.id}/${encodeURIComponent(file.name)}`,
    channels: file.channels.filter((id) => world.channels.get(id)?.kind === 'channel'),
    groups: file.channels.filter((id) => world.channels.get(id)?.kind === 'group'),
    ims: file.channels.filter((id) => world.channels.get(id)?.kind === 'im'),
    shares: sharesOf(world, file),
  };
}

function sharesOf(world: World, file: FileView): Json {
  const shares: Record<'public' | 'private', Record<string, Json[]>> = { public: {}, private: {} };
  for (const channel of world.channels.values()) {
    const found = channel.messages.filter((one) => one.files.includes(file.id));
    if (found.length === 0) continue;
    shares[channel.kind === 'channel' ? 'public' : 'private'][channel.id] = found.map((one) => ({
      ts: one.ts,
      ...(one.threadTs ? { thread_ts: one.threadTs } : {}),
      channel_name: channel.name,
      team_id: world.team.id,
      share_user_id: one.user,
    }));
  }
  return shares;
}

const MIME: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  txt: 'text/plain',
  json: 'application/json',
  csv: 'text/csv',
  html: 'text/html',
  png: 'image/png',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
};

function mimeOf(extension: string): string {
  return MIME[extension] ?? (extension ? 'application/octet-stream' : 'text/plain');
}
