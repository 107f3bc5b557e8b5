#!/usr/bin/env bash
# The browser tests need Debian's chromium. As root on Debian it is installed; elsewhere one sentence says what to do.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing chromium for the browser tests …"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null &&
    command -v chromium >/dev/null 2>&1 && exit 0
fi
echo "The browser tests need Chromium: install the package 'chromium' (Debian: apt-get install chromium) and run make test again." >&2
exit 1
