#!/bin/sh
# Publishes the command into .build/app: compiled ahead of time (ReadyToRun) where the package for that can be had.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
build=$here/.build
log=$build/build.log

command -v dotnet > /dev/null 2>&1 || {
    echo "faultline: the .NET SDK (dotnet) is not on PATH; install .NET 10 from https://dot.net" >&2
    exit 1
}
mkdir -p "$build" || exit 1

# Two first runs at once build once.
if [ -z "$FAULTLINE_BUILD_LOCKED" ] && command -v flock > /dev/null 2>&1; then
    FAULTLINE_BUILD_LOCKED=1 exec flock -o "$build/lock" "$0" "$@"
fi
touch "$build/stamp.new"
echo "faultline: building (once; about a minute)" >&2
publish() {
    dotnet publish "$here/src/Faultline.Cli/Faultline.Cli.csproj" -c Release -o "$build/app" --nologo -v quiet \
        --use-current-runtime --self-contained false -nodeReuse:false "$@" > "$log" 2>&1
}
publish -p:PublishReadyToRun=true || {
    echo "faultline: no ahead-of-time compilation ($(grep -m 1 -o 'error [^[]*' "$log")); building without, start-up will be slower" >&2
    publish
} || {
    grep -E 'error' "$log" | sort -u | head -n 20 >&2
    echo "faultline: the build failed; the whole log is $log" >&2
    exit 1
}

# The application host knows the usual places of the runtime; anywhere else must be named to it.
rm -f "$build/dotnet-root"
"$build/app/Faultline.Cli" --version > /dev/null 2>&1 || dirname "$(readlink -f "$(command -v dotnet)")" > "$build/dotnet-root"
mv "$build/stamp.new" "$build/stamp"
