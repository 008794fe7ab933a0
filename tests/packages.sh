#!/usr/bin/env bash
# Debian packages that some tests need: a browser, and a synthesiser that speaks to the recogniser.
# Installs them when allowed; otherwise says what is missing, and those tests are skipped with the reason.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v flite >/dev/null || missing+=(flite)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    printf 'installing %s for the tests\n' "${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    printf 'not installed: %s. Tests that need them are skipped. Install with: sudo apt-get install %s\n' "${missing[*]}" "${missing[*]}"
fi
