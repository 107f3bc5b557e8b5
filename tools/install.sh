#!/bin/sh
# tools/install.sh LOCK: installs the packages of a lock file into .venv, each checked against its hash.
# By uv, which is several times faster: the computer's own, or one that pip fetches into .venv first. Where uv
# cannot do it (an index that only pip's configuration knows, say) or INSTALLER=pip asks for it, by pip.
set -eu
python=.venv/bin/python
[ -x "$python" ] || python=.venv/Scripts/python.exe

by_pip() { "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"; }

by_uv() {
  if command -v uv >/dev/null 2>&1; then uv=uv
  else
    by_pip requirements-uv.lock || return 1
    uv="$python -m uv"
  fi
  $uv pip install --quiet --python "$python" --require-hashes -r "$1"
}

if [ "${INSTALLER:-uv}" != pip ] && by_uv "$1"; then exit 0; fi
[ "${INSTALLER:-uv}" = pip ] || echo "uv could not install $1: trying pip." >&2
by_pip "$1"
