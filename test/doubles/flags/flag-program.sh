#!/bin/sh
# A flag system in files for flag targets of type `command`: $1 is a folder with `share`, `revision` and maybe `mood`.
cd "$1" || exit 12
request=$(/bin/cat)
mood=$([ -f mood ] && /bin/cat mood)
case $mood in
  hang) /bin/sleep 60 ;;
  [0-9]*) echo "{\"retryAfterSeconds\": 7, \"token\": \"s3cret\"}"; echo "s3cret" >&2; exit "$mood" ;;
  garbage) echo "connected to flags.example as s3cret"; echo '{"share":0,"revision":"1"}'; exit 0 ;;
  latin) printf '{"share":0,"revision":"\377"}'; exit 0 ;;
esac
field() { echo "$request" | /bin/sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"; }
before=$(/bin/cat share) version=$(/bin/cat revision)
case $(field do) in
  read) echo "{\"share\":$before,\"revision\":\"$version\"}" ;;
  set)
    share=$(field share) guard=$(field revision)
    if [ -f between ]; then /bin/cat between > share; /bin/rm between; version=$((version + 1)); echo "$version" > revision; before=$(/bin/cat share); fi
    [ "$guard" = null ] || [ "$guard" = "$version" ] || exit 10
    if [ "$share" = "$before" ]; then echo "{\"share\":$share,\"revision\":\"$version\",\"changed\":false}"; exit 0; fi
    version=$((version + 1))
    [ "$mood" = lie ] || { echo "$share" > share; echo "$version" > revision; }
    echo "{\"share\":$share,\"revision\":\"$version\",\"changed\":true}" ;;
  *) exit 2 ;;
esac
