#!/bin/sh
# Asks Andon whether a change may start now, where there is no Node: a POSIX shell, curl, and what every system has beside
# them. Copy it into your repository or your image. docs/gate.md says how to use it; `gate.sh --help` says it in short.
set -u
unset CDPATH
umask 077

poll_seconds=15
poll_max_seconds=60
sign_of_life_seconds=180
answer_within_seconds=10
# An answer of Andon has a few kB: whatever sends more than this is not Andon, and is to fill no disk.
answer_max_bytes=1048576

help() {
  cat <<'HELP'
gate.sh: may this change start now? Exit 0 yes, 2 asked wrongly, 10 denied, 11 held, 12 no answer. Reasons on stderr.

  gate.sh --service api --environment prod [--cluster eks] [--on api/prod,web/prod/eks] [--kind deploy] [--title TEXT]
          [--source WHO] [--key NAME] [--artifact NAME] [--previous-artifact NAME] [--rollback] [--change CHG-7]
          [--exception EXC-1] [--actor WHO] [--link URL] [--url URL] [--wait 30m] [--fail-open] [--drill]

ANDON_TOKEN is its token (scope gate), ANDON_URL or --url the address of Andon. --wait asks again until it may start.
HELP
}

# Removes what was written, and ends what still runs.
tmp='' child=''
# shellcheck disable=SC2329 # a trap calls it
clean() {
  [ -z "$child" ] || kill "$child" 2>/dev/null
  [ -z "$tmp" ] || rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# The words of others must be no commands to a terminal, nor to GitHub's runner.
harmless() {
  LC_ALL=C tr -d '\000-\011\013-\037\177' | LC_ALL=C sed 's/^ *::/: :/; s/##\[/## [/g'
}

# tell MARK TEXT: to stderr, and where it is marked error or warning, in GitHub's own way as well.
tell() {
  told=$(printf '%s\n' "$2" | harmless)
  printf 'andon: %s\n' "$told" >&2
  if [ "$1" != plain ] && [ "${GITHUB_ACTIONS:-}" = true ]; then
    printf '::%s title=Andon::%s\n' "$1" "$(printf '%s\n' "$told" | sed 's/%/%25/g' |
      awk '{ printf "%s%s", (NR > 1 ? "%0A" : ""), $0 }')" >&2
  fi
}

usage() {
  tell error "$1"
  exit 2
}

# For the steps of a GitHub job that follow.
output() {
  [ -z "${GITHUB_OUTPUT:-}" ] || printf 'decision=%s\nverdict-id=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# Prints a text as JSON has it.
json() {
  GATE_TEXT=$1 LC_ALL=C awk 'BEGIN {
    for (i = 1; i < 32; i++) code[sprintf("%c", i)] = sprintf("\\u%04x", i)
    code["\""] = "\\\""; code["\\"] = "\\\\"
    text = ENVIRON["GATE_TEXT"]; size = length(text)
    printf "\""
    for (i = 1; i <= size; i++) { each = substr(text, i, 1); printf "%s", (each in code) ? code[each] : each }
    printf "\""
  }'
}

random() {
  LC_ALL=C od -An -N"$1" -t"$2" /dev/urandom | tr -d ' \n'
}

service='' environment='' cluster='' places='' kind=deploy title='' source='' key='' artifact='' previous='' rollback=''
change='' exception='' actor='' link='' url='' wait='' fail_open='' drill=''
while [ $# -gt 0 ]; do
  name=$1
  case $name in
  --help | -h) help && exit 0 ;;
  --rollback | --fail-open | --drill) value=true ;;
  --*=*)
    value=${name#*=} name=${name%%=*}
    case $name in --rollback | --fail-open | --drill) usage "$name takes no value." ;; esac
    [ -n "$value" ] || usage "$name is empty. Leave it out, or give it a value."
    ;;
  --*)
    [ $# -ge 2 ] || usage "$name needs a value. gate.sh --help shows how it is used."
    shift
    value=$1
    [ -n "$value" ] || usage "$name is empty. Leave it out, or give it a value."
    ;;
  *) usage "“$name” is not understood. gate.sh --help shows how it is used." ;;
  esac
  case $name in
  --service) service=$value ;;
  --environment) environment=$value ;;
  --cluster) cluster=$value ;;
  --on) places="$places,$value" ;;
  --kind) kind=$value ;;
  --title) title=$value ;;
  --source) source=$value ;;
  --key) key=$value ;;
  --artifact) artifact=$value ;;
  --previous-artifact) previous=$value ;;
  --rollback) rollback=true ;;
  --change) change=$value ;;
  --exception) exception=$value ;;
  --actor) actor=$value ;;
  --link) link=$value ;;
  --url) url=$value ;;
  --wait) wait=$value ;;
  --fail-open) fail_open=true ;;
  --drill) drill=true ;;
  *) usage "$name is not known. gate.sh --help shows what is." ;;
  esac
  shift
done

# Where: one place from --service and --environment, others from --on; a list in one name would be a place that no freeze
# knows.
for value in "$service" "$environment" "$cluster"; do
  case $value in
  *[,/[:space:]]*) usage "“$value” is one name; several places go into --on, such as --on api/prod,web/prod." ;;
  esac
done
if [ -n "$service$environment$cluster" ]; then
  if [ -z "$service" ] || [ -z "$environment" ]; then usage '--service and --environment go together.'; fi
  places="$service/$environment${cluster:+/$cluster},$places"
fi
targets=$(printf '%s\n' "$places" | tr ',' '\n' | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d' | LC_ALL=C sort -u)
[ -n "$targets" ] || usage 'Say where, such as: gate.sh --service api --environment prod'
listed=$(printf '%s\n' "$targets" | awk '{ printf "%s%s", (NR > 1 ? "," : ""), $0 }')

# What these names mean everywhere; all others may be production.
elsewhere=$(printf '%s\n' "$targets" | awk -F/ '{
  if (tolower($2) !~ /^(dev|development|local|test|testing|qa|ci|staging|stage|stg|preprod|sandbox|preview|review)$/) print "no"
}')
if [ -n "$fail_open" ] && [ -n "$elsewhere" ]; then
  usage "--fail-open is only for what is surely not production, such as dev, test or staging: $listed may be."
fi

wait_seconds=0
if [ -n "$wait" ]; then
  wait_seconds=$(printf '%s\n' "$wait" | awk '/^([0-9]+h)?([0-9]+m)?([0-9]+s)?$/ {
    rest = $0; sum = 0
    while (match(rest, /^[0-9]+[hms]/)) {
      unit = substr(rest, RLENGTH, 1)
      sum += substr(rest, 1, RLENGTH - 1) * (unit == "h" ? 3600 : unit == "m" ? 60 : 1)
      rest = substr(rest, RLENGTH + 1)
    }
    if (sum > 0 && sum <= 2592000) print sum
  }')
  [ -n "$wait_seconds" ] || usage "--wait: “$wait” is no length of time; say 30m, 2h or 90s."
fi

# What the CI says of itself. A job that is run again keeps its name, and with it its place among those that wait; so no
# attempt is part of it. The legs of a matrix are one job with several places.
run='' who='' page=''
if [ "${GITHUB_ACTIONS:-}" = true ] && [ -n "${GITHUB_RUN_ID:-}" ]; then
  run="${GITHUB_REPOSITORY:-}/run/$GITHUB_RUN_ID/${GITHUB_JOB:-}"
  who=${GITHUB_TRIGGERING_ACTOR:-${GITHUB_ACTOR:-}}
  page="${GITHUB_SERVER_URL:-}/${GITHUB_REPOSITORY:-}/actions/runs/$GITHUB_RUN_ID"
elif [ "${GITLAB_CI:-}" = true ] && [ -n "${CI_PIPELINE_ID:-}" ]; then
  run="${CI_PROJECT_PATH:-}/pipeline/$CI_PIPELINE_ID/${CI_JOB_NAME:-}"
  who=${GITLAB_USER_LOGIN:-}
  page=${CI_JOB_URL:-}
elif [ -n "${BUILD_TAG:-}" ]; then
  run=$BUILD_TAG who=${BUILD_USER_ID:-} page=${BUILD_URL:-}
fi
if [ -z "$key" ] && [ -n "$run" ]; then
  key="$run $listed${rollback:+ rollback}"
  [ ${#key} -le 300 ] || key="$(printf '%s' "$key" | LC_ALL=C cut -c1-150) $(printf '%s' "$key" | cksum | tr ' ' -)"
fi
# Whoever waits is known by a key: without one its place would be lost at each question.
if [ -z "$key" ] && [ -n "$wait" ]; then key="wait/$(random 16 x1)"; fi
[ -n "$actor" ] || actor=$who
if [ -z "$link" ]; then
  case $page in
  *[[:space:]]*) ;;
  http://?* | https://?*) link=$page ;;
  esac
fi

token=${ANDON_TOKEN:-}
[ -n "$token" ] || usage 'ANDON_TOKEN is missing: the gate asks who asks. `andon token create --name ci --scope gate` makes one.'
case $token in *[!A-Za-z0-9_.~+/=-]*) usage 'ANDON_TOKEN is no token: it must be one word.' ;; esac
[ -n "$url" ] || url=${ANDON_URL:-http://localhost:${PORT:-3000}}
url=${url%/}
case $url in
*[[:space:]\"\\?#]*) usage "“$url” is no address of Andon, such as https://andon.example.com." ;;
http://?* | https://?*) ;;
*) usage "“$url” is no address of Andon, such as https://andon.example.com." ;;
esac
command -v curl >/dev/null 2>&1 || {
  tell error 'curl is missing, so Andon cannot be asked and nothing may start.'
  output unreachable ''
  exit 12
}

tmp=$(mktemp -d) || {
  tell error 'There is no place for temporary files, so Andon cannot be asked and nothing may start. TMPDIR names one.'
  exit 12
}
member() { [ -z "$2" ] || printf ',"%s":%s' "$1" "$(json "$2")"; }
{
  printf '{"kind":%s,"targets":[%s]' "$(json "$kind")" \
    "$(printf '%s\n' "$targets" | while IFS= read -r each; do printf '%s,' "$(json "$each")"; done | sed 's/,$//')"
  member title "$title"
  member source "$source"
  member key "$key"
  member artifact "$artifact"
  member previousArtifact "$previous"
  member change "$change"
  member exceptionId "$exception"
  member actor "$actor"
  member url "$link"
  [ -z "$rollback" ] || printf ',"rollback":true'
  [ -z "$drill" ] || printf ',"drill":true'
  printf '}'
} >"$tmp/question"
# The token is in a file: the arguments of a process are read by all.
cat >"$tmp/curl" <<CURL
url = "$url/api/v1/gate"
header = "Authorization: Bearer $token"
header = "Content-Type: application/json"
header = "Accept: text/plain"
data-binary = "@$tmp/question"
output = "$tmp/body"
dump-header = "$tmp/head"
write-out = "%{http_code}"
proto = "=http,https"
connect-timeout = 5
max-time = $answer_within_seconds
max-filesize = $answer_max_bytes
silent
show-error
globoff
CURL

# The last header of this name, of the last answer.
header() {
  awk -v name="$1" '/^HTTP\// { value = "" }
    tolower(substr($0, 1, index($0, ":") - 1)) == name {
      sub(/^[^:]*:[ \t]*/, ""); sub(/[ \t\r]*$/, ""); value = $0
    }
    END { print value }' "$tmp/head"
}

# Asks once. Sets heard (allow, warn, hold, deny, unreachable), saying, retry and id; ends where something must be mended.
# Only an answer whose header and first line say the same decision is Andon's: a page in between says 200 to all.
ask_once() {
  heard=unreachable saying='' retry='' id=''
  : >"$tmp/head"
  : >"$tmp/body"
  # curl before 8.4 looks only at the length that the answer says of itself: no file of it grows larger all the same.
  (
    trap '' XFSZ
    ulimit -f $((answer_max_bytes / 512)) 2>/dev/null
    exec curl -q --config "$tmp/curl" -H "Idempotency-Key: $1" >"$tmp/status" 2>"$tmp/error"
  ) &
  child=$!
  wait "$child"
  code=$?
  child=''
  if [ "$code" -ne 0 ]; then
    saying="Andon at $url cannot be reached ($(sed -n '1s/^curl: //p' "$tmp/error"))"
    return
  fi
  status=$(cat "$tmp/status")
  decision=$(header andon-decision)
  case $status:$decision in
  200:allow | 200:warn | 200:hold | 200:deny)
    if [ "$(sed -n '1s/[[:space:]]*$//p' "$tmp/body")" = "$decision" ]; then
      heard=$decision retry=$(header retry-after)
      saying=$(sed 1d "$tmp/body")
      id=$(header location | sed -n 's|^.*/gate/\([A-Za-z0-9_-]*\)$|\1|p')
      return
    fi
    ;;
  esac
  problem=''
  if grep -q '"type":"urn:andon:problem:' "$tmp/body"; then
    problem=$(sed -n 's/.*"detail":"\(\([^"\\]*\(\\.\)*\)*\)".*/\1/p' "$tmp/body" | sed 's/\\n/ /g; s/\\\(.\)/\1/g')
    case $status in
    429 | 5*) ;;
    *) usage "${problem:-Andon refused the question (status $status).}" ;;
    esac
  fi
  case $status in
  401 | 403)
    usage "What answers at $url refused the token (status $status). ANDON_TOKEN must be one of that Andon, with the scope gate."
    ;;
  esac
  if [ -n "$problem" ]; then saying="Andon at $url failed (status $status: ${problem%.})"
  else saying="What answers at $url is not Andon’s gate (status $status)"; fi
}

nap() {
  sleep "$1" &
  child=$!
  wait "$child"
  child=''
}

# The same request is sent again where no answer came, under the same key, so that it counts once.
ask() {
  request=$(random 16 x1)
  for pause in 1 2 ''; do
    ask_once "$request"
    if [ "$heard" != unreachable ] || [ -z "$pause" ]; then return; fi
    nap "$pause"
  done
}

# Many jobs wait for one freeze: they are not to come all at once. However late Andon says, a freeze may be lifted early.
pause_of() {
  case $retry in
  '' | *[!0-9]*) echo $((poll_seconds * (80 + $(random 1 u1) * 40 / 255) / 100)) ;;
  *)
    [ "$retry" -ge 1 ] || retry=1
    [ "$retry" -le "$poll_max_seconds" ] || retry=$poll_max_seconds
    echo $((retry + retry * $(random 1 u1) / 255 / 5))
    ;;
  esac
}

start=$(date +%s) known='' said_at=$(date +%s)
while :; do
  ask
  case $heard in allow | warn) break ;; esac
  now=$(date +%s)
  left=$((start + wait_seconds - now))
  [ "$left" -gt 0 ] || break
  minutes=$(((left + 59) / 60))
  if [ "$heard $saying" != "$known" ]; then
    known="$heard $saying" said_at=$now
    tell plain "$heard: $saying
Waiting for at most $minutes min more."
  elif [ $((now - said_at)) -ge "$sign_of_life_seconds" ]; then
    said_at=$now
    tell plain "Still waiting, for at most $minutes min more. $heard: $(printf '%s\n' "$saying" | sed 1q)"
  fi
  pause=$(pause_of)
  [ "$pause" -le "$left" ] || pause=$left
  nap "$pause"
done

output "$heard" "$id"
mark=error exit=12 text="$heard: $saying"
case $heard in
allow) mark=plain exit=0 ;;
warn) mark=warning exit=0 ;;
deny) exit=10 ;;
hold) exit=11 ;;
*)
  if [ -n "$fail_open" ]; then
    mark=warning exit=0 text="$saying. $listed is not production, and --fail-open lets it start."
  elif [ -n "$elsewhere" ]; then
    text="$saying, so nothing may start in production. Try again, or ask whoever runs Andon."
  else
    text="$saying, so $listed may not start; --fail-open would let it, for this is not production."
  fi
  ;;
esac
tell "$mark" "$text"
exit "$exit"
