#!/bin/sh
# Checks an export of codelog without codelog: that every file is the one that was exported, that the lines of every
# stream link, and that the end of every stream is the one that was signed. Needs a shell, the core utilities, jq and
# openssl 3.
#
#   sh verify.sh [-k TERMINAL.pub.pem] [FOLDER]
#
# Without -k the keys that lie in the folder are used: they show that the folder is in itself as it was signed, not by
# whom. Compare their SHA-256, printed at the end, with one that you have from elsewhere, or give that key with -k.
# Exit code 0: verified. 1: something is wrong, and it is named. 2: it cannot be checked.

set -u
LC_ALL=C
export LC_ALL

stop() {
    echo "verify.sh: $1" >&2
    exit 2
}

given=
if [ "${1-}" = "-k" ]; then
    given=${2-}
    [ -f "$given" ] || stop "there is no key file ${given:-after -k}"
    given=$(cd "$(dirname "$given")" && pwd)/$(basename "$given")
    shift 2
fi
[ $# -le 1 ] || stop "usage: sh verify.sh [-k TERMINAL.pub.pem] [FOLDER]"
cd "${1:-$(dirname "$0")}" || stop "there is no folder ${1-}"
for tool in awk base64 cut find jq openssl paste sed sha256sum sort split tail wc xargs; do
    command -v "$tool" >/dev/null 2>&1 || stop "$tool is needed and not installed"
done
work=$(mktemp -d) || stop "no temporary folder can be made"
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

failures=0
streams=0
unsigned=0
fail() {
    echo "FAILED  $1"
    failures=$((failures + 1))
}

# The list of files: what it names is as it says, and what is here is named in it.
files() {
    if ! sha256sum --check --strict --quiet SHA256SUMS >"$work/sums" 2>/dev/null; then
        fail "SHA256SUMS: these files are altered or missing, or a line of it is: $(sed 's/: FAILED.*//' "$work/sums" | paste -s -d ' ' -)"
    fi
    { cut -c67- SHA256SUMS; echo SHA256SUMS; } | sort >"$work/listed"
    find . -type f | sed 's|^\./||' | sort >"$work/here"
    added=$(awk 'NR == FNR { listed[$0] = 1; next } !($0 in listed)' "$work/listed" "$work/here" | paste -s -d ' ' -)
    [ -z "$added" ] || fail "SHA256SUMS: these files are not listed in it: $added"
}

# The key with the id $2 of the signer $1, into the file key.
find_key() {
    keys=${given:-$1.pub.pem}
    [ -f "$keys" ] || return 1
    rm -f "$work"/key.*
    awk -v out="$work/key." '/^-----BEGIN PUBLIC KEY-----$/ { n++ } n { print > (out n) }' "$keys"
    for candidate in "$work"/key.*; do
        openssl pkey -pubin -in "$candidate" -outform DER >"$work/der" 2>/dev/null || continue
        id=$({ printf '%s\n\001' "$1"; tail -c 32 "$work/der"; } | sha256sum | cut -c1-8)
        if [ "$id" = "$2" ]; then
            cp "$candidate" "$work/key"
            echo "$1 $id $(sha256sum <"$work/der" | cut -c1-64)" >>"$work/used"
            return 0
        fi
    done
    return 1
}

# The note $1: sets case, terminal, count and head, or says what is wrong with it.
checkpoint() {
    sed '/^$/,$d' "$1" >"$work/body"
    sed '1,/^$/d' "$1" >"$work/signature"
    signer=$(sed -n '1s/^— \([0-9A-Za-z_-]*\) [0-9A-Za-z+/=]*$/\1/p' "$work/signature")
    sed -n '1s/^— [0-9A-Za-z_-]* //p' "$work/signature" | base64 -d >"$work/signed" 2>/dev/null
    if [ -z "$signer" ] || [ "$(wc -l <"$work/signature")" -ne 1 ] || [ "$(wc -c <"$work/signed")" -ne 68 ] ||
        [ "$(sed -n 1p "$work/body")" != "codelog checkpoint 1" ]; then
        fail "$1: this is no signed checkpoint"
        return 1
    fi
    key=$(od -An -tx1 -N4 "$work/signed" | tr -d ' \n')
    tail -c 64 "$work/signed" >"$work/sig"
    if ! find_key "$signer" "$key"; then
        fail "$1: the key $key of $signer is not in ${given:-$signer.pub.pem}"
        return 1
    fi
    if ! openssl pkeyutl -verify -pubin -inkey "$work/key" -rawin -in "$work/body" -sigfile "$work/sig" \
        >/dev/null 2>&1; then
        fail "$1: bad signature"
        return 1
    fi
    case=$(sed -n '2s/^case //p' "$work/body")
    terminal=$(sed -n '3s/^terminal //p' "$work/body")
    count=$(sed -n '4s/^count //p' "$work/body")
    head=$(sed -n '5s/^head //p' "$work/body")
}

# The lines of the file $1: each names its place and the SHA-256 of the line before it, its newline included.
lines() {
    rm -rf "$work/lines"
    mkdir "$work/lines"
    split -a 6 -l 1 -- "$1" "$work/lines/"
    (cd "$work/lines" && find . -type f | sort | xargs -r sha256sum | cut -c1-64) >"$work/hashes"
    jq -rR '(try fromjson catch null)
        | if type == "object" then [.seq, .prev, .case, .terminal] else [] end
        | [.[0:4][] | if type == "number" or type == "string" then tostring else "?" end]
        | if length == 4 then @tsv else "?\t?\t?\t?" end' "$1" >"$work/links"
    cut=no
    [ ! -s "$1" ] || [ "$(tail -c 1 "$1" | od -An -tx1 | tr -d ' \n')" = 0a ] || cut=yes
    paste "$work/hashes" "$work/links" | awk -F '\t' -v case="$case" -v terminal="$terminal" -v count="$count" \
        -v head="$head" -v cut="$cut" '
        function wrong(what) { print what; found = 1; exit }
        NR == 1 {
            prev = sprintf("%064d", 0)
            if (case == "") { case = $4; terminal = $5 }
        }
        $2 == "?" { wrong("line " NR " is not a line of a log") }
        $4 != case || $5 != terminal { wrong("line " NR " belongs to another stream") }
        $2 + 0 > NR { wrong("line " NR " has seq " $2 ": lines are missing before it, or were moved") }
        $2 + 0 < NR || $2 "" != NR "" { wrong("line " NR " has seq " $2 ": it was inserted or moved") }
        $3 != prev && NR == 1 { wrong("line 1 does not begin a stream: its prev is not 64 zeros") }
        $3 != prev { wrong("line " NR " does not link: it or line " NR - 1 " was edited") }
        { prev = $1 }
        END {
            if (found) exit
            if (NR == 0) print "it is empty"
            else if (cut == "yes") print "line " NR " has no newline at its end: it was cut short"
            else if (count != "" && NR < count) print "the tail is cut: " count " lines were signed, and " NR " are here"
            else if (count != "" && NR > count) print "line " count + 1 " was added: " count " lines were signed, and " NR " are here"
            else if (head != "" && prev != head) print "line " NR " does not hash to the head that was signed: it was edited, or the chain was made anew"
        }'
}

: >"$work/used"
[ ! -f SHA256SUMS ] || files
signed=no
for file in *.checkpoint *.pub.pem; do
    [ ! -f "$file" ] || signed=yes
done
for file in *.jsonl; do
    [ -f "$file" ] || continue
    streams=$((streams + 1))
    case='' terminal='' count='' head=''
    if [ -f "${file%.jsonl}.checkpoint" ]; then
        checkpoint "${file%.jsonl}.checkpoint" || continue
    else
        unsigned=$((unsigned + 1))
    fi
    wrong=$(lines "$file")
    if [ -n "$wrong" ]; then
        fail "$file: $wrong"
    elif [ -z "$count" ] && [ "$signed" = yes ]; then
        fail "$file: its checkpoint is missing, and what is in this folder was signed"
    else
        echo "ok      $file"
    fi
done
for file in *.checkpoint; do
    if [ -f "$file" ] && [ ! -f "${file%.checkpoint}.jsonl" ]; then
        fail "${file%.checkpoint}.jsonl: its lines are missing, and its checkpoint is here"
    fi
done
[ "$streams" -gt 0 ] || [ -f SHA256SUMS ] || stop "there is nothing to verify here"

sort -u "$work/used" | while read -r signer id print; do
    echo "key     $id of $signer, SHA-256 $print${given:+ (given with -k)}"
done
[ -f SHA256SUMS ] || echo "note    there is no SHA256SUMS: files other than streams were not checked"
[ "$unsigned" -eq 0 ] || echo "note    $unsigned of $streams streams are not signed: a cut tail, or a chain made anew, would not show"
if [ "$failures" -gt 0 ]; then
    echo "NOT VERIFIED: $failures findings"
    exit 1
fi
echo "VERIFIED: $streams streams"
